// One row with every column by name: for tests, for rebuilding rows, and to explain a mapping.
import type { Member, ReadRow } from '../reading.ts'
import { rfc3339 } from './block/block-facts.ts'
import { canonicalRow, fileRowId, flowRowDigest, flowRowId } from './identity/row-identity.ts'
import { ProvenanceReader, type ImportFacts } from './provenance.ts'
import { hexOfBytes, wellFormed } from './block/row-bytes.ts'
import { RowMapper } from './row-mapper.ts'
import { typedColumns } from './typed/typed-row.ts'
import { normaliserVersion } from './version.ts'

export type NormalValue = string | number | null | readonly string[] | ReadonlyMap<string, readonly string[]>
/** Ids in hex, times as RFC 3339 in UTC, null for no time and no number, digits for numbers that a double would lose. */
export type NormalRow = Readonly<Record<string, NormalValue>>

/** As the first occurrence of the row in its scope; the batch is 0. */
export const normaliseRow = (member: Member, facts: ImportFacts, row: ReadRow): NormalRow => {
  const mapper = new RowMapper(facts.time_zone)
  const provenance = new ProvenanceReader(member, facts).of(row.value)
  const keys = Object.keys(row.value)
  mapper.map(provenance, row.value, keys)
  const { flat, typed } = mapper
  const { scope, ...named } = provenance
  const id =
    scope.kind === 'flow' ? flowRowId(flowRowDigest(scope, canonicalRow(row.value, keys, flat.hasExact)), 0) : fileRowId(scope, row.number)
  return {
    id: hexOfBytes(id),
    import_id: facts.import_id,
    batch: 0,
    file_sha256: facts.file_sha256,
    file_name_uploaded: facts.file_name,
    member: member.path,
    row_number: row.number,
    ...named,
    timestamp: rfc3339(flat.mainTime),
    time_field: flat.mainTime?.node.path ?? '',
    time_names: flat.times.map((time) => time.node.path),
    time_values: flat.times.map((time) => rfc3339(time) as string),
    ingested_at: facts.now.toISOString(),
    normaliser_version: normaliserVersion,
    ...Object.fromEntries(typedColumns.map((column, slot) => [column.name, typedValue(typed.values[slot], column.type)])),
    fields: fieldsOf(mapper),
    text: wellFormed(flat.text.toLowerCase()),
    raw: wellFormed(row.raw),
  }
}

const typedValue = (value: string | number | bigint | undefined, type: string): string | number | null => {
  if (value === undefined || value === '') return type.startsWith('n_') ? null : ''
  if (typeof value === 'bigint') return value.toString()
  return typeof value === 'string' ? wellFormed(value) : value
}

const fieldsOf = (mapper: RowMapper): ReadonlyMap<string, readonly string[]> => {
  const { flat } = mapper
  const fields = new Map<string, readonly string[]>()
  for (let i = 0; i < flat.fieldCount; i++) {
    const value = flat.values[i] as string | null
    const values = value === null ? [] : [value, ...(flat.furtherValues[i] ?? [])]
    fields.set(wellFormed(flat.nodes[i]?.path ?? ''), values.map(wellFormed))
  }
  if (flat.rest !== null) fields.set('_rest', [wellFormed(flat.rest)])
  return fields
}
