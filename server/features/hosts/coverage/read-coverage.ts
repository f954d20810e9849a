import type { CoverageRow } from '../../../../shared/contract/hunt/host-tabs.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { invalid } from '../../../platform/errors.ts'
import { keysOfSameHost } from '../read-hosts.ts'
import type { SameHost } from '../same-host.ts'
import { type HostRow, hostIdsOfKeys, keysOfHostIds, listHosts } from '../store.ts'
import { type CoverageCell, type CoverageColumn, coverageCells, coverageColumns, type Measure, measureHosts } from './store.ts'

export interface CoverageAsk {
  skip: number
  limit: number
  search?: string | undefined
  artifact?: string | undefined
  sort: string
  order: 'asc' | 'desc'
}

const measures: readonly Measure[] = ['rows', 'newest', 'artifacts']

/** host id -> what the list is sorted by; null where that is the name. @throws AppError validation */
const rankOf = async (ctx: Ctx, same: SameHost, { sort, artifact = '' }: CoverageAsk): Promise<Map<string, number> | null> => {
  if (sort === 'hostname') return null
  const one = sort.startsWith('artifact:') ? sort.slice('artifact:'.length) : null
  const measure = one === null ? measures.find((m) => m === sort) : 'newest'
  if (measure === undefined) throw invalid('sort', `${sort} is no order: use hostname, ${measures.join(', ')} or artifact:NAME`)
  const measured = await measureHosts(ctx.events, same, { measure, part: artifact, artifact: one }, ctx.signal)
  const ids = await hostIdsOfKeys(ctx.db, [...measured.keys()])
  return new Map([...measured].flatMap(([key, n]): [string, number][] => (ids.has(key) ? [[ids.get(key) ?? '', n]] : [])))
}

const rowOf = (host: HostRow, cells: readonly CoverageCell[], places: ReadonlyMap<string, number>): CoverageRow => ({
  id: host.id,
  hostname: host.hostname,
  os: host.os,
  rows: cells.reduce((sum, cell) => sum + cell.rows, 0),
  artifacts: cells.length,
  newest_at: cells.length === 0 ? null : new Date(Math.max(...cells.map((cell) => cell.newest_ms))).toISOString(),
  cells: cells
    .map((cell) => ({
      at: places.get(cell.artifact) ?? -1,
      rows: cell.rows,
      newest_at: new Date(cell.newest_ms).toISOString(),
      is_dated: cell.is_dated,
    }))
    // rows that arrived while the columns were counted
    .filter((cell) => cell.at >= 0)
    .sort((a, b) => a.at - b.at),
})

const cellsByHost = async (ctx: Ctx, same: SameHost, ids: readonly string[], part: string): Promise<Map<string, CoverageCell[]>> => {
  const keys = new Map((await keysOfHostIds(ctx.db, ids)).map(({ key, host_id }) => [key, host_id]))
  const cells = new Map<string, CoverageCell[]>(ids.map((id) => [id, []]))
  if (keys.size === 0) return cells
  for (const cell of await coverageCells(ctx.events, same, { keys: [...keys.keys()], part }, ctx.signal))
    cells.get(keys.get(cell.host) ?? '')?.push(cell)
  return cells
}

/** A page of hosts with what each has of every artifact. @throws AppError validation */
export const readCoverage = async (
  ctx: Ctx,
  o: CoverageAsk,
): Promise<{ artifacts: CoverageColumn[]; hosts: CoverageRow[]; total: number; took_ms: number }> => {
  const begun = performance.now()
  const part = o.artifact?.trim() ?? ''
  const same = await keysOfSameHost(ctx)
  const [artifacts, rank] = await Promise.all([coverageColumns(ctx.events, same, part, ctx.signal), rankOf(ctx, same, o)])
  const { items, total } = await listHosts(ctx.db, {
    skip: o.skip,
    limit: o.limit,
    order: o.order,
    ...(o.search === undefined ? {} : { search: o.search }),
    ...(rank === null ? { sort: 'hostname' } : { sort: 'rows', rowsOf: rank }),
  })
  const cells = await cellsByHost(
    ctx,
    same,
    items.map((host) => host.id),
    part,
  )
  const places = new Map(artifacts.map((one, at) => [one.artifact, at]))
  return {
    artifacts,
    hosts: items.map((host) => rowOf(host, cells.get(host.id) ?? [], places)),
    total,
    took_ms: Math.round(performance.now() - begun),
  }
}
