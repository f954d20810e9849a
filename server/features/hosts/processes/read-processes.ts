import { type HostProcess, longestCommandLine } from '../../../../shared/contract/hunt/host-tabs.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { isoOfMicros } from '../../../platform/iso-time.ts'
import { hostKeys } from '../host-keys.ts'
import { linkProcesses } from './link.ts'
import { mergeProcesses } from './merge.ts'
import type { ProcessNode, ProcessRecord } from './record.ts'
import { countRecords, latestRecords, type ProcessQuestion } from './store.ts'

/** Records that are looked at for each process asked for: most have a start, an end or a sighting. */
const recordsEach = 3
const fewestRecords = 3000
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

interface Known {
  nodes: ProcessNode[]
  /** Different records that the host has, and those of them that were looked at. */
  total: number
  looked_at: number
}

const treeOf = (records: readonly ProcessRecord[]): ProcessNode[] => {
  const nodes = mergeProcesses(records)
  linkProcesses(nodes)
  return nodes
}

/** Parents of parents that are looked for one after another. */
const mostRounds = 4

const missingParents = (nodes: readonly ProcessNode[]): number[] => [
  ...new Set(nodes.flatMap((node) => (node.orphan === 'not_collected' && node.parent_pid !== null ? [node.parent_pid] : []))),
]

/** What runs for weeks started before the latest records: it is looked for by its id, so that it is not called missing. */
const withAncestors = async (ctx: Ctx, question: ProcessQuestion, latest: readonly ProcessRecord[]): Promise<ProcessRecord[]> => {
  const records = new Map(latest.map((one) => [`${one.kind} ${one.row_id}`, one]))
  const asked = new Set<number>()
  for (let round = 0; round < mostRounds; round++) {
    const pids = missingParents(treeOf([...records.values()])).filter((pid) => !asked.has(pid))
    if (pids.length === 0) break
    for (const pid of pids) asked.add(pid)
    for (const one of await latestRecords(ctx.events, { ...question, pids }, ctx.signal)) records.set(`${one.kind} ${one.row_id}`, one)
  }
  return [...records.values()]
}

const knownOf = async (ctx: Ctx, id: string, { limit, before }: { limit: number; before: bigint | null }): Promise<Known> => {
  const keys = await hostKeys(ctx, id)
  if (keys.length === 0) return { nodes: [], total: 0, looked_at: 0 }
  const most = Math.max(fewestRecords, recordsEach * limit)
  const question = { keys, before_micros: before, pids: null, limit: most, longest_command_line: longestCommandLine }
  const latest = await latestRecords(ctx.events, question, ctx.signal)
  if (latest.length < most) return { nodes: treeOf(latest), total: latest.length, looked_at: latest.length }
  const [records, total] = await Promise.all([withAncestors(ctx, question, latest), countRecords(ctx.events, question, ctx.signal)])
  return { nodes: treeOf(records), total: Math.max(total, records.length), looked_at: records.length }
}

/** @throws AppError not_found */
export const readProcesses = async (ctx: Ctx, id: string, o: { limit: number; before: bigint | null }) => {
  const begun = performance.now()
  const { nodes: all, total, looked_at } = await knownOf(ctx, id, o)
  const nodes = chosen(all, o.limit)
  return {
    processes: nodes.map(shown),
    rows: sumOf(nodes),
    records: total,
    records_left_out: total - looked_at,
    left_out: all.length - nodes.length,
    orphans: nodes.filter((node) => node.orphan !== null).length,
    sources: bySource(nodes),
    took_ms: Math.round(performance.now() - begun),
  }
}

/** How many processes there are, and whether these are all. @throws AppError not_found */
export const countProcesses = async (ctx: Ctx, id: string): Promise<{ processes: number; isWhole: boolean }> => {
  const { nodes, total, looked_at } = await knownOf(ctx, id, { limit: mostCounted, before: null })
  return { processes: nodes.length, isWhole: total === looked_at }
}
