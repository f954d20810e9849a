import { type ExpressionBuilder, sql, type Transaction } from 'kysely'
import { type AuthDb, followedBy, inAuth } from '../../db/auth.ts'
import type { Tables } from '../../db/tables.ts'
import { newId } from '../../platform/ids.ts'

export type { AuthDb } from '../../db/auth.ts'
type Q = Transaction<Tables>

export const mailChannel = 'mails'

export interface MailRow {
  id: string
  kind: string
  tenant_id: string | null
  user_id: string | null
  /** null: the address that the person has when it is put in; without a person either, somebody asks for a link. */
  to_address: string | null
  facts: Record<string, string>
  expires_at: Date
}

export interface PutOptions {
  now: Date
  /** How many of its kind a person is sent in an hour. */
  mostPerHour: number
  /** Told of each that is not put in, for its person or address was sent as many. */
  onHeldBack: () => void
}

interface Reader {
  email: string | null
  username: string
}

const readerOf = async (q: Q, userId: string): Promise<Reader | undefined> =>
  q.selectFrom('users').select(['email', 'username']).where('id', '=', userId).where('is_active', '=', true).executeTakeFirst()

type Addressed = Pick<MailRow, 'kind' | 'user_id'> & { to_address: string }

/**
 * By person; invitations by address too, for a dozen accounts may have been given the same one. Of other mails an address counts
 * only where there is no person: accounts with an address of somebody else would take that person's notices away.
 */
const isTooOften = async (q: Q, mail: Addressed, { now, mostPerHour, onHeldBack }: PutOptions): Promise<boolean> => {
  const since = new Date(now.getTime() - 3_600_000)
  const { sent } = await q
    .selectFrom('mails')
    .select((e) => e.fn.countAll<number>().as('sent'))
    .where((e) => {
      const isThere = e(e.fn('lower', ['to_address']), '=', mail.to_address.toLowerCase())
      if (mail.user_id === null) return isThere
      const isTheirs = e('user_id', '=', mail.user_id)
      return mail.kind === 'invitation' ? e.or([isThere, isTheirs]) : isTheirs
    })
    .where('kind', '=', mail.kind)
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow()
  if (sent < mostPerHour) return false
  onHeldBack()
  return true
}

/** A person without an address is told nothing, and nobody is told the same thing all the time. */
const put = async (q: Q, mail: MailRow, options: PutOptions): Promise<void> => {
  const reader = mail.user_id === null ? undefined : await readerOf(q, mail.user_id)
  const to_address = mail.to_address ?? reader?.email ?? null
  const isAsk = mail.user_id === null && mail.to_address === null
  if (!isAsk && (to_address === null || (await isTooOften(q, { ...mail, to_address }, options)))) return
  const facts = JSON.stringify(reader === undefined ? mail.facts : { username: reader.username, ...mail.facts })
  await q
    .insertInto('mails')
    .values({ ...mail, to_address, facts, created_at: options.now, run_after: options.now })
    .execute()
  await sql`select pg_notify(${mailChannel}, '')`.execute(q)
}

/** Whether a mail of the kind would be put in for the person now. */
export const wouldPut = (auth: AuthDb, mail: { kind: string; user_id: string }, options: PutOptions): Promise<boolean> =>
  inAuth(auth, async (q) => {
    const to_address = (await readerOf(q, mail.user_id))?.email ?? null
    return to_address !== null && !(await isTooOften(q, { ...mail, to_address }, options))
  })

/** The handle whose next transaction ends by putting in what `mailsOf` makes of its result: both or neither. */
export const mailed = <T>(auth: AuthDb, mailsOf: (result: T) => readonly MailRow[], optionsOf: (mail: MailRow) => PutOptions): AuthDb =>
  followedBy(auth, async (q, result) => {
    for (const mail of mailsOf(result as T)) await put(q, mail, optionsOf(mail))
  })

/** For mail that is all that there is to do. */
export const putAlone = (auth: AuthDb): Promise<void> => inAuth(auth, async () => undefined)

export interface TakenMail extends MailRow {
  created_at: Date
  attempts: number
  lease_token: string
  error: string | null
}

