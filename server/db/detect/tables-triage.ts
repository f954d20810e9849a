import type { ColumnType, Generated } from 'kysely'
import type { DetectionFilter, DetectionKind, DetectionStatus, HostWeight, Severity } from '../../../shared/domain/detections.ts'

type At = ColumnType<Date, Date | string, Date | string>
type Made = ColumnType<Date, Date | string | undefined, Date | string>
type AtOrNull = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
/** jsonb is read as a value and written as JSON text. */
type Json<T> = ColumnType<T, string, string>

export interface DetectionsTable {
  tenant_id: string
  id: string
  kind: DetectionKind
  subject_id: string
  subject_version: number
  host_id: string | null
  host_key: string
  title: string
  level: Severity | null
  severity: Severity
  tags: string[]
  techniques: string[]
  tactics: string[]
  span_from: AtOrNull
  span_to: AtOrNull
  import_id: string | null
  first_at: AtOrNull
  last_at: AtOrNull
  rows: number
  silenced_rows: number
  matched_at: At
  status: Generated<DetectionStatus>
  assignee_id: string | null
  assignee_name: string | null
  closed_at: AtOrNull
  closed_rows: number | null
  duplicate_of: string | null
  merged_into: string | null
  version: Generated<number>
  created_at: Made
  updated_at: Made
}
export interface DetectionCutsTable {
  tenant_id: string
  id: string
  kind: DetectionKind
  subject_id: string
  host_id: string | null
  host_key: string
  at: At
  created_by: string | null
  created_by_name: string
  created_at: Made
}
export interface DetectionHistoryTable {
  tenant_id: string
  id: string
  detection_id: string
  act_id: string
  what: string
  facts: Json<Record<string, unknown>>
  before: ColumnType<Record<string, unknown> | null, string | null, string | null>
  version: number
  undone_at: AtOrNull
  by_id: string | null
  by_name: string
  at: Made
}
export interface DetectionCommentsTable {
  tenant_id: string
  id: string
  detection_id: string
  body: string
  created_by: string | null
  created_by_name: string
  created_at: Made
  edited_at: AtOrNull
}
export interface DetectionViewsTable {
  tenant_id: string
  id: string
  name: string
  filter: Json<DetectionFilter>
  is_shared: boolean
  owner_id: string
  owner_name: string
  created_at: Made
}
export interface HostWeightsTable {
  tenant_id: string
  host_id: string
  weight: HostWeight
  reason: string
  set_by: string | null
  set_by_name: string
  set_at: Made
}
export interface AttackObjectsTable {
  tenant_id: string
  kind: 'bundle' | 'technique' | 'group' | 'software'
  attack_id: string
  name: string
  data: Json<Record<string, unknown>>
}

export interface TriageTables {
  detections: DetectionsTable
  detection_cuts: DetectionCutsTable
  detection_history: DetectionHistoryTable
  detection_comments: DetectionCommentsTable
  detection_views: DetectionViewsTable
  host_weights: HostWeightsTable
  attack_objects: AttackObjectsTable
}
