import type { undoAct as undoRoute } from '../../../../../shared/contract/detect/detections.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import type { DetectionKind } from '../../../../../shared/domain/detections.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { conflict, notFound } from '../../../../platform/errors.ts'
import { newId } from '../../../../platform/ids.ts'
import { recordAudit } from '../../../audit/index.ts'
import { foldMatches } from '../fold/fold.ts'
import { byOf } from './hold.ts'
import { entriesOfAct, type Entry, type Held, lockDetections, markUndone, removeCut, type Said, type Step, writeSteps } from './store.ts'
import { namedInAudit } from './triage.ts'

type Undone = Reply<typeof undoRoute>

const saidBefore = (before: Record<string, unknown>): Said => {
  const { status, assignee_id, assignee_name, closed_at, closed_rows, duplicate_of, merged_into } = before as unknown as Said
  return { status, assignee_id, assignee_name, closed_at, closed_rows, duplicate_of, merged_into }
}

/** Those that are as the act left them. */
const undoable = (entries: readonly Entry[], held: ReadonlyMap<string, Held>): { entry: Entry; step: Step }[] =>
  entries.flatMap((entry) => {
    if (entry.before === null || entry.undone_at !== null || held.get(entry.detection_id)?.version !== entry.version) return []
    const facts = { undone: entry.what, of: entry.facts }
    return [{ entry, step: { id: entry.detection_id, said: saidBefore(entry.before), facts, before: null } }]
  })

/** What was divided is one again: the fold finds it so. */
const healCuts = async (tx: Ctx, entries: readonly Entry[], held: ReadonlyMap<string, Held>): Promise<void> => {
  for (const { before, detection_id } of entries) {
    const cut = before?.cut_id
    const one = held.get(detection_id)
    if (typeof cut !== 'string' || one === undefined) continue
    await removeCut(tx.db, cut)
    await foldMatches(tx, [{ kind: one.kind as DetectionKind, subject_id: one.subject_id }])
  }
}

const refuseNothing = (entries: readonly Entry[]): void => {
  if (entries.every((entry) => entry.undone_at !== null)) throw conflict('It was undone already.')
  if (entries.every((entry) => entry.before === null)) throw conflict('This cannot be undone.')
  throw conflict('Somebody did something with all of these detections since. Nothing was undone.')
}

/** @throws AppError not_found, or conflict when nothing of it can be undone */
export const undoAct = (ctx: Ctx, actId: string): Promise<Undone> =>
  ctx.inTx(async (tx) => {
    const entries = await entriesOfAct(tx.db, actId)
    if (entries.length === 0) throw notFound('act')
    const held = await lockDetections(
      tx.db,
      entries.map((entry) => entry.detection_id),
    )
    const undone = undoable(entries, held)
    if (undone.length === 0) refuseNothing(entries)
    const at = tx.now()
    const act_id = newId()
    const versions = await writeSteps(
      tx.db,
      { act_id, what: 'undo', by: byOf(tx), at },
      undone.map((one) => one.step),
    )
    await markUndone(
      tx.db,
      undone.map((one) => one.entry.id),
      at,
    )
    await healCuts(
      tx,
      undone.map((one) => one.entry),
      held,
    )
    const details = {
      act_id: actId,
      undone: undone.length,
      skipped: entries.length - undone.length,
      detection_ids: undone.slice(0, namedInAudit).map((one) => one.step.id),
    }
    await recordAudit(tx, {
      action: 'detection.undo',
      object_type: 'detection',
      object_id: undone.length === 1 ? (undone[0]?.step.id ?? null) : null,
      details,
    })
    return {
      act_id: null,
      changed: undone.length,
      unchanged: 0,
      skipped: entries.length - undone.length,
      detections: undone.map(({ step }) => ({ id: step.id, version: versions.get(step.id) ?? 0, status: step.said.status })),
    }
  })
