import type { detectionContext as contextRoute, detectionRows as rowsRoute } from '../../../../../shared/contract/detect/detections.ts'
import type { Parsed, Reply } from '../../../../../shared/contract/route.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { isoOfMicros, microsOfIso } from '../../../../platform/iso-time.ts'
import { eventsAt } from '../../../search/index.ts'
import { matchedRows } from '../fold/store-matches.ts'
import { wholeDetection } from './parts.ts'
import { detectionsNear, shownDetection } from './store.ts'
import { around } from './store-rows.ts'

type Row = Reply<typeof rowsRoute>[number]

/** Stored as JSON text; whatever else it is, it is shown as text. */
const detailOf = (text: string): Record<string, unknown> => {
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // not JSON: as it is
  }
  return { text }
}

export const detectionRows = async (
  ctx: Ctx,
  id: string,
  query: Parsed<typeof rowsRoute>['query'],
): Promise<{ items: Row[]; total: number }> => {
  const { parts, silences } = await wholeDetection(ctx, id)
  const asked = { parts, silences, is_silenced: query.silenced, skip: query.skip, limit: query.limit, signal: ctx.signal }
  const { rows, total } = await matchedRows(ctx.events, asked)
  const events = await eventsAt(
    ctx,
    rows.map((row) => ({ id: row.row_id, main_micros: row.main_micros })),
    ctx.signal,
  )
  const items = rows.flatMap((row) => {
    const found = events.get(row.row_id)
    return found === undefined ? [] : [{ ...found.event, detail: detailOf(row.detail), matched_at: row.matched_at }]
  })
  return { items, total }
}

/** To each side. */
const contextMicros = 30n * 60n * 1_000_000n

type Context = Reply<typeof contextRoute>
const noContext: Context = { from: null, to: null, host_id: null, rows: 0, by_artifact: [], nearest: [], detections: [] }

export const detectionContext = async (ctx: Ctx, id: string, at: string | undefined): Promise<Context> => {
  const { row, parts } = await wholeDetection(ctx, id)
  const middle = at ?? row.first_at
  const [own] = parts
  if (middle === null || own === undefined || row.host_key === '') return noContext
  const micros = microsOfIso(middle)
  const [from, to] = [micros - contextMicros, micros + contextMicros]
  const found = await around(ctx.events, { host_keys: own.host_keys, parts, micros, from, to, signal: ctx.signal })
  const events = await eventsAt(ctx, found.nearest, ctx.signal)
  const near =
    row.host_id === null
      ? []
      : await detectionsNear(ctx.db, { id, host_id: row.host_id, from: isoOfMicros(from), to: isoOfMicros(to), gapMs: 0, limit: 100 })
  return {
    from: isoOfMicros(from),
    to: isoOfMicros(to),
    host_id: row.host_id,
    rows: found.rows,
    by_artifact: found.by_artifact,
    nearest: found.nearest.flatMap((key) => events.get(key.id)?.event ?? []),
    detections: near
      .map(shownDetection)
      .map(({ id: of, title, severity, status, first_at }) => ({ id: of, title, severity, status, first_at })),
  }
}
