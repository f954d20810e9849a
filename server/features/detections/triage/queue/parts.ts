// Which rows are of a detection: those of its episode, and of what is merged into it.
import type { Ctx } from '../../../../platform/ctx.ts'
import { notFound } from '../../../../platform/errors.ts'
import { keysOfHosts } from '../../../hosts/index.ts'
import { silencesOf } from '../fold/silences.ts'
import type { Part, Silence } from '../fold/store-matches.ts'
import { type ShownRow, detectionById, mergedInto, spansOf } from './store.ts'

export interface Whole {
  row: ShownRow
  merged: ShownRow[]
  parts: Part[]
  silences: Silence[]
}

/** @throws AppError not_found */
export const wholeDetection = async (ctx: Ctx, id: string): Promise<Whole> => {
  const row = await detectionById(ctx.db, id)
  if (row === undefined) throw notFound('detection')
  const merged = row.merged === 0 ? [] : await mergedInto(ctx.db, id)
  const all = [row, ...merged]
  const spans = await spansOf(
    ctx.db,
    all.map((one) => one.id),
  )
  const keys = new Map<string, string[]>()
  for (const hostId of new Set(all.flatMap((one) => one.host_id ?? []))) keys.set(hostId, await keysOfHosts(ctx, [hostId]))
  const parts = all.map((one) => ({
    kind: one.kind,
    subject_id: one.subject_id,
    host_keys: one.host_id === null ? [one.host_key] : (keys.get(one.host_id) ?? [one.host_key]),
    from_micros: spans.get(one.id)?.from_micros ?? null,
    to_micros: spans.get(one.id)?.to_micros ?? null,
    import_id: one.import_id,
  }))
  return { row, merged, parts, silences: await silencesOf(ctx, all) }
}
