// All rows of a query as a stream. It ends only behind its last row: whatever goes wrong before breaks the connection off.
import { Readable } from 'node:stream'
import { endLineName } from '../../../../shared/contract/hunt/export.ts'
import type { Permission } from '../../../../shared/domain/permissions.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError, invalid } from '../../../platform/errors.ts'
import { iso } from '../../../platform/iso-time.ts'
import { csvLine, jsonLine } from '../../../platform/safe-text.ts'
import { recordAudit } from '../../audit/index.ts'
import { prepare } from '../question.ts'
import { groupsOf } from './groups.ts'
import { rowsOf } from './rows.ts'
import type { ExportBody, Source } from './source.ts'

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

const endLine = (format: ExportBody['format'], rows: number): string =>
  format === 'csv' ? csvLine([endLineName, String(rows)]) : jsonLine({ [endLineName]: { rows } })

interface Made {
  body: ExportBody
  source: Source
  mayGoOn: () => Promise<void>
}

async function* texts({ body, source, mayGoOn }: Made, count: (rows: number) => number): AsyncGenerator<string | Uint8Array> {
  if (source.head !== '') yield source.head
  for await (const { text, rows } of source.pages(mayGoOn)) {
    count(rows)
    yield text
  }
  if (source.end !== null) yield source.end()
  if (body.end_line && body.format !== 'parquet') yield endLine(body.format, count(0))
}

const longestQuery = 4000

const actOf = (body: ExportBody, rows: number) => {
  const { query, from, to, import_ids, artifacts, host_ids, sort, format, shape, fields, baseline_id, only_new } = body
  const shown = query.length > longestQuery ? { query: query.slice(0, longestQuery), query_characters: query.length } : { query }
  const listed = (list: readonly string[] | undefined): readonly string[] | number | undefined =>
    list === undefined || list.length <= 20 ? list : list.length
  const scope = { from, to, imports: listed(import_ids), artifacts: listed(artifacts), hosts: listed(host_ids) }
  return {
    rows,
    ...shown,
    ...scope,
    sort,
    format,
    shape,
    columns: listed(fields),
    ...(baseline_id === undefined ? {} : { baseline_id, only_new }),
  }
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
    const isStack = question.stages.some((stage) => stage.kind === 'stack')
    const source = await (isStack ? groupsOf(ctx, body, question) : rowsOf(ctx, body, question))
    const { total } = source
    await ctx.inTx((tx) =>
      recordAudit(tx, { action: 'search.export', object_type: 'search', object_id: body.format, details: actOf(body, total) }),
    )
    let written = 0
    const count = (rows: number): number => (written += rows)
    const made = { body, source, mayGoOn: guard(deps, ctx) }
    const stream = Readable.from(texts(made, count), { objectMode: false, highWaterMark: 1 })
    stream.once('close', end)
    stream.on('error', (err) => ctx.log.warn({ err, rows: written }, 'an export broke off'))
    return { name: `${isStack ? 'groups' : 'rows'}-${iso(at).slice(0, 10)}.${body.format}`, total, stream, written: () => written }
  } catch (error) {
    end()
    throw error
  }
}
