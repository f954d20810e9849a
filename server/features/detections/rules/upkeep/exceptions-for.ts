// Exceptions as conditions on rows, for whoever makes detections of matches.
import type { Ctx } from '../../../../platform/ctx.ts'
import { isAppError } from '../../../../platform/errors.ts'
import type { Sql } from '../../../../platform/sql.ts'
import { prepare } from '../../../search/index.ts'
import { heldExceptions } from './store-exceptions.ts'

export interface HeldException {
  id: string
  /** Null: it silences rows whatever matched them. */
  subject: { kind: 'rule' | 'correlation' | 'indicator'; subject_id: string } | null
  condition: Sql
}

/** The condition of a query on rows of events. @throws AppError syntax */
export const conditionOf = async (ctx: Ctx, query: string): Promise<Sql> => (await prepare(ctx, { query }, ctx.now().getTime())).rows

/** Those that hold now. One whose query can be read no longer silences nothing, and the list of exceptions says so. */
export const exceptionsFor = async (ctx: Ctx): Promise<readonly HeldException[]> => {
  const held: HeldException[] = []
  for (const { id, subject_kind, subject_id, query } of await heldExceptions(ctx.db, ctx.now())) {
    try {
      const subject = subject_kind === null || subject_id === null ? null : { kind: subject_kind, subject_id }
      held.push({ id, subject, condition: await conditionOf(ctx, query) })
    } catch (error) {
      if (!isAppError(error) || error.code !== 'syntax') throw error
      ctx.log.warn({ exception_id: id, reason: error.message }, 'an exception from rules cannot be read any more')
    }
  }
  return held
}
