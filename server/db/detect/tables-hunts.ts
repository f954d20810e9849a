import type { ColumnType } from 'kysely'

type At = ColumnType<Date, Date | string, Date | string>
type Made = ColumnType<Date, Date | string | undefined, Date | string>
type AtOrNull = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>

export interface HuntImportsTable {
  tenant_id: string
  import_id: string
  seq: number
  rows: number
  stored_from: At
  stored_to: At
}

export interface HuntSeenTable {
  tenant_id: string
  rule_id: string
  version: number
  mark: string
  through_seq: number
}

export interface HuntRunsTable {
  tenant_id: string
  id: string
  kind: 'import' | 'history'
  import_id: string | null
  rule_ids: string[] | null
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  rules: number
  rows_seen: number
  rows_total: number
  matches: number
  took_ms: number
  error: string | null
  asked_by: string | null
  asked_by_name: string
  created_at: Made
  started_at: AtOrNull
  finished_at: AtOrNull
}

export interface HuntRunTables {
  hunt_imports: HuntImportsTable
  hunt_seen: HuntSeenTable
  hunt_runs: HuntRunsTable
}
