// Whoever acts has seen a detection in some version: where somebody did something with it since, nothing is done at all, and
// the answer says who did what.
import type { DetectionStatus } from '../../../../../shared/domain/detections.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { AppError, conflict, notFound } from '../../../../platform/errors.ts'
import { iso } from '../../../../platform/iso-time.ts'
import { type Entry, type Held, lastActs, lockDetections, type Said } from './store.ts'

export interface Named {
  id: string
  version?: number | undefined
}

const statusWords: Readonly<Record<DetectionStatus, string>> = {
  new: 'new',
  in_progress: 'in progress',
  true_positive: 'a true positive',
  false_positive: 'a false positive',
  benign: 'benign',
  duplicate: 'a duplicate',
}

const saidOf = (one: Held, last: Entry | undefined): string => {
  const now = `${statusWords[one.status]}${one.assignee_name === null ? '' : `, with ${one.assignee_name}`}`
  const by = last === undefined ? '' : ` (${last.by_name}, ${iso(last.at).slice(0, 16).replace('T', ' ')} UTC)`
  return `“${one.title}” is ${now} now${by}.`
}

const refuseStale = async (tx: Ctx, stale: readonly Held[], asked: number): Promise<void> => {
  const [first] = stale
  if (first === undefined) return
  const last = await lastActs(tx.db, [first.id])
  const many =
    asked === 1 ? 'Somebody changed it meanwhile:' : `${stale.length} of these ${asked} were changed meanwhile; the first of them:`
  throw conflict(`${many} ${saidOf(first, last.get(first.id))} Nothing was done. Look again, then repeat it.`)
}

/** The detections, held for the act. @throws AppError not_found, or conflict when one was changed since it was seen */
export const hold = async (tx: Ctx, named: readonly Named[]): Promise<Map<string, Held>> => {
  const ids = [...new Set(named.map((one) => one.id))]
  const held = await lockDetections(tx.db, ids)
  const missing = ids.length - held.size
  if (missing > 0)
    throw ids.length === 1
      ? notFound('detection')
      : new AppError('not_found', `${missing} of these ${ids.length} detections are not there. Nothing was done.`)
  const stale = named.flatMap(({ id, version }) => {
    const one = held.get(id)
    return one !== undefined && version !== undefined && one.version !== version ? [one] : []
  })
  await refuseStale(tx, stale, ids.length)
  return held
}

export const sayings = (one: Held): Said => {
  const { status, assignee_id, assignee_name, closed_at, closed_rows, duplicate_of, merged_into } = one
  return { status, assignee_id, assignee_name, closed_at, closed_rows, duplicate_of, merged_into }
}

export const byOf = (ctx: Ctx): { id: string | null; name: string } => ({ id: ctx.actor.user_id, name: ctx.actor.username })
