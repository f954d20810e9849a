import type { Logon, PersistenceEntry, Software } from '../../../../shared/contract/hunt/host-tabs.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { isoOfMicros } from '../../../platform/iso-time.ts'
import { hostKeys } from '../host-keys.ts'
import { type GroupRow, queryFor, type TableShape } from './grouped.ts'
import { logons, persistence, software } from './shapes.data.ts'
import { type Kind, kindsOfTable, pageOfTable } from './store.ts'

export interface TableAsk {
  skip: number
  limit: number
  search?: string | undefined
  kind?: string | undefined
  sort?: string | undefined
  order?: 'asc' | 'desc' | undefined
}

interface TableOf<Row, Item> {
  shape: TableShape
  /** Columns of the grouped answer by the names that the contract gives to sorts. */
  sorts: Readonly<Record<string, string>>
  first_sort: string
  item: (row: GroupRow & Row) => Item
}

export interface TableAnswer<Item> {
  items: Item[]
  total: number
  rows: number
  kinds: Kind[]
  took_ms: number
}

const counted = { rows: 'n', first_at: 'first_at', last_at: 'last_at', kind: 'of_kind' } as const
/** What one looks for the greatest of. */
const descending: ReadonlySet<string> = new Set(['rows', 'first_at', 'last_at'])

const timeOf = (micros: string | null): string | null => (micros === null ? null : isoOfMicros(BigInt(micros)))
const behind = (row: GroupRow, query: string) => ({
  rows: Number(row.n),
  row_id: row.row_id,
  query,
  first_at: timeOf(row.first_at),
  last_at: timeOf(row.last_at),
})

const readTable = async <Row, Item>(ctx: Ctx, id: string, of: TableOf<Row, Item>, o: TableAsk): Promise<TableAnswer<Item>> => {
  const begun = performance.now()
  const keys = await hostKeys(ctx, id)
  if (keys.length === 0) return { items: [], total: 0, rows: 0, kinds: [], took_ms: 0 }
  const sort = o.sort ?? of.first_sort
  const query = {
    keys,
    skip: o.skip,
    limit: o.limit,
    search: o.search ?? '',
    kind: o.kind ?? null,
    sort: of.sorts[sort] ?? 'n',
    isDescending: (o.order ?? (descending.has(sort) ? 'desc' : 'asc')) === 'desc',
  }
  const [page, kinds] = await Promise.all([
    pageOfTable<Row>(ctx.events, of.shape, query, ctx.signal),
    kindsOfTable(ctx.events, of.shape, keys, ctx.signal),
  ])
  return { items: page.items.map(of.item), total: page.total, rows: page.rows, kinds, took_ms: Math.round(performance.now() - begun) }
}

interface PersistenceRow {
  of_name: string
  of_program: string
  of_command: string
  of_location: string
  of_user: string
  of_state: string
  signer: string
  trusted: string
  sha256: string
  seen_in: string[]
}
const persistenceTable: TableOf<PersistenceRow, PersistenceEntry> = {
  shape: persistence,
  sorts: { ...counted, name: 'of_name', program: 'of_program', user: 'of_user', signer: 'signer' },
  first_sort: 'name',
  item: (row) => ({
    kind: row.of_kind as PersistenceEntry['kind'],
    name: row.of_name,
    program: row.of_program,
    command_line: row.of_command,
    location: row.of_location,
    user: row.of_user,
    state: row.of_state,
    signer: row.signer,
    is_trusted: row.trusted === '' ? null : row.trusted === 'true',
    sha256: row.sha256,
    artifacts: row.seen_in.toSorted(),
    ...behind(
      row,
      row.of_kind === 'registry'
        ? queryFor([
            ['registry_path', row.of_location],
            ['registry_data', row.of_command],
          ])
        : `event_category:configuration ${queryFor([
            ['service_name', row.of_name],
            ['process_command_line', row.of_command],
            ['registry_path', row.of_location],
          ])}`.trimEnd(),
    ),
  }),
}
export const readPersistence = (ctx: Ctx, id: string, o: TableAsk): Promise<TableAnswer<PersistenceEntry>> =>
  readTable(ctx, id, persistenceTable, o)

interface LogonRow {
  of_code: string
  of_type: string
  of_user: string
  of_domain: string
  of_source: string
  of_workstation: string
}
const logonTable: TableOf<LogonRow, Logon> = {
  shape: logons,
  sorts: { ...counted, user: 'of_user', logon_type: 'of_type', source: 'of_source' },
  first_sort: 'last_at',
  item: (row) => ({
    kind: row.of_kind as Logon['kind'],
    event_code: row.of_code,
    logon_type: row.of_type,
    user: row.of_user,
    domain: row.of_domain,
    source: row.of_source,
    workstation: row.of_workstation,
    ...behind(
      row,
      `event_category:authentication ${queryFor([
        ['event_code', row.of_code],
        ['logon_type', row.of_type],
        ['source_ip', row.of_source],
      ])} ${row.of_user === '' ? '' : `(${queryFor([['user_target_name', row.of_user]])} OR ${queryFor([['user_name', row.of_user]])})`}`.trimEnd(),
    ),
  }),
}
export const readLogons = (ctx: Ctx, id: string, o: TableAsk): Promise<TableAnswer<Logon>> => readTable(ctx, id, logonTable, o)

interface SoftwareRow {
  of_name: string
  of_name_field: string
  of_version: string
  of_publisher: string
  of_location: string
}
const softwareTable: TableOf<SoftwareRow, Software> = {
  shape: software,
  sorts: { ...counted, name: 'of_name', version: 'of_version', publisher: 'of_publisher' },
  first_sort: 'name',
  item: (row) => ({
    kind: row.of_kind,
    name: row.of_name,
    version: row.of_version,
    publisher: row.of_publisher,
    location: row.of_location,
    ...behind(
      row,
      queryFor([
        ['artifact', row.of_kind],
        [row.of_name_field === '' ? 'message' : `raw.${row.of_name_field}`, row.of_name],
      ]),
    ),
  }),
}
export const readSoftware = (ctx: Ctx, id: string, o: TableAsk): Promise<TableAnswer<Software>> => readTable(ctx, id, softwareTable, o)

/** Entries of each table. */
export const countTables = async (
  ctx: Ctx,
  keys: readonly string[],
): Promise<{ persistence: number; logons: number; software: number }> => {
  const entries = async (shape: TableShape): Promise<number> =>
    (await kindsOfTable(ctx.events, shape, keys, ctx.signal)).reduce((sum, kind) => sum + kind.items, 0)
  const [ofPersistence, ofLogons, ofSoftware] = await Promise.all([entries(persistence), entries(logons), entries(software)])
  return { persistence: ofPersistence, logons: ofLogons, software: ofSoftware }
}
