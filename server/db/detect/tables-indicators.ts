import type { ColumnType, Generated } from 'kysely'
import type { IndicatorFormat, IndicatorKind, Refusal, Tlp } from '../../../shared/domain/indicators.ts'

type Made = ColumnType<Date, Date | string | undefined, Date | string>
type AtOrNull = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
/** jsonb is read as a value and written as JSON text. */
type Json<T> = ColumnType<T, string, string>

export interface IndicatorListsTable {
  tenant_id: string
  id: string
  name: string
  description: string
  is_allow_list: boolean
  source: string
  tlp: Tlp
  created_by: string | null
  created_by_name: string
  created_at: Made
}

export interface IndicatorBatchesTable {
  tenant_id: string
  id: string
  list_id: string
  format: IndicatorFormat
  file_name: string
  read: number
  added: number
  known: number
  refused: number
  refusals: Json<Refusal[]>
  notes: Json<string[]>
  created_by: string | null
  created_by_name: string
  created_at: Made
}

export interface IndicatorsTable {
  tenant_id: string
  id: string
  list_id: string
  batch_id: string
  kind: IndicatorKind
  value: string
  shown: string | null
  source: string
  tlp: Tlp
  confidence: number | null
  valid_until: AtOrNull
  description: string
  allowed_by: string | null
  too_common_rows: number | null
  created_at: Made
}

export interface IndicatorRunsTable {
  tenant_id: string
  id: string
  why: 'batch' | 'anew' | 'import'
  list_id: string | null
  batch_id: string | null
  state: Generated<'queued' | 'running' | 'done' | 'failed' | 'cancelled'>
  step: Generated<string>
  steps_done: Generated<number>
  steps: Generated<number>
  rows_looked_at: Generated<number>
  matched_rows: Generated<number>
  matched_indicators: Generated<number>
  too_common: Generated<number>
  error: string | null
  asked_by_name: string
  created_at: Made
  started_at: AtOrNull
  ended_at: AtOrNull
}

export interface IndicatorTables {
  indicator_lists: IndicatorListsTable
  indicator_batches: IndicatorBatchesTable
  indicators: IndicatorsTable
  indicator_runs: IndicatorRunsTable
}
