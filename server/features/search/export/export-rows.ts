// All rows of a query as a stream. It ends only behind its last row: whatever goes wrong before breaks the connection off.
import { Readable } from 'node:stream'
import type { z } from 'zod'
import { endLineName, type exportSearch } from '../../../../shared/contract/hunt/export.ts'
import type { Permission } from '../../../../shared/domain/permissions.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError, invalid } from '../../../platform/errors.ts'
import { iso } from '../../../platform/iso-time.ts'
import { csvLine, jsonLine } from '../../../platform/safe-text.ts'
import { recordAudit } from '../../audit/index.ts'
import { prepare, type Question } from '../question.ts'
import { type Arranged, arrange } from '../stages/arrange.ts'
import { countKept, countRows } from '../store.ts'
import { chosenColumns, type Columns, everyColumn, readColumns, stagedColumns, typedColumns } from './columns.ts'
import { allPages, type PageSizes } from './pages.ts'
import { type AnyWriter, csvWriter, eventWriter, jsonWriter, parquetWriter, rawWriter } from './writers.ts'

export type ExportBody = z.output<NonNullable<(typeof exportSearch)['body']>>

export interface ExportDeps {
  /** Whether the session of a context that began a while ago, and what it may, are still there. */
  stillMay: (ctx: Ctx, permission: Permission) => Promise<boolean>
}

export interface OpenedExport {
  name: string
  /** Rows that there were when it began. */
  total: number
  stream: Readable
  /** Rows that the file holds so far. */
  written: () => number
}

const recheckMs = 3_000

/** Whoever is signed out or shut out in the middle gets no more of it. */
const guard = (deps: ExportDeps, ctx: Ctx): (() => Promise<void>) => {
  let checkedAt = Date.now()
  return async () => {
    ctx.signal.throwIfAborted()
    if (Date.now() - checkedAt < recheckMs) return
    checkedAt = Date.now()
    if (!(await deps.stillMay(ctx, 'search'))) throw new AppError('forbidden', 'You may not search this tenant any more.')
  }
}

/** Each reads as fast as its reader takes it. */
const most = { ofTenant: 3, inAll: 8 }
const running = new Map<string, number>()

const begin = (tenantId: string): (() => void) => {
  const own = running.get(tenantId) ?? 0
  const all = [...running.values()].reduce((sum, n) => sum + n, 0)
  if (own >= most.ofTenant || all >= most.inAll)
    throw new AppError(
      'limit',
      `${own >= most.ofTenant ? own : all} exports are under way, as many as there may be at once. Wait for one of them.`,
      {
        details: { retry_after_s: 30 },
      },
    )
  running.set(tenantId, own + 1)
  let isOver = false
  return () => {
    if (isOver) return
    isOver = true
    const left = (running.get(tenantId) ?? 1) - 1
    if (left <= 0) running.delete(tenantId)
    else running.set(tenantId, left)
  }
}

/** Those of the request, else those of the query; null for no choice. */
const wantedColumns = async (ctx: Ctx, { fields }: ExportBody, { columns }: Arranged): Promise<Columns | null> => {
  if (fields !== undefined) return readColumns(await chosenColumns(ctx, fields))
  return columns === null ? null : readColumns(stagedColumns(columns))
}

const writerOf = async (ctx: Ctx, body: ExportBody, arranged: Arranged): Promise<AnyWriter> => {
  const { format, shape, bom } = body
  if (shape === 'raw') {
    if (format === 'parquet') throw invalid('shape', 'Parquet holds normalised rows. Take CSV or JSONL for rows as they came.')
    if (body.fields !== undefined)
      throw invalid('fields', 'the raw text of a row has no columns to choose from. Take the shape normalised.')
    return rawWriter(ctx, format, { bom })
  }
  const wanted = await wantedColumns(ctx, body, arranged)
  if (format === 'parquet') {
    const columns = wanted ?? readColumns(await typedColumns(ctx, arranged.rows))
    return parquetWriter(ctx, columns, { isWhole: wanted === null, createdBy: 'velocicompanion' })
  }
  if (format === 'jsonl') return wanted === null ? eventWriter(ctx) : jsonWriter(ctx, wanted)
  return csvWriter(ctx, wanted ?? readColumns(await everyColumn(ctx, arranged.rows)), { bom })
}

