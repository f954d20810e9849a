import { type AuthDb, inAuth } from '../../../db/auth.ts'
import { belongsElsewhere } from '../store-people.ts'

export interface Meant {
  user_id: string
  username: string
  tenant_id: string
}

const mostMeant = 5

/**
 * Whose account a name or address may mean: those who can sign in with a password and have an address. Who belongs to several
 * tenants is left out: an admin of one of them may have given the address, and a link by mail would open the others.
 */
export const findMeant = (auth: AuthDb, name: string): Promise<Meant[]> =>
  inAuth(auth, async (q) => {
    const rows = await q
      .selectFrom('users as u')
      .innerJoin('memberships as m', 'm.user_id', 'u.id')
      .innerJoin('tenants as t', 't.id', 'm.tenant_id')
      .select(['u.id as user_id', 'u.username', 'm.tenant_id'])
      .where((e) =>
        e.or([e(e.fn('lower', ['u.username']), '=', name.toLowerCase()), e(e.fn('lower', ['u.email']), '=', name.toLowerCase())]),
      )
      .where('u.email', 'is not', null)
      .where('u.password_hash', 'is not', null)
      .where('u.is_active', '=', true)
      .where('m.is_active', '=', true)
      .where((e) =>
        e.not(
          e.exists(
            e
              .selectFrom('memberships as o')
              .select('o.tenant_id')
              .whereRef('o.user_id', '=', 'u.id')
              .whereRef('o.tenant_id', '!=', 'm.tenant_id'),
          ),
        ),
      )
      .where('t.state', '=', 'active')
      .orderBy('u.created_at')
      .orderBy('u.id')
      .orderBy('m.created_at')
      .orderBy('m.tenant_id')
      .execute()
    const first = rows.filter((row, at) => rows.findIndex((other) => other.user_id === row.user_id) === at)
    return first.slice(0, mostMeant)
  })

export interface MailedLink {
  token_hash: string
  created_at: Date
  expires_at: Date
}

/**
 * A link that nobody but the mail knows, instead of the one before. Null when one was made after `notSince`, by mail or by an
 * admin: whoever asks again and again must neither fill a mailbox nor void the link that its owner is about to follow. Null, too,
 * for who has joined another tenant since they were found: the lock lets them join before or after, never in between.
 */
export const insertMailedLink = (auth: AuthDb, meant: Meant, link: MailedLink & { notSince: Date }): Promise<Meant | null> =>
  inAuth(auth, async (q) => {
    const { notSince, ...made } = link
    await q.selectFrom('users').select('id').where('id', '=', meant.user_id).forUpdate().execute()
    if (await belongsElsewhere(q, { id: meant.user_id, tenant_id: meant.tenant_id })) return null
    const last = await q
      .selectFrom('password_resets')
      .select('created_at')
      .where('user_id', '=', meant.user_id)
      .where('created_at', '>', notSince)
      .executeTakeFirst()
    if (last !== undefined) return null
    const row = { ...made, tenant_id: meant.tenant_id, created_by: null }
    await q
      .insertInto('password_resets')
      .values({ ...row, user_id: meant.user_id })
      .onConflict((on) => on.column('user_id').doUpdateSet(row))
      .execute()
    return meant
  })
