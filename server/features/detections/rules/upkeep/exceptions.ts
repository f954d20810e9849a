import type * as contract from '../../../../../shared/contract/detect/rule-upkeep.ts'
import type { RuleException } from '../../../../../shared/contract/detect/rule-upkeep.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { invalid, isAppError, notFound } from '../../../../platform/errors.ts'
import { iso } from '../../../../platform/iso-time.ts'
import { recordAudit } from '../../../audit/index.ts'
import { foldMatches } from '../../triage/fold/fold.ts'
import { conditionOf } from './exceptions-for.ts'
import {
  countSilenced,
  type ExceptionFields,
  exceptionRows,
  hasSubject,
  type ExceptionRow,
  insertException,
  noteCounted,
  removeException,
  subjectsWithDetections,
  updateException,
} from './store-exceptions.ts'

/** A count older than this is made anew when somebody looks. */
const freshMs = 10 * 60_000
const mostCounted = 20

const stateOf = async (ctx: Ctx, row: ExceptionRow): Promise<RuleException['state']> => {
  if (row.expires_at !== null && row.expires_at <= ctx.now()) return 'expired'
  try {
    await conditionOf(ctx, row.query)
    return 'holds'
  } catch (error) {
    if (isAppError(error) && error.code === 'syntax') return 'unreadable'
    throw error
  }
}

const shown = async (ctx: Ctx, row: ExceptionRow): Promise<RuleException> => ({
  ...row,
  owner: row.owner_name,
  expires_at: iso(row.expires_at),
  state: await stateOf(ctx, row),
  counted_at: iso(row.counted_at),
  created_at: iso(row.created_at),
  changed_by: row.changed_by_name,
  changed_at: iso(row.changed_at),
})

const found = async (ctx: Ctx, id: string): Promise<ExceptionRow> => {
  const [row] = await exceptionRows(ctx.db, { id })
  if (row === undefined) throw notFound('exception')
  return row
}

const count = async (ctx: Ctx, row: ExceptionRow): Promise<void> => {
  const condition = await conditionOf(ctx, row.query)
  await noteCounted(ctx.db, row.id, { rows: await countSilenced(ctx.events, { ...row, condition }, ctx.signal), at: ctx.now() })
}

export const listExceptions = async (ctx: Ctx, subjectId?: string): Promise<Reply<typeof contract.listExceptions>> => {
  const rows = await exceptionRows(ctx.db, { subject_id: subjectId })
  const stale = rows.filter((row) => row.counted_at === null || ctx.now().getTime() - row.counted_at.getTime() > freshMs)
  for (const row of stale.slice(0, mostCounted)) if ((await stateOf(ctx, row)) === 'holds') await count(ctx, row)
  const after = stale.length === 0 ? rows : await exceptionRows(ctx.db, { subject_id: subjectId })
  const exceptions = await Promise.all(after.map((row) => shown(ctx, row)))
  return { exceptions, expired: exceptions.filter((one) => one.state === 'expired').length }
}

type Subject = Pick<ExceptionFields, 'subject_kind' | 'subject_id'>

/** What an exception is for is worth something else now: its detections are made anew. */
const foldAnew = async (ctx: Ctx, subjects: readonly Subject[]): Promise<void> => {
  const isForAll = subjects.some((one) => one.subject_kind === null)
  const named = subjects.flatMap(({ subject_kind: kind, subject_id }) =>
    kind === null || subject_id === null ? [] : [{ kind, subject_id }],
  )
  await foldMatches(ctx, isForAll ? await subjectsWithDetections(ctx.db) : named)
}

const check = async (ctx: Ctx, fields: ExceptionFields, before: ExceptionRow | null): Promise<void> => {
  if ((fields.subject_kind === null) !== (fields.subject_id === null))
    throw invalid('subject_id', 'What is silenced has a kind and an id, or neither: then it is everything.')
  const { subject_kind: kind, subject_id } = fields
  if (kind !== null && subject_id !== null && subject_id !== before?.subject_id && !(await hasSubject(ctx.db, { kind, subject_id })))
    throw notFound(kind === 'indicator' ? 'indicator' : 'rule')
  if (fields.expires_at !== null && new Date(fields.expires_at) <= ctx.now()) throw invalid('expires_at', 'This time has passed.')
  await conditionOf(ctx, fields.query)
}

const facts = (fields: ExceptionFields): Record<string, unknown> => {
  const { subject_kind, subject_id, query, reason, expires_at } = fields
  return { subject_kind, subject_id, query: query.slice(0, 500), reason: reason.slice(0, 500), expires_at }
}

/** After the act is committed: what it silences is counted, and the detections follow. */
const settle = async (ctx: Ctx, id: string | null, subjects: readonly Subject[]): Promise<void> => {
  await foldAnew(ctx, subjects)
  if (id !== null) await count(ctx, await found(ctx, id))
}

export const createException = async (ctx: Ctx, fields: ExceptionFields): Promise<RuleException> => {
  await check(ctx, fields, null)
  const id = await ctx.inTx(async (tx) => {
    const owner = { id: tx.actor.user_id, name: tx.actor.username }
    const made = await insertException(tx.db, { fields, owner, at: tx.now() })
    await recordAudit(tx, { action: 'exception.create', object_type: 'rule_exception', object_id: made, details: facts(fields) })
    return made
  })
  await settle(ctx, id, [fields])
  return shown(ctx, await found(ctx, id))
}

export const changeException = async (ctx: Ctx, id: string, fields: ExceptionFields): Promise<RuleException> => {
  const before = await found(ctx, id)
  await check(ctx, fields, before)
  await ctx.inTx(async (tx) => {
    await updateException(tx.db, id, { fields, by: tx.actor.username, at: tx.now() })
    await recordAudit(tx, { action: 'exception.change', object_type: 'rule_exception', object_id: id, details: facts(fields) })
  })
  await settle(ctx, id, [before, fields])
  return shown(ctx, await found(ctx, id))
}

export const deleteException = async (ctx: Ctx, id: string): Promise<null> => {
  const before = await found(ctx, id)
  await ctx.inTx(async (tx) => {
    await removeException(tx.db, id)
    const details = facts({ ...before, expires_at: iso(before.expires_at) })
    await recordAudit(tx, { action: 'exception.delete', object_type: 'rule_exception', object_id: id, details })
  })
  await settle(ctx, null, [before])
  return null
}
