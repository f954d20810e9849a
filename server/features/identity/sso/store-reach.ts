import { type AuthDb, inAuth } from '../../../db/auth.ts'

/** Whether what is of the account reaches further than the tenant: another one knows the person, or they run the installation. */
export const reachesBeyond = (auth: AuthDb, userId: string, tenantId: string): Promise<boolean> =>
  inAuth(auth, async (q) => {
    const found = await q
      .selectFrom('users as u')
      .leftJoin('memberships as m', (on) => on.onRef('m.user_id', '=', 'u.id').on('m.tenant_id', '!=', tenantId))
      .select('u.id')
      .where('u.id', '=', userId)
      .where((e) => e.or([e('u.is_platform_admin', '=', true), e('m.tenant_id', 'is not', null)]))
      .limit(1)
      .executeTakeFirst()
    return found !== undefined
  })

/** Whether the last proof of the session is the provider's, which came with it: each that is given here is later. */
export const isProvedByProvider = (auth: AuthDb, sessionId: string, since: Date): Promise<boolean> =>
  inAuth(auth, async (q) => {
    const found = await q
      .selectFrom('sessions')
      .select('id')
      .where('id', '=', sessionId)
      .where('sso_tenant_id', 'is not', null)
      .where('proved_at', '>=', since)
      .whereRef('proved_at', '<=', 'created_at')
      .executeTakeFirst()
    return found !== undefined
  })
