// Rows for tests of the event store, encoded by hand from the table of columns: the product's own encoder is not asked.
import { createHash } from 'node:crypto'
import { type Column, columns, noTimeMicros } from '../../server/events/columns.data.ts'

export type TestValue =
  | string
  | number
  | bigint
  | null
  | readonly string[]
  | readonly bigint[]
  | Readonly<Record<string, readonly string[]>>
export type TestRow = Readonly<Record<string, TestValue>>

const varint = (n: number): Buffer => {
  const bytes: number[] = []
  for (let left = n; ; left = Math.floor(left / 128)) {
    bytes.push(left >= 128 ? (left % 128) + 128 : left)
    if (left < 128) return Buffer.from(bytes)
  }
}
const textBytes = (value: string): Buffer => {
  const bytes = Buffer.from(value, 'utf8')
  return Buffer.concat([varint(bytes.length), bytes])
}
const integer = (value: bigint, sizeBytes: number): Buffer => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64LE(BigInt.asUintN(64, value))
  return buffer.subarray(0, sizeBytes)
}
const sizes: Readonly<Record<string, number>> = { u8: 1, u16: 2, u32: 4, u64: 8, time: 8, ms: 8 }
const uuidBytes = (value: string): Buffer => {
  const hex = Buffer.from(value.replaceAll('-', ''), 'hex')
  return Buffer.concat([Buffer.from(hex.subarray(0, 8)).reverse(), Buffer.from(hex.subarray(8)).reverse()])
}
const defaults: Readonly<Record<string, TestValue>> = { time: BigInt(noTimeMicros), times_names: [], times_at: [], map: {} }

const mapBytes = (map: Readonly<Record<string, readonly string[]>>): Buffer => {
  const entries = Object.entries(map)
  const parts = entries.flatMap(([name, values]) => [textBytes(name), varint(values.length), ...values.map(textBytes)])
  return Buffer.concat([varint(entries.length), ...parts])
}

const valueBytes = (column: Column, value: TestValue): Buffer => {
  const { type } = column
  if (type === 'id') return Buffer.from(String(value), 'hex')
  if (type === 'uuid') return uuidBytes(String(value))
  if (type === 'lc' || type === 'text') return textBytes(String(value ?? ''))
  if (type === 'times_names') return Buffer.concat([varint((value as string[]).length), ...(value as string[]).map(textBytes)])
  if (type === 'times_at') return Buffer.concat([varint((value as bigint[]).length), ...(value as bigint[]).map((v) => integer(v, 8))])
  if (type === 'map') return mapBytes(value as Record<string, string[]>)
  if (!type.startsWith('n_')) return integer(BigInt((value ?? 0) as number), sizes[type] ?? 8)
  if (value === null) return Buffer.from([1])
  return Buffer.concat([Buffer.from([0]), integer(BigInt(value as number), sizes[type.slice(2)] ?? 8)])
}

/** RowBinary of rows; a column that a row does not name is empty. Throws for a name that is no column. */
export const encodeRows = (rows: readonly TestRow[]): Uint8Array => {
  for (const name of new Set(rows.flatMap((row) => Object.keys(row))))
    if (!columns.some((c) => c.name === name)) throw new Error(`no column ${name}`)
  return Buffer.concat(rows.flatMap((row) => columns.map((c) => valueBytes(c, row[c.name] ?? defaults[c.type] ?? null))))
}

export const testImport = '00000000-0000-4000-8000-000000000001'
/** A row with an id and an import, and `text` made of its fields. */
export const testRow = (key: string, row: TestRow): TestRow => ({
  id: createHash('sha256').update(key).digest('hex').slice(0, 32),
  import_id: testImport,
  text: Object.values((row.fields ?? {}) as Record<string, string[]>)
    .flat()
    .filter((v) => v !== '' && v !== '[]' && v !== '{}')
    .join('\n')
    .toLowerCase(),
  ...row,
})
