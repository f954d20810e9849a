import type { ColumnType } from 'kysely'

type Time = ColumnType<Date, Date, Date>
type Once<T> = ColumnType<T, T, never>

interface AuditRowsTable {
  tenant_id: Once<string>
  seq: Once<number>
  at: ColumnType<Date, Date, never>
  actor_kind: Once<'user' | 'system' | 'anonymous'>
  actor_id: Once<string | null>
  actor_name: Once<string>
  action: Once<string>
  object_type: Once<string | null>
  object_id: Once<string | null>
  outcome: Once<'success' | 'denied' | 'failure'>
  address: Once<string | null>
  user_agent: Once<string | null>
  request_id: Once<string>
  /** JSON. */
  details: Once<string>
  prev_hash: Once<string>
  hash: Once<string>
}

interface AuditHeadsTable {
  tenant_id: Once<string>
  seq: number
  hash: string
  checkpoint_seq: number
  checkpoint_at: Time
  key_id: string
  mac: string
}

interface AuditCheckpointsTable {
  tenant_id: Once<string>
  seq: Once<number>
  at: ColumnType<Date, Date, never>
  hash: Once<string>
  key_id: Once<string>
  mac: Once<string>
  /** Null: from before there were signatures. */
  signature: Once<string | null>
}

export interface AuditTables {
  audit_rows: AuditRowsTable
  audit_heads: AuditHeadsTable
  audit_checkpoints: AuditCheckpointsTable
}
