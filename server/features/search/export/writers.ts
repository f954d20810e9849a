// What a page of rows is in a file: a writer asks for what it needs of them and makes the text.
import type { Ctx } from '../../../platform/ctx.ts'
import { csvLine, jsonLine } from '../../../platform/safe-text.ts'
import { resolveHostKeys } from '../../hosts/index.ts'
import { toEventRow } from '../answer/rows.ts'
import { isoOfMicros } from '../answer/times.ts'
import { findPage, type PageOf, type PageRow } from '../store.ts'
import type { Place } from '../compile/order.ts'
import type { Columns } from './columns.ts'
import type { Page } from './pages.ts'
import { openParquet, type ParquetKind } from './parquet.ts'
import { type CellRow, findCells, findRaw, type Placed, type RawRow } from './store-export.ts'

interface Writer<R extends Placed> {
  head: string
  find: (page: PageOf, signal: AbortSignal) => Promise<R[]>
  text: (rows: readonly R[]) => string | Uint8Array | Promise<string>
  end?: () => Uint8Array
}

/** A writer whose rows only it knows. */
export interface AnyWriter {
  head: string
  /** What comes behind the last row. */
  end: (() => Uint8Array) | null
  page: (page: PageOf, signal: AbortSignal) => Promise<Page<Place>>
}

const closed = <R extends Placed>({ head, find, text, end }: Writer<R>): AnyWriter => ({
  head,
  end: end ?? null,
  page: async (of, signal) => {
    const rows = await find(of, signal)
    const last = rows.at(-1)
    return { rows: rows.length, last: last === undefined ? null : { id: last.row_id, values: last.place }, text: await text(rows) }
  },
})

const byteOrderMark = '\ufeff'

export interface CsvOptions {
  bom: boolean
}

/** Several values of a column stand side by side, as everywhere a row has one cell for them. */
export const csvWriter = (ctx: Ctx, columns: Columns, o: CsvOptions): AnyWriter =>
  closed<CellRow>({
    head: `${o.bom ? byteOrderMark : ''}${csvLine(columns.names)}`,
    find: (page, signal) => findCells(ctx.events, page, { typed: columns.typed, own: columns.hasOwn }, signal),
    text: (rows) => rows.map((row) => csvLine(columns.valuesOf(row).map((values) => values.join(', ')))).join(''),
  })

/** A number beyond what a double holds stays text, with all its digits. */
const jsonOf = (values: readonly string[], kind: Columns['kinds'][number] | undefined): unknown => {
  const [one] = values
  if (one === undefined) return null
  if (values.length > 1) return values
  return kind === 'number' && Number.isSafeInteger(Number(one)) ? Number(one) : one
}

export const jsonWriter = (ctx: Ctx, columns: Columns): AnyWriter =>
  closed<CellRow>({
    head: '',
    find: (page, signal) => findCells(ctx.events, page, { typed: columns.typed, own: columns.hasOwn }, signal),
    text: (rows) =>
      rows
        .map((row) => jsonLine(Object.fromEntries(columns.valuesOf(row).map((v, i) => [columns.names[i], jsonOf(v, columns.kinds[i])]))))
        .join(''),
  })

/** Rows as a search answers them. */
export const eventWriter = (ctx: Ctx): AnyWriter =>
  closed<PageRow>({
    head: '',
    find: (page, signal) => findPage(ctx.events, page, signal),
    text: async (rows) => {
      const hostIds = await resolveHostKeys(ctx, [...new Set(rows.map((row) => row.host_key))])
      return rows.map((row) => jsonLine(toEventRow(row, hostIds))).join('')
    },
  })

const orNull = (value: string): string | null => (value === '' ? null : value)

const rawOf = (row: RawRow) => ({
  row_id: row.row_id,
  timestamp: row.at_micros === null ? null : isoOfMicros(BigInt(row.at_micros)),
  host_name: row.host_name,
  artifact: row.artifact_name,
  client_id: orNull(row.client_id),
  flow_id: orNull(row.flow_id),
  hunt_id: orNull(row.hunt_id),
  import_id: row.import_id,
  file: row.file,
  file_sha256: row.file_sha256,
  member: row.member,
  row_number: Number(row.row_number_in_member),
  raw: row.raw,
})
const rawNames = [
  'row_id',
  'timestamp',
  'host_name',
  'artifact',
  'client_id',
  'flow_id',
  'hunt_id',
  'import_id',
  'file',
  'file_sha256',
  'member',
  'row_number',
  'raw',
] as const satisfies readonly (keyof ReturnType<typeof rawOf>)[]

/** The text of each row as it stood in its file, with where that is. */
export const rawWriter = (ctx: Ctx, format: 'csv' | 'jsonl', o: CsvOptions): AnyWriter =>
  closed<RawRow>({
    head: format === 'csv' ? `${o.bom ? byteOrderMark : ''}${csvLine(rawNames)}` : '',
    find: (page, signal) => findRaw(ctx.events, page, signal),
    text: (rows) => {
      const made = rows.map(rawOf)
      if (format === 'jsonl') return made.map(jsonLine).join('')
      return made.map((row) => csvLine(rawNames.map((name) => String(row[name] ?? '')))).join('')
    },
  })

const parquetKinds: Readonly<Record<Columns['kinds'][number], ParquetKind>> = {
  id: 'text',
  text: 'text',
  artifact: 'text',
  original: 'text',
  number: 'number',
  time: 'time',
}

/** The normalised fields with their types; the rows' own columns as they are chosen, or all of them in one column as JSON. */
export const parquetWriter = (ctx: Ctx, columns: Columns, o: { isWhole: boolean; createdBy: string }): AnyWriter => {
  const typed = columns.names.map((name, i) => ({ name, kind: parquetKinds[columns.kinds[i] ?? 'text'] }))
  const file = openParquet(o.isWhole ? [...typed, { name: 'fields', kind: 'text' }] : typed, o.createdBy)
  const joined = (values: readonly string[]): string | null => (values.length === 0 ? null : values.join(', '))
  return closed<CellRow>({
    head: '',
    find: (page, signal) => findCells(ctx.events, page, { typed: columns.typed, own: columns.hasOwn || o.isWhole }, signal),
    text: (rows) => file.group(rows.map((row) => [...columns.storedOf(row).map(joined), ...(o.isWhole ? [JSON.stringify(row.own)] : [])])),
    end: file.end,
  })
}
