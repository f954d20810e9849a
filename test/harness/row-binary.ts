// A second, slow and plain writer of RowBinary: it must not share code with the one that the product inserts with.
import type { Column } from '../../server/events/columns.data.ts'
import { columns, noTimeMicros } from '../../server/events/columns.data.ts'

export type PlainRow = Readonly<Record<string, unknown>>

const varint = (n: number): Buffer => {
  const bytes: number[] = []
  let rest = n
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}
const text = (value: unknown): Buffer => {
  const bytes = Buffer.from(String(value ?? ''), 'utf8')
  return Buffer.concat([varint(bytes.length), bytes])
}
const integer = (bytes: number, value: unknown): Buffer => {
  const out = Buffer.alloc(8)
  out.writeBigUInt64LE(BigInt.asUintN(64, BigInt((value as number | bigint | undefined) ?? 0)))
  return out.subarray(0, bytes)
}
const optional = (bytes: number, value: unknown): Buffer =>
  value === undefined || value === null ? Buffer.from([1]) : Buffer.concat([Buffer.from([0]), integer(bytes, value)])
const many = <T>(values: readonly T[] | undefined, one: (value: T) => Buffer): Buffer =>
  Buffer.concat([varint(values?.length ?? 0), ...(values ?? []).map(one)])
const uuid = (value: unknown): Buffer => {
  const bytes = Buffer.from(String(value ?? '00000000-0000-0000-0000-000000000000').replaceAll('-', ''), 'hex')
  return Buffer.concat([bytes.subarray(0, 8).reverse(), bytes.subarray(8).reverse()])
}

const writers: Readonly<Record<Column['type'], (value: unknown) => Buffer>> = {
  id: (v) => (v as Buffer | undefined) ?? Buffer.alloc(16),
  uuid,
  lc: text,
  text,
  u8: (v) => integer(1, v),
  u16: (v) => integer(2, v),
  u32: (v) => integer(4, v),
  u64: (v) => integer(8, v),
  n_u16: (v) => optional(2, v),
  n_u32: (v) => optional(4, v),
  n_u64: (v) => optional(8, v),
  time: (v) => integer(8, v ?? noTimeMicros),
  ms: (v) => integer(8, v),
  times_names: (v) => many(v as string[] | undefined, text),
  times_at: (v) => many(v as bigint[] | undefined, (one) => integer(8, one)),
  map: (v) =>
    many(Object.entries((v ?? {}) as Record<string, string[]>), ([key, values]) => Buffer.concat([text(key), many(values, text)])),
}

/** Rows of the events table as one block; a column that a row does not name is empty. */
export const rowBinary = (rows: readonly PlainRow[]): Buffer =>
  Buffer.concat(rows.flatMap((row) => columns.map((column) => writers[column.type](row[column.name]))))
