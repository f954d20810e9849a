import type { Transaction } from 'kysely'
import type { Role } from '../../../../shared/domain/permissions.ts'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { Tables } from '../../../db/tables.ts'
import { notFound } from '../../../platform/errors.ts'
import type { RoleRules } from './claims.ts'

type Q = Transaction<Tables>

export interface ProviderRow extends RoleRules {
  tenant_id: string
  is_enabled: boolean
  label: string
  issuer: string
  client_id: string
  /** Sealed. */
  client_secret: string | null
  scopes: string
  groups_claim: string
  default_role: Role | null
  may_link_by_email: boolean
  updated_at: Date
}

export const findProvider = (auth: AuthDb, tenantId: string): Promise<ProviderRow | null> =>
  inAuth(auth, async (q) => (await q.selectFrom('sso_providers').selectAll().where('tenant_id', '=', tenantId).executeTakeFirst()) ?? null)

/** The one that people of an active tenant sign in by, found by the tenant's id or name. */
export const findOpenProvider = (auth: AuthDb, tenant: string): Promise<ProviderRow | null> =>
  inAuth(auth, async (q) => {
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(tenant)
    const found = await q
      .selectFrom('sso_providers as p')
      .innerJoin('tenants as t', 't.id', 'p.tenant_id')
      .selectAll('p')
      .where((e) => (isId ? e('t.id', '=', tenant) : e(e.fn<string>('lower', ['t.name']), '=', tenant.toLowerCase())))
      .where('t.state', '=', 'active')
      .where('p.is_enabled', '=', true)
      .executeTakeFirst()
    return found ?? null
  })

/** Whether anybody signs in by a provider here, and where that is one tenant of one, which. */
export const openProviders = (auth: AuthDb): Promise<{ is_offered: boolean; tenant_id: string | null }> =>
  inAuth(auth, async (q) => {
    const tenants = await q.selectFrom('tenants').select('id').where('state', '=', 'active').limit(2).execute()
    const [open] = await q
      .selectFrom('sso_providers as p')
      .innerJoin('tenants as t', 't.id', 'p.tenant_id')
      .select('p.tenant_id')
      .where('t.state', '=', 'active')
      .where('p.is_enabled', '=', true)
      .limit(1)
      .execute()
    return { is_offered: open !== undefined, tenant_id: open !== undefined && tenants.length === 1 ? open.tenant_id : null }
  })

const dropIdentities = (q: Q, tenantId: string): Promise<unknown> =>
  q.deleteFrom('sso_identities').where('tenant_id', '=', tenantId).execute()

/** Those that the provider of the tenant vouched for. */
const endSessions = async (q: Q, tenantId: string, now: Date): Promise<number> => {
  const ended = q.updateTable('sessions').set({ revoked_at: now }).where('sso_tenant_id', '=', tenantId).where('revoked_at', 'is', null)
  return (await ended.returning('id').execute()).length
}

/** What another provider vouched for, or one that is turned off now, ends. */
export const putProvider = (
  auth: AuthDb,
  row: ProviderRow & { updated_by: string | null },
): Promise<{ saved: ProviderRow; ended_sessions: number }> =>
  inAuth(auth, async (q) => {
    const { tenant_id, ...set } = { ...row, role_map: JSON.stringify(row.role_map) }
    const was = await q
      .selectFrom('sso_providers')
      .select(['issuer', 'client_id'])
      .where('tenant_id', '=', tenant_id)
      .forUpdate()
      .executeTakeFirst()
    await q
      .insertInto('sso_providers')
      .values({ tenant_id, ...set })
      .onConflict((on) => on.column('tenant_id').doUpdateSet(set))
      .execute()
    const isSame = row.is_enabled && was?.issuer === row.issuer && was.client_id === row.client_id
    return { saved: row, ended_sessions: isSame ? 0 : await endSessions(q, tenant_id, row.updated_at) }
  })

/** Ends the sessions that the provider vouched for, too. @throws AppError not_found */
export const dropProvider = (auth: AuthDb, tenantId: string, now: Date): Promise<{ ended_sessions: number }> =>
  inAuth(auth, async (q) => {
    const dropped = await q.deleteFrom('sso_providers').where('tenant_id', '=', tenantId).returning('tenant_id').executeTakeFirst()
    if (dropped === undefined) throw notFound('single sign-on')
    await dropIdentities(q, tenantId)
    return { ended_sessions: await endSessions(q, tenantId, now) }
  })

/** What is sealed, by its tenant. */
export const listSecrets = (auth: AuthDb): Promise<{ owner_id: string; sealed: string }[]> =>
  inAuth(auth, async (q) => {
    const rows = await q.selectFrom('sso_providers').select(['tenant_id', 'client_secret']).where('client_secret', 'is not', null).execute()
    return rows.map((row) => ({ owner_id: row.tenant_id, sealed: row.client_secret ?? '' }))
  })

/** Unless it was changed in the meantime. */
export const replaceSecret = (auth: AuthDb, was: { owner_id: string; sealed: string }, sealed: string): Promise<unknown> =>
  inAuth(auth, (q) =>
    q
      .updateTable('sso_providers')
      .set({ client_secret: sealed })
      .where('tenant_id', '=', was.owner_id)
      .where('client_secret', '=', was.sealed)
      .execute(),
  )
