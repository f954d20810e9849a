// The groups of a stack as a file.
import type { Ctx } from '../../../platform/ctx.ts'
import { invalid } from '../../../platform/errors.ts'
import { csvLine, jsonLine } from '../../../platform/safe-text.ts'
import { keysOfSameHost } from '../../hosts/index.ts'
import { isoOfMicros } from '../answer/times.ts'
import { fleetOf } from '../prevalence/prevalence.ts'
import type { Question } from '../question.ts'
import { baselineFor } from '../stack/baselines.ts'
import { type GroupPlace, type Key, keyOf, microsOf, readValue } from '../stack/stack-sql.ts'
import { type StackedFields, stackedFields } from '../stack/stacked-fields.ts'
import { firstGroups, type GroupRow, type GroupsAsked, nextGroups, type StackOf } from '../stack/store-stack.ts'
import { allPages, type Page } from './pages.ts'
import { openParquet, type ParquetColumn } from './parquet.ts'
import type { ExportBody, Source } from './source.ts'

/** A page groups all rows again. */
const groupsInPage = 20_000

interface Table {
  names: readonly string[]
  keys: readonly Key[]
  fleet: number
  hasBaseline: boolean
}

interface Group {
  values: (string | null)[]
  first: bigint | null
  last: bigint | null
  row: GroupRow
}

const groupOf = ({ keys }: Table, row: GroupRow): Group => {
  const first = microsOf(row.first)
  return {
    values: keys.map((key, at) => readValue(key, row.place.values[at] ?? '')),
    first,
    last: first === null ? null : BigInt(row.last),
    row,
  }
}

const isoOrNull = (micros: bigint | null): string | null => (micros === null ? null : isoOfMicros(micros))
const shareOf = ({ fleet }: Table, { row }: Group): number => (fleet === 0 ? 0 : row.hosts / fleet)

interface GroupWriter {
  head: string
  text: (groups: readonly Group[]) => string | Uint8Array
  end: (() => Uint8Array) | null
}

const csvGroups = (table: Table, bom: boolean): GroupWriter => ({
  head: `${bom ? '\ufeff' : ''}${csvLine([...table.names, 'rows', 'hosts', 'share', 'first_seen', 'last_seen', ...(table.hasBaseline ? ['is_new'] : [])])}`,
  text: (groups) =>
    groups
      .map((group) => {
        const { rows, hosts, is_new } = group.row
        const told = [rows, hosts, shareOf(table, group), isoOrNull(group.first) ?? '', isoOrNull(group.last) ?? '']
        return csvLine([...group.values.map((value) => value ?? ''), ...told.map(String), ...(table.hasBaseline ? [String(is_new)] : [])])
      })
      .join(''),
  end: null,
})

const jsonGroups = (table: Table): GroupWriter => ({
  head: '',
  text: (groups) =>
    groups
      .map((group) => {
        const { rows, hosts, is_new } = group.row
        const values = Object.fromEntries(table.names.map((name, at) => [name, group.values[at] ?? null]))
        const seen = { first_seen: isoOrNull(group.first), last_seen: isoOrNull(group.last) }
        return jsonLine({ values, rows, hosts, share: shareOf(table, group), ...seen, ...(table.hasBaseline ? { is_new } : {}) })
      })
      .join(''),
  end: null,
})

const parquetGroups = (table: Table): GroupWriter => {
  const columns: ParquetColumn[] = [
    ...table.names.map((name) => ({ name, kind: 'text' as const })),
    { name: 'group_rows', kind: 'number' },
    { name: 'group_hosts', kind: 'number' },
    { name: 'group_first_seen', kind: 'time' },
    { name: 'group_last_seen', kind: 'time' },
    ...(table.hasBaseline ? [{ name: 'group_is_new', kind: 'text' as const }] : []),
  ]
  const file = openParquet(columns, 'velocicompanion')
  const micros = (at: bigint | null): string | null => (at === null ? null : String(at))
  return {
    head: '',
    text: (groups) =>
      file.group(
        groups.map(({ values, first, last, row }) => [
          ...values,
          String(row.rows),
          String(row.hosts),
          micros(first),
          micros(last),
          ...(table.hasBaseline ? [String(row.is_new)] : []),
        ]),
      ),
    end: file.end,
  }
}

const writerOf = (table: Table, { format, bom }: ExportBody): GroupWriter => {
  if (format === 'parquet') return parquetGroups(table)
  return format === 'csv' ? csvGroups(table, bom) : jsonGroups(table)
}

const refuseRows = ({ fields, shape, sort }: ExportBody): void => {
  if (fields !== undefined) throw invalid('fields', 'a stack has the columns that it is made of. Name them behind | stack.')
  if (shape === 'raw') throw invalid('shape', 'a group is no row. Take the stack out of the query to export rows.')
  if (sort !== undefined) throw invalid('sort', 'groups are ordered by | stack ... rare or top.')
}

/** Down to the last group, or as many as the stack says. */
async function* upTo(pages: AsyncIterable<Page<GroupPlace>>, most: number | null): AsyncGenerator<Page<GroupPlace>> {
  let left = most ?? Number.POSITIVE_INFINITY
  for await (const page of pages) {
    yield page
    left -= page.rows
    if (left <= 0) return
  }
}

/** @throws AppError `validation`, `not_found` for a baseline that is not there */
export const groupsOf = async (ctx: Ctx, body: ExportBody, question: Question): Promise<Source> => {
  refuseRows(body)
  const stacked: StackedFields = await stackedFields(ctx, {}, question)
  const [sameHost, fleet, baseline] = await Promise.all([
    keysOfSameHost(ctx),
    fleetOf(ctx),
    body.baseline_id === undefined ? null : baselineFor(ctx, body.baseline_id, stacked.fields),
  ])
  const keys = stacked.fields.map(keyOf)
  const of: StackOf = { where: question.rows, keys, sameHost, baseline }
  const asked: Omit<GroupsAsked, 'limit'> = { order: stacked, having: stacked.having, onlyNew: body.only_new }
  const { sums } = await firstGroups(ctx.events, of, { ...asked, limit: 1 }, ctx.signal)
  const table: Table = { names: stacked.names, keys, fleet, hasBaseline: baseline !== null }
  const writer = writerOf(table, body)
  const most = stacked.most === null ? groupsInPage : Math.min(stacked.most, groupsInPage)
  let given = 0
  const page = async ({ after, limit }: { after: GroupPlace | null; limit: number }): Promise<Page<GroupPlace>> => {
    const rest = stacked.most === null ? limit : Math.min(limit, stacked.most - given)
    const rows = await nextGroups(ctx.events, of, { ...asked, after, skip: 0, limit: rest }, ctx.signal)
    given += rows.length
    return { rows: rows.length, last: rows.at(-1)?.place ?? null, text: writer.text(rows.map((row) => groupOf(table, row))) }
  }
  return {
    total: Math.min(sums.groups, stacked.most ?? sums.groups),
    head: writer.head,
    end: writer.end,
    pages: (mayGoOn) => upTo(allPages({ page, sizes: { wanted: 16_000_000, most }, mayGoOn }), stacked.most),
  }
}
