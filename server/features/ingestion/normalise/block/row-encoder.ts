// A mapped row as RowBinary, from client_id to text.
import { noTimeMicros } from '../../../../events/columns.data.ts'
import type { ReadRow } from '../../reading.ts'
import type { Flattener } from '../fields/flattener.ts'
import type { Provenance } from '../provenance.ts'
import { anyString, asciiString, flatBytes, u16, u32, u64, utf8Bytes, varint } from './row-bytes.ts'
import type { RowMapper } from '../row-mapper.ts'
import { typedColumns, type TypedValue } from '../typed/typed-row.ts'

const noTime = u64(noTimeMicros)
const emptyColumns = typedColumns.map((column) => (column.type.startsWith('n_') ? '\u0001' : '\0')).join('')
/** Bytes of a number after the mark that there is one; 0 for text. */
const widths = typedColumns.map((column) => ({ n_u16: 2, n_u32: 4, n_u64: 8 })[column.type as string] ?? 0)

export class RowEncoder {
  private readonly mapper: RowMapper
  private readonly storedPart: string
  private lastProvenance: Provenance | null = null
  private lastPart = ''

  /** `storedPart`: ingested_at and normaliser_version. */
  constructor(mapper: RowMapper, storedPart: string) {
    this.mapper = mapper
    this.storedPart = storedPart
  }

  encode(provenance: Provenance, row: ReadRow): string {
    if (provenance !== this.lastProvenance) {
      this.lastProvenance = provenance
      this.lastPart = flatBytes(provenancePart(provenance))
    }
    const flat = this.mapper.flat
    const text = flat.text.toLowerCase()
    const string = row.isAscii ? asciiString : anyString
    return (
      this.lastPart +
      timesPart(flat) +
      this.storedPart +
      typedPart(this.mapper.typed.values, string) +
      fieldsPart(flat, string) +
      string(text)
    )
  }
}

const provenancePart = (from: Provenance): string =>
  [from.client_id, from.flow_id, from.hunt_id, from.artifact, from.artifact_source, from.host_key, from.host_name, from.host_os]
    .map(anyString)
    .join('')

const timesPart = (flat: Flattener): string => {
  const main = flat.mainTime
  if (main === null) return `${noTime}\0\0\0`
  const times = flat.times
  let names = ''
  let values = ''
  for (let i = 0; i < times.length; i++) {
    const time = times[i] as (typeof times)[number]
    names += time.node.pathBytes
    values += time.bytes
  }
  const count = varint(times.length)
  return main.bytes + main.node.pathBytes + count + names + count + values
}

/** Most columns of a row are empty: runs of them are cut out of one string. */
const typedPart = (values: readonly TypedValue[], string: (text: string) => string): string => {
  let out = ''
  let from = 0
  for (let slot = 0; slot < values.length; slot++) {
    const value = values[slot] as TypedValue
    if (value === '') continue
    if (from < slot) out += emptyColumns.slice(from, slot)
    out += typeof value === 'string' ? string(value) : `\0${numberBytes(value, widths[slot] as number)}`
    from = slot + 1
  }
  return out + emptyColumns.slice(from)
}

const numberBytes = (value: number | bigint, width: number): string => {
  if (width === 4) return u32(Number(value))
  return width === 2 ? u16(Number(value)) : u64(value)
}

const fieldsPart = (flat: Flattener, string: (text: string) => string): string => {
  const count = flat.fieldCount
  let out = varint(flat.rest === null ? count : count + 1)
  for (let i = 0; i < count; i++) {
    const value = flat.values[i] as string | null
    const node = flat.nodes[i] as Flattener['nodes'][number]
    const further = flat.furtherValues[i] as string[] | null
    if (value === null) out += `${node.pathBytes}\0`
    else if (further === null) out += node.oneValue + string(value)
    else out += node.pathBytes + varint(further.length + 1) + string(value) + further.map(string).join('')
  }
  if (flat.rest !== null) out += `\u0005_rest\u0001${varint(utf8Bytes(flat.rest).length)}${utf8Bytes(flat.rest)}`
  return out
}
