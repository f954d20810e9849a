import type { DetectionExplanation, draftException as draftRoute } from '../../../../../shared/contract/detect/detections.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { printName, printValue } from '../../../../../shared/query/print.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { notFound } from '../../../../platform/errors.ts'
import { isMatched, matchedRows } from '../fold/store-matches.ts'
import { explainRow } from '../rule-book.ts'
import { type Whole, wholeDetection } from './parts.ts'
import { rowView } from './store-rows.ts'
import { shownDetection } from './store.ts'

interface Place {
  row_id: string
  main_micros: string
}

/** The row that was asked for, where it is one of the detection; else the first one. */
const rowOf = async (ctx: Ctx, { parts, silences, row }: Whole, rowId: string | undefined): Promise<Place | null> => {
  if (rowId !== undefined) {
    const found = await isMatched(ctx.events, { parts, row_id: rowId, signal: ctx.signal })
    if (found === null) throw notFound('row of this detection')
    return found
  }
  const asked = { parts, silences, is_silenced: row.rows === 0, skip: 0, limit: 1, signal: ctx.signal }
  return (await matchedRows(ctx.events, asked)).rows[0] ?? null
}

const unexplained = (whole: Whole, rowId: string, reason: string): DetectionExplanation => ({
  row_id: rowId,
  held: true,
  reason,
  title: whole.row.title,
  logsource: '',
  condition: '',
  selections: [],
  tree: null,
  values: [],
})

const noRow = '0'.repeat(32)

export const explainDetection = async (ctx: Ctx, id: string, rowId: string | undefined): Promise<DetectionExplanation> => {
  const whole = await wholeDetection(ctx, id)
  const place = await rowOf(ctx, whole, rowId)
  if (place === null) return unexplained(whole, rowId ?? noRow, 'No row of it is stored any more.')
  if (whole.row.kind === 'indicator')
    return unexplained(whole, place.row_id, 'The row holds the value of the indicator; it stands beside the row.')
  const view = await rowView(ctx.events, { id: place.row_id, main_micros: place.main_micros, signal: ctx.signal })
  if (view === null) return unexplained(whole, place.row_id, 'The row is not stored any more.')
  const explained = await explainRow(ctx, whole.row, view)
  if (typeof explained === 'string') return unexplained(whole, place.row_id, explained)
  return { ...explained, reason: null, row_id: place.row_id, title: whole.row.title }
}

type Draft = Reply<typeof draftRoute>

const hostQuery = (name: string): string => `host_name:${printValue(name)}`

/** The longest values are those that a rule was about, and the least likely to silence something else. */
const clausesOf = (explained: DetectionExplanation): Draft['clauses'] => {
  const fields = new Map<string, string>()
  for (const { field, value, value_length } of explained.values)
    if (field !== '' && value !== '' && value_length === value.length && value.length <= 1000 && !fields.has(field))
      fields.set(field, value)
  return [...fields]
    .slice(0, 6)
    .map(([field, value]) => ({ says: `${field} is ${value}`, query: `${printName(field)}:${printValue(value)}` }))
}

export const draftException = async (ctx: Ctx, id: string, rowId: string | undefined): Promise<Draft> => {
  const explained = await explainDetection(ctx, id, rowId)
  const { row } = await wholeDetection(ctx, id)
  const shown = shownDetection(row)
  const host = row.host_id === null ? null : { id: row.host_id, name: shown.host_name, query: hostQuery(shown.host_name) }
  const clauses = clausesOf(explained)
  const all = [...(host === null ? [] : [host.query]), ...clauses.map((one) => one.query)]
  return { subject_kind: row.kind, rule_id: row.subject_id, reason: null, title: row.title, host, clauses, query: all.join(' AND ') }
}
