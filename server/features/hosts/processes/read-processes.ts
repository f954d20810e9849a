import { type HostProcess, longestCommandLine } from '../../../../shared/contract/hunt/host-tabs.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { isoOfMicros } from '../../../platform/iso-time.ts'
import { hostKeys } from '../host-keys.ts'
import { linkProcesses } from './link.ts'
import { mergeProcesses } from './merge.ts'
import type { ProcessNode, ProcessRecord } from './record.ts'
import { countRecords, latestRecords } from './store.ts'

/** Records that are looked at for each process asked for: most have a start, an end or a sighting. */
const recordsEach = 3
/** So many processes are counted; above that the number says that there are more. A server that counts them serves nobody else meanwhile. */
const mostCounted = 5000

const at = (micros: number | null): string | null => (micros === null ? null : isoOfMicros(BigInt(micros)))
const latest = (node: ProcessNode): number => node.start ?? node.end ?? node.last ?? -1

const shown = (node: ProcessNode): HostProcess => ({
  key: node.key,
  pid: node.pid,
  parent_pid: node.parent_pid,
  parent: node.parent?.key ?? null,
  orphan: node.orphan,
  name: node.name,
  executable: node.executable,
  command_line: node.command_line,
  command_line_length: node.command_line_length,
  user: node.user,
  guid: node.guid === '' ? null : node.guid,
  started_at: at(node.start),
  ended_at: at(node.end),
  ended: node.ended,
  first_row_at: at(node.first),
  last_row_at: at(node.last),
  sources: [...node.sources.values()],
})

/** The latest so many, each with all of its ancestors, so that no parent that was collected is missing. */
const chosen = (nodes: readonly ProcessNode[], limit: number): ProcessNode[] => {
  if (nodes.length <= limit) return [...nodes]
  const kept = new Set<ProcessNode>()
  for (const node of nodes.toSorted((a, b) => latest(b) - latest(a))) {
    const way: ProcessNode[] = []
    for (let one: ProcessNode | null = node; one !== null && !kept.has(one); one = one.parent) way.push(one)
    if (kept.size + way.length > limit) break
    for (const one of way) kept.add(one)
  }
  return nodes.filter((node) => kept.has(node))
}

const bySource = (nodes: readonly ProcessNode[]): { source: string; processes: number; rows: number }[] => {
  const sources = new Map<string, { source: string; processes: number; rows: number }>()
  for (const node of nodes)
    for (const { source, rows } of node.sources.values()) {
      const sum = sources.get(source) ?? { source, processes: 0, rows: 0 }
      sources.set(source, { source, processes: sum.processes + 1, rows: sum.rows + rows })
    }
  return [...sources.values()].sort((a, b) => b.processes - a.processes || (a.source < b.source ? -1 : 1))
}

const sumOf = (nodes: readonly ProcessNode[]): number =>
  nodes.reduce((sum, node) => sum + [...node.sources.values()].reduce((rows, s) => rows + s.rows, 0), 0)

const recordsOf = async (
  ctx: Ctx,
  id: string,
  { limit, before }: { limit: number; before: bigint | null },
): Promise<{ records: ProcessRecord[]; total: number }> => {
  const keys = await hostKeys(ctx, id)
  if (keys.length === 0) return { records: [], total: 0 }
  const question = { keys, before_micros: before, limit: recordsEach * limit, longest_command_line: longestCommandLine }
  const records = await latestRecords(ctx.events, question, ctx.signal)
  return { records, total: records.length < recordsEach * limit ? records.length : await countRecords(ctx.events, question, ctx.signal) }
}

/** @throws AppError not_found */
export const readProcesses = async (ctx: Ctx, id: string, o: { limit: number; before: bigint | null }) => {
  const begun = performance.now()
  const { records, total } = await recordsOf(ctx, id, o)
  const all = mergeProcesses(records)
  linkProcesses(all)
  const nodes = chosen(all, o.limit)
  return {
    processes: nodes.map(shown),
    rows: sumOf(nodes),
    records: total,
    records_left_out: total - records.length,
    left_out: all.length - nodes.length,
    orphans: nodes.filter((node) => node.orphan !== null).length,
    sources: bySource(nodes),
    took_ms: Math.round(performance.now() - begun),
  }
}

/** How many processes there are, and whether these are all. @throws AppError not_found */
export const countProcesses = async (ctx: Ctx, id: string): Promise<{ processes: number; isWhole: boolean }> => {
  const { records, total } = await recordsOf(ctx, id, { limit: mostCounted, before: null })
  return { processes: mergeProcesses(records).length, isWhole: total === records.length }
}
