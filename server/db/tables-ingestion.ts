import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { ContainerKind, ImportState, ImportWarning } from '../../shared/contract/ingestion.ts'

/** Columns with a default that a writer may leave out. */
type Defaulted<T> = Generated<T>
type At = ColumnType<Date, Date | string, Date | string>

export interface ImportsTable {
  tenant_id: string
  id: string
  state: ImportState
  kind: ContainerKind | null
  file_name: string
  file_sha256: string | null
  file_size: Defaulted<number>
  members: Defaulted<number>
  members_ignored: Defaulted<number>
  hostname: string | null
  time_zone: string | null
  artifact: string | null
  sealed_secret: string | null
  attempt: Defaulted<number>
  normaliser_version: number | null
  next_batch: Defaulted<number>
  hosts: Defaulted<number>
  rows_read: Defaulted<number>
  rows_stored: Defaulted<number>
  rows_duplicate: Defaulted<number>
  rows_rejected: Defaulted<number>
  bytes_read: Defaulted<number>
  reading_ms: Defaulted<number>
  time_from: At | null
  time_to: At | null
  warnings: JSONColumnType<ImportWarning[], string | undefined, string>
  error: string | null
  needs: 'password' | 'private_key' | null
  current: string | null
  created_by: string | null
  created_by_name: string | null
  created_at: Defaulted<Date>
  started_at: At | null
  finished_at: At | null
}

export interface ImportArtifactsTable {
  tenant_id: string
  import_id: string
  artifact: string
  rows_read: Defaulted<number>
  rows_stored: Defaulted<number>
  rows_duplicate: Defaulted<number>
  rows_rejected: Defaulted<number>
  hosts: Defaulted<number>
}

export interface ImportRejectsTable {
  tenant_id: string
  import_id: string
  ordinal: number
  member: string
  artifact: string | null
  row_number: number | null
  reason: string
  raw: Buffer
  raw_bytes: number
}

export interface IngestionTables {
  imports: ImportsTable
  import_artifacts: ImportArtifactsTable
  import_rejects: ImportRejectsTable
  import_hosts: { tenant_id: string; import_id: string; host_key: string }
  row_scopes: { tenant_id: string; scope: Buffer; import_id: string; member_index: number }
  field_names: { tenant_id: string; artifact: string; name: string }
}