const endLine = (format: ExportBody['format'], rows: number): string =>
  format === 'csv' ? csvLine([endLineName, String(rows)]) : jsonLine({ [endLineName]: { rows } })

/** By time the table is read in its order; else each page looks at all rows again, and is larger therefore. */
const sizesOf = ({ order, alike }: Arranged, format: ExportBody['format']): PageSizes => {
  // a page is one group of rows of the file
  if (format === 'parquet') return { wanted: Number.POSITIVE_INFINITY, most: 4_000 }
  const isInOrder = alike === null && order.length === 1 && order[0]?.field.kind === 'time' && order[0].field.name === 'timestamp'
  return isInOrder ? { wanted: 2_000_000, most: 5_000 } : { wanted: 16_000_000, most: 40_000 }
}

const countAll = async (ctx: Ctx, { rows }: Question, { alike }: Arranged): Promise<number> =>
  alike === null ? await countRows(ctx.events, rows, ctx.signal) : (await countKept(ctx.events, rows, alike, ctx.signal)).kept

interface Made {
  ctx: Ctx
  body: ExportBody
  arranged: Arranged
  writer: AnyWriter
  mayGoOn: () => Promise<void>
}

async function* texts(
  { ctx, body, arranged, writer, mayGoOn }: Made,
  count: (rows: number) => number,
): AsyncGenerator<string | Uint8Array> {
  if (writer.head !== '') yield writer.head
  const pages = allPages({
    page: ({ after, limit }) => writer.page({ where: arranged.rows, order: arranged.order, after, limit }, ctx.signal),
    sizes: sizesOf(arranged, body.format),
    mayGoOn,
  })
  for await (const { text, rows } of pages) {
    count(rows)
    yield text
  }
  if (writer.end !== null) yield writer.end()
  if (body.end_line && body.format !== 'parquet') yield endLine(body.format, count(0))
}

const longestQuery = 4000

const actOf = (body: ExportBody, rows: number) => {
  const { query, from, to, import_ids, artifacts, host_ids, sort, format, shape, fields } = body
  const shown = query.length > longestQuery ? { query: query.slice(0, longestQuery), query_characters: query.length } : { query }
  const listed = (list: readonly string[] | undefined): readonly string[] | number | undefined =>
    list === undefined || list.length <= 20 ? list : list.length
  const scope = { from, to, imports: listed(import_ids), artifacts: listed(artifacts), hosts: listed(host_ids) }
  return { rows, ...shown, ...scope, sort, format, shape, columns: listed(fields) }
}

/**
 * That somebody took the rows along, and how many there are, is kept before the first of them goes out.
 * @throws AppError `syntax`, `validation`, `limit`
 */
export const openExport = async (deps: ExportDeps, ctx: Ctx, body: ExportBody): Promise<OpenedExport> => {
  if (body.end_line && body.format === 'parquet') throw invalid('end_line', 'a Parquet file has an end of its own.')
  const end = begin(ctx.tenant.id)
  try {
    const at = ctx.now()
    const question = await prepare(ctx, body, at.getTime())
    const arranged = await arrange(ctx, body.sort, question)
    const [total, writer] = await Promise.all([countAll(ctx, question, arranged), writerOf(ctx, body, arranged)])
    await ctx.inTx((tx) =>
      recordAudit(tx, { action: 'search.export', object_type: 'search', object_id: body.format, details: actOf(body, total) }),
    )
    let written = 0
    const count = (rows: number): number => (written += rows)
    const made = { ctx, body, arranged, writer, mayGoOn: guard(deps, ctx) }
    const stream = Readable.from(texts(made, count), { objectMode: false, highWaterMark: 1 })
    stream.once('close', end)
    stream.on('error', (err) => ctx.log.warn({ err, rows: written }, 'an export broke off'))
    return { name: `rows-${iso(at).slice(0, 10)}.${body.format}`, total, stream, written: () => written }
  } catch (error) {
    end()
    throw error
  }
}
