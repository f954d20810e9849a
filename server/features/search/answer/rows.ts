import type { EventDetail, EventRow } from '../../../../shared/contract/search.ts'
import { ecsColumns } from '../../../events/columns.data.ts'
import { isNumeric } from '../compile/fields.ts'
import { isoOfMicros } from './times.ts'

/** A row as the event store answers it: 64-bit numbers as text, '' for what a text column lacks. */
export interface StoredRow {
  row_id: string
  /** Null where the row has no time. */
  at_micros: string | null
  time_field: string
  artifact: string
  artifact_source: string
  host_key: string
  host_name: string
  client_id: string
  flow_id: string
  hunt_id: string
  import_id: string
  fields: Record<string, string[]>
  /** The values of the normalised columns, in the order of `ecsColumns`. */
  ecs: (string | number | null)[]
}

export interface StoredDetail extends StoredRow {
  time_names: string[]
  time_micros: string[]
  raw: string
  file_name_uploaded: string
  file_sha256: string
  member: string
  number_in_member: string
  normaliser_version: number
  ingested_micros: string
}

const orNull = (value: string): string | null => (value === '' ? null : value)

const ecsOf = (values: StoredRow['ecs']): Record<string, string | number> => {
  const ecs: Record<string, string | number> = {}
  for (const [i, column] of ecsColumns.entries()) {
    const value = values[i]
    if (value === null || value === undefined || value === '') continue
    const number = isNumeric(column.type) ? Number(value) : Number.NaN
    // A number beyond what a double holds stays text, with all its digits.
    ecs[column.name] = Number.isSafeInteger(number) ? number : value
  }
  return ecs
}

export const toEventRow = (row: StoredRow, hostIds: ReadonlyMap<string, string>): EventRow => ({
  id: row.row_id,
  timestamp: row.at_micros === null ? null : isoOfMicros(BigInt(row.at_micros)),
  time_field: orNull(row.time_field),
  artifact: row.artifact,
  artifact_source: orNull(row.artifact_source),
  host_id: hostIds.get(row.host_key) ?? null,
  host_name: row.host_name,
  client_id: orNull(row.client_id),
  flow_id: orNull(row.flow_id),
  hunt_id: orNull(row.hunt_id),
  import_id: row.import_id,
  ecs: ecsOf(row.ecs),
  fields: row.fields,
})

export const toEventDetail = (
  row: StoredDetail,
  hostIds: ReadonlyMap<string, string>,
  around: { also_in: string[]; same_record: { id: string; artifact: string }[] },
): EventDetail => {
  const event = toEventRow(row, hostIds)
  return {
    ...event,
    times: row.time_names.map((field, i) => ({ field, at: isoOfMicros(BigInt(row.time_micros[i] ?? '0')) })),
    raw: row.raw,
    provenance: {
      import_id: event.import_id,
      file: row.file_name_uploaded,
      file_sha256: row.file_sha256,
      member: row.member,
      row_number: Number(row.number_in_member),
      client_id: event.client_id,
      flow_id: event.flow_id,
      hunt_id: event.hunt_id,
      artifact: event.artifact,
      artifact_source: event.artifact_source,
      host_key: row.host_key,
      normaliser_version: row.normaliser_version,
      ingested_at: isoOfMicros(BigInt(row.ingested_micros)),
      also_in: around.also_in,
    },
    same_record: around.same_record,
  }
}
