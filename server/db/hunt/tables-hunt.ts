import type { ColumnType, Generated } from 'kysely'
import type { NoticeFacts, NoticeKind, SavedState, SearchParameter } from '../../../shared/domain/hunt.ts'

type At = ColumnType<Date, Date | string, Date | string>
type Made = ColumnType<Date, Date | string | undefined, Date | string>
type AtOrNull = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
/** jsonb is read as a value and written as JSON text. */
type Json<T> = ColumnType<T, string, string>

interface Author {
  created_by: string | null
  created_by_name: string
  created_at: Made
}

export interface AnnotatedRowsTable {
  tenant_id: string
  row_id: string
  artifact: string
  host_name: string
  created_at: Made
}
export interface RowTagsTable extends Author {
  tenant_id: string
  row_id: string
  tag: string
}
export interface RowCommentsTable extends Author {
  tenant_id: string
  id: string
  row_id: string
  body: string
  edited_at: AtOrNull
}
export interface SavedSearchesTable {
  tenant_id: string
  id: string
  name: string
  description: string
  folder: string
  state: Json<SavedState>
  parameters: Json<SearchParameter[]>
  is_shared: boolean
  owner_id: string
  owner_name: string
  created_at: Made
  updated_at: Made
}
export interface SavedSearchRunsTable {
  tenant_id: string
  user_id: string
  search_id: string
  run_at: At
  seen_until: At
}
export interface SearchHistoryTable {
  tenant_id: string
  user_id: string
  id: string
  parent_id: string | null
  state: Json<SavedState>
  state_hash: string
  runs: Generated<number>
  rows_found: number | null
  first_run_at: Made
  last_run_at: Made
}
export interface FieldAliasesTable extends Author {
  tenant_id: string
  name: string
  field: string
}
export interface SearchSchedulesTable {
  tenant_id: string
  id: string
  search_id: string
  owner_id: string
  owner_name: string
  every_minutes: number
  parameter_values: Json<Record<string, string>>
  also_by_mail: boolean
  state: Generated<'active' | 'paused' | 'stopped'>
  stopped_reason: string | null
  next_run_at: At
  last_run_at: AtOrNull
  seen_until: At
  last_total: number | null
  last_new: number | null
  last_took_ms: number | null
  last_error: string | null
  failures: Generated<number>
  created_at: Made
}
export interface NoticesTable {
  tenant_id: string
  user_id: string
  id: string
  kind: NoticeKind
  facts: Json<NoticeFacts>
  created_at: Made
  read_at: AtOrNull
}

/** The groups are in the event store. */
export interface BaselinesTable {
  tenant_id: string
  id: string
  name: string
  fields: string[]
  asked: Json<Record<string, unknown>>
  created_by: string | null
  created_by_name: string
  created_at: Made
}

export interface HuntTables {
  baselines: BaselinesTable
  annotated_rows: AnnotatedRowsTable
  row_tags: RowTagsTable
  row_comments: RowCommentsTable
  saved_searches: SavedSearchesTable
  saved_search_runs: SavedSearchRunsTable
  search_history: SearchHistoryTable
  field_aliases: FieldAliasesTable
  search_schedules: SearchSchedulesTable
  notices: NoticesTable
}