/** The mail that is due first, leased; one whose lease ran out (its process was lost) before the others. */
export const takeMail = (auth: AuthDb, o: { now: Date; leaseMs: number }): Promise<TakenMail | null> =>
  inAuth(auth, async (q) => {
    const due = await q
      .selectFrom('mails')
      .select('id')
      .where((e) =>
        e.or([
          e.and([e('state', '=', 'waiting'), e('run_after', '<=', o.now)]),
          e.and([e('state', '=', 'sending'), e('lease_until', '<', o.now)]),
        ]),
      )
      .orderBy('run_after')
      .orderBy('id')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst()
    if (due === undefined) return null
    const lease = { lease_token: newId(), lease_until: new Date(o.now.getTime() + o.leaseMs) }
    return await q
      .updateTable('mails')
      .set((e) => ({ state: 'sending' as const, attempts: e('attempts', '+', 1), ...lease }))
      .where('id', '=', due.id)
      .returning(['id', 'kind', 'tenant_id', 'user_id', 'to_address', 'facts', 'expires_at', 'created_at', 'attempts', 'error'])
      .executeTakeFirstOrThrow()
      .then((row) => ({ ...row, lease_token: lease.lease_token }))
  })

type Held = Pick<TakenMail, 'id' | 'lease_token'>

const held = (mail: Held) => (e: ExpressionBuilder<Tables, 'mails'>) =>
  e.and([e('id', '=', mail.id), e('lease_token', '=', mail.lease_token)])

/**
 * Noted before the server is spoken to: whoever finds the mark after a crash knows that the mail may have been taken.
 * False when the mail is no longer this process's.
 */
export const beginSending = (auth: AuthDb, mail: Held): Promise<boolean> =>
  inAuth(auth, async (q) => {
    const marked = await q
      .updateTable('mails')
      .set({ is_unsure: true, is_maybe_twice: sql<boolean>`is_maybe_twice or is_unsure` })
      .where(held(mail))
      .returning('id')
      .executeTakeFirst()
    return marked !== undefined
  })

const free = { lease_token: null, lease_until: null }

export const endSent = (auth: AuthDb, mail: Held, now: Date): Promise<unknown> =>
  inAuth(auth, (q) =>
    q
      .updateTable('mails')
      .set({ ...free, state: 'sent', is_unsure: false, finished_at: now, error: null })
      .where(held(mail))
      .execute(),
  )

export interface Failure {
  error: string
  now: Date
  isUnsure: boolean
  /** null: it is given up. */
  retryAt: Date | null
}

export const endFailed = (auth: AuthDb, mail: Held, { error, now, isUnsure, retryAt }: Failure): Promise<unknown> =>
  inAuth(auth, (q) =>
    q
      .updateTable('mails')
      .set({
        ...free,
        error,
        is_unsure: isUnsure,
        // What was to be told is needed no more, and what a stranger typed who asked for a link may be a password.
        ...(retryAt === null ? { state: 'failed', finished_at: now, facts: '{}' } : { state: 'waiting', run_after: retryAt }),
      })
      .where(held(mail))
      .execute(),
  )

/** Not judged at all: what is known of it stays. */
export const putBack = (auth: AuthDb, mail: Held, run_after: Date): Promise<unknown> =>
  inAuth(auth, (q) =>
    q
      .updateTable('mails')
      .set({ ...free, state: 'waiting', run_after })
      .where(held(mail))
      .execute(),
  )

/** It was no mail, or is none any more. */
export const dropMail = (auth: AuthDb, mail: Held): Promise<unknown> =>
  inAuth(auth, (q) => q.deleteFrom('mails').where(held(mail)).execute())

/** For one process alone, at its start: whoever held a mail is gone. How many it concerned. */
export const freeAll = (auth: AuthDb): Promise<number> =>
  inAuth(auth, async (q) => {
    const freed = await q
      .updateTable('mails')
      .set({ ...free, state: 'waiting' })
      .where('state', '=', 'sending')
      .returning('id')
      .execute()
    return freed.length
  })

/** What was sent or given up long ago tells nobody anything and holds addresses. */
export const purgeMails = (auth: AuthDb, before: Date): Promise<unknown> =>
  inAuth(auth, (q) => q.deleteFrom('mails').where('finished_at', '<', before).execute())
