import { sql, type Transaction } from 'kysely'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { Tables } from '../../../db/tables.ts'
import { conflict } from '../../../platform/errors.ts'
import { type Granter, permitPlatform } from '../membership/store-memberships.ts'
import { hasAnyPasskey, isAcross } from './asks-passkey.ts'

type Q = Transaction<Tables>

export interface InstallationPolicy {
  requires_passkey: boolean
  people: number
  people_without: number
}

const policyOf = async (q: Q): Promise<InstallationPolicy> => {
  const { requires_passkey } = await q.selectFrom('installation_policy').select('requires_passkey').executeTakeFirstOrThrow()
  const counts = await q
    .selectFrom('users as u')
    .select((e) => [e.fn.countAll<number>().as('people'), e.fn.countAll<number>().filterWhere(hasAnyPasskey).as('people_with')])
    .where('u.is_active', '=', true)
    .where(isAcross)
    .executeTakeFirstOrThrow()
  return { requires_passkey, people: counts.people, people_without: counts.people - counts.people_with }
}

export const readPolicy = (auth: AuthDb): Promise<InstallationPolicy> => inAuth(auth, policyOf)

/** Whether a passkey of the person's own has answered in the session, so that the policy does not shut out who sets it. */
const hasProven = async (q: Q, sessionId: string): Promise<boolean> =>
  (await q
    .selectFrom('sessions as s')
    .innerJoin('users as u', 'u.id', 's.user_id')
    .select('s.id')
    .where('s.id', '=', sessionId)
    .where('s.passkey_at', 'is not', null)
    .where(hasAnyPasskey)
    .executeTakeFirst()) !== undefined

/** @throws AppError forbidden, conflict */
export const writePolicy = (
  auth: AuthDb,
  by: Granter & { session_id: string },
  change: { requires_passkey: boolean },
): Promise<InstallationPolicy> =>
  inAuth(auth, async (q) => {
    await permitPlatform(q, by)
    // Nobody removes the passkey by which they are judged here until it stands.
    await q.selectFrom('users').select('id').where('id', '=', by.user_id).forNoKeyUpdate().execute()
    if (change.requires_passkey && !(await hasProven(q, by.session_id)))
      throw conflict('Use a passkey of your own first, so that this does not shut you out. You add one under Settings, Account.')
    await q.updateTable('installation_policy').set(change).where(sql<boolean>`is_only`).execute()
    return await policyOf(q)
  })
