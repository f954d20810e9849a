import type { mergeDetections as mergeRoute, splitDetection as splitRoute } from '../../../../../shared/contract/detect/detections.ts'
import type { Parsed, Reply } from '../../../../../shared/contract/route.ts'
import type { DetectionKind } from '../../../../../shared/domain/detections.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { conflict, invalid, notFound } from '../../../../platform/errors.ts'
import { newId } from '../../../../platform/ids.ts'
import { microsOfIso } from '../../../../platform/iso-time.ts'
import { recordAudit } from '../../../audit/index.ts'
import { foldMatches } from '../fold/fold.ts'
import { byOf, hold, sayings } from './hold.ts'
import { childrenOf, divideSpan, type Held, insertCut, rowsOf, type Step, writeSteps } from './store.ts'
import { namedInAudit } from './triage.ts'

type Acted = Reply<typeof mergeRoute>

const shown = (held: readonly Held[], versions: ReadonlyMap<string, number>): Acted['detections'] =>
  held.map((one) => ({ id: one.id, version: versions.get(one.id) ?? one.version, status: one.status }))

/** What is merged into one of them already goes along. */
const stepsInto = async (tx: Ctx, into: Held, others: readonly Held[]): Promise<Step[]> => {
  const children = await childrenOf(
    tx.db,
    others.map((one) => one.id),
  )
  const held = await hold(tx, children)
  return [...others, ...held.values()].map((one) => ({
    id: one.id,
    said: { ...sayings(one), merged_into: into.id },
    facts: { into: into.id, title: into.title },
    before: { ...sayings(one) },
  }))
}

export const mergeDetections = (ctx: Ctx, body: Parsed<typeof mergeRoute>['body']): Promise<Acted> =>
  ctx.inTx(async (tx) => {
    const held = await hold(tx, [body.into, ...body.detections])
    const into = held.get(body.into.id)
    if (into === undefined) throw notFound('detection')
    if (into.merged_into !== null) throw conflict('It is merged into another one itself. Merge into that one.')
    const others = [...held.values()].filter((one) => one.id !== into.id && one.merged_into !== into.id)
    if (others.length === 0) throw invalid('detections', 'Name a detection that is not merged into it already.')
    const steps = await stepsInto(tx, into, others)
    const own: Step = {
      id: into.id,
      said: sayings(into),
      facts: { merged: steps.length, titles: others.slice(0, 20).map((one) => one.title) },
      before: { ...sayings(into) },
    }
    const act_id = newId()
    const versions = await writeSteps(tx.db, { act_id, what: 'merge', by: byOf(tx), at: tx.now() }, [own, ...steps])
    const details = { into: into.id, merged: steps.length, detection_ids: steps.slice(0, namedInAudit).map((step) => step.id) }
    await recordAudit(tx, { action: 'detection.merge', object_type: 'detection', object_id: into.id, details })
    return { act_id, changed: steps.length + 1, unchanged: held.size - 1 - others.length, detections: shown([...held.values()], versions) }
  })

type SplitBody = Parsed<typeof splitRoute>['body']
type Split = Reply<typeof splitRoute>

const takeOut = async (tx: Ctx, one: Held, child: string): Promise<Split> => {
  const held = (await hold(tx, [{ id: child }])).get(child)
  if (held?.merged_into !== one.id) throw notFound('detection')
  const act_id = newId()
  const own = { id: one.id, said: sayings(one), facts: { taken_out: child, title: held.title }, before: { ...sayings(one) } }
  const out = {
    id: child,
    said: { ...sayings(held), merged_into: null },
    facts: { from: one.id, title: one.title },
    before: { ...sayings(held) },
  }
  const versions = await writeSteps(tx.db, { act_id, what: 'unmerge', by: byOf(tx), at: tx.now() }, [own, out])
  return { act_id, changed: 2, unchanged: 0, detections: shown([one, held], versions), made: child }
}

/** To the millisecond, so that what PostgreSQL and the store compare is the same moment. */
const cutTime = (one: Held, at: string): string => {
  const time = new Date(at).toISOString()
  if (one.span_from === null || one.span_to === null) throw invalid('at', 'The rows of this detection have no time to be divided by.')
  if (microsOfIso(time) <= microsOfIso(one.span_from) || microsOfIso(time) > microsOfIso(one.span_to))
    throw invalid('at', `Name a time after its first row (${one.span_from}) and not after its last one (${one.span_to}).`)
  return time
}

const cutAt = async (tx: Ctx, one: Held, given: string): Promise<Split> => {
  const at = cutTime(one, given)
  const [cut, made, act_id, by] = [newId(), newId(), newId(), byOf(tx)]
  await insertCut(tx.db, { id: cut, of: one, at, by, now: tx.now() })
  await divideSpan(tx.db, { id: one.id, made, at, now: tx.now() })
  await foldMatches(tx, [{ kind: one.kind as DetectionKind, subject_id: one.subject_id }])
  const rows = await rowsOf(tx.db, [one.id, made])
  const facts = { at, made, rows: rows.get(one.id) ?? 0, rows_of_new: rows.get(made) ?? 0 }
  const step: Step = { id: one.id, said: sayings(one), facts, before: { ...sayings(one), cut_id: cut } }
  const versions = await writeSteps(tx.db, { act_id, what: 'split', by, at: tx.now() }, [step])
  return { act_id, changed: 1, unchanged: 0, detections: shown([one], versions), made }
}

export const splitDetection = (ctx: Ctx, id: string, body: SplitBody): Promise<Split> =>
  ctx.inTx(async (tx) => {
    if ((body.at === undefined) === (body.take_out === undefined)) throw invalid('at', 'Name a time, or a merged detection to take out.')
    const one = (await hold(tx, [{ id, version: body.version }])).get(id)
    if (one === undefined) throw notFound('detection')
    const split = body.take_out !== undefined ? await takeOut(tx, one, body.take_out) : await cutAt(tx, one, body.at ?? '')
    const details = { made: split.made, ...(body.at === undefined ? {} : { at: body.at }) }
    await recordAudit(tx, { action: 'detection.split', object_type: 'detection', object_id: id, details })
    return split
  })
