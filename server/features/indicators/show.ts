import type { Indicator, IndicatorBatch, IndicatorList, IndicatorRun } from '../../../shared/contract/detect/indicator-shapes.ts'
import { iso } from '../../platform/iso-time.ts'
import type { Counts } from './matching/store-values.ts'
import { type IndicatorRow, type ListRow, stateOf } from './store.ts'
import type { BatchRow, RunRow } from './store-lists.ts'

export const shownRun = (row: RunRow): IndicatorRun => ({
  id: row.id,
  why: row.why,
  list_id: row.list_id,
  batch_id: row.batch_id,
  state: row.state,
  step: row.step,
  steps_done: row.steps_done,
  steps: row.steps,
  rows_looked_at: row.rows_looked_at,
  matched_rows: row.matched_rows,
  matched_indicators: row.matched_indicators,
  too_common: row.too_common,
  error: row.error,
  asked_by: row.asked_by_name,
  created_at: iso(row.created_at),
  started_at: iso(row.started_at),
  ended_at: iso(row.ended_at),
})

export const shownBatch = (row: BatchRow, run: RunRow | undefined): IndicatorBatch => ({
  id: row.id,
  list_id: row.list_id,
  format: row.format,
  file_name: row.file_name,
  read: row.read,
  added: row.added,
  known: row.known,
  refused: row.refused,
  refusals: row.refusals,
  notes: row.notes,
  created_by: row.created_by_name,
  created_at: iso(row.created_at),
  run: run === undefined ? null : shownRun(run),
})

export const shownList = (
  row: ListRow,
  matched: { indicators: number; rows: number } | undefined,
  run: RunRow | undefined,
): IndicatorList => ({
  id: row.id,
  name: row.name,
  description: row.description,
  is_allow_list: row.is_allow_list,
  source: row.source,
  tlp: row.tlp,
  indicators: row.indicators,
  expired: row.expired,
  allowed: row.allowed,
  matched_indicators: matched?.indicators ?? 0,
  matched_rows: matched?.rows ?? 0,
  created_by: row.created_by_name,
  created_at: iso(row.created_at),
  last_batch_at: iso(row.last_batch_at),
  run: run === undefined ? null : shownRun(run),
})

export const shownIndicator = (row: IndicatorRow, counts: Counts | undefined, now: Date): Indicator => ({
  id: row.id,
  list_id: row.list_id,
  kind: row.kind,
  value: row.value,
  shown: row.shown,
  source: row.source,
  tlp: row.tlp,
  confidence: row.confidence,
  valid_until: iso(row.valid_until),
  description: row.description,
  state: stateOf(row, now),
  allowed_by: row.allowed_by_name,
  too_common_rows: row.too_common_rows,
  rows: counts?.rows ?? 0,
  hosts: counts?.hosts ?? 0,
  last_at: counts?.last_at ?? null,
  created_at: iso(row.created_at),
})
