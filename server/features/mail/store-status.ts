import { type AuthDb, inAuth } from '../../db/auth.ts'

const dayMs = 86_400_000
const mostShown = 20

export interface Counts {
  waiting: number
  sent_last_day: number
  failed_last_week: number
  maybe_twice_last_week: number
}

export const countMails = (auth: AuthDb, now: Date): Promise<Counts> =>
  inAuth(auth, (q) =>
    q
      .selectFrom('mails')
      .select((e) => {
        const since = (days: number) => e('finished_at', '>', new Date(now.getTime() - days * dayMs))
        const number = e.fn.countAll<number>()
        return [
          number.filterWhere('state', 'in', ['waiting', 'sending']).as('waiting'),
          number.filterWhere(e.and([e('state', '=', 'sent'), since(1)])).as('sent_last_day'),
          number.filterWhere(e.and([e('state', '=', 'failed'), since(7)])).as('failed_last_week'),
          number.filterWhere(e.and([e('is_maybe_twice', '=', true), e('state', '=', 'sent'), since(7)])).as('maybe_twice_last_week'),
        ]
      })
      .executeTakeFirstOrThrow(),
  )

export interface TroubledMail {
  id: string
  kind: string
  tenant_name: string | null
  to_address: string | null
  state: 'waiting' | 'sending' | 'sent' | 'failed'
  attempts: number
  created_at: Date
  finished_at: Date | null
  error: string | null
}

/** What was given up and what waits after a try that failed, the newest first. */
export const listTroubled = (auth: AuthDb): Promise<TroubledMail[]> =>
  inAuth(auth, (q) =>
    q
      .selectFrom('mails as m')
      .leftJoin('tenants as t', 't.id', 'm.tenant_id')
      .select([
        'm.id',
        'm.kind',
        't.name as tenant_name',
        'm.to_address',
        'm.state',
        'm.attempts',
        'm.created_at',
        'm.finished_at',
        'm.error',
      ])
      .where('m.error', 'is not', null)
      .orderBy('m.created_at', 'desc')
      .orderBy('m.id')
      .limit(mostShown)
      .execute(),
  )

export const lastTest = (auth: AuthDb, userId: string): Promise<Omit<TroubledMail, 'tenant_name'> | null> =>
  inAuth(auth, async (q) => {
    const row = await q
      .selectFrom('mails')
      .select(['id', 'kind', 'to_address', 'state', 'attempts', 'created_at', 'finished_at', 'error'])
      .where('user_id', '=', userId)
      .where('kind', '=', 'test')
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row ?? null
  })

/** The address of the person themselves. */
export const addressOf = (auth: AuthDb, userId: string): Promise<string | null> =>
  inAuth(auth, async (q) => (await q.selectFrom('users').select('email').where('id', '=', userId).executeTakeFirst())?.email ?? null)
