// Who started whom? The parent is the process that had the parent's id when the child started: the last one started
// before, if it had not ended and bears the name that the child's record gives its parent. Otherwise it was not collected.
import { lastStarted, sameStartMicros } from './merge.ts'
import { areAlike, type ProcessNode } from './record.ts'

/** A start that is rounded to the second may put a child before its parent. */
const secondMicros = 1_000_000

interface Index {
  byGuid: Map<string, ProcessNode>
  started: Map<number, ProcessNode[]>
  undated: Map<number, ProcessNode[]>
}

const put = (lists: Map<number, ProcessNode[]>, node: ProcessNode): void => {
  const list = lists.get(node.pid)
  if (list === undefined) lists.set(node.pid, [node])
  else list.push(node)
}

const indexOf = (nodes: readonly ProcessNode[]): Index => {
  const index: Index = { byGuid: new Map(), started: new Map(), undated: new Map() }
  for (const node of nodes) {
    if (node.guid !== '') index.byGuid.set(node.guid, node)
    put(node.start === null ? index.undated : index.started, node)
  }
  for (const list of index.started.values()) list.sort((a, b) => (a.start ?? 0) - (b.start ?? 0))
  return index
}

const fits = (parent: ProcessNode, child: ProcessNode): boolean => {
  if (parent === child || !areAlike(parent.name, child.parent_name)) return false
  return parent.end === null || child.start === null || parent.end >= child.start - sameStartMicros
}

const startedBefore = (list: readonly ProcessNode[], child: ProcessNode): ProcessNode | null => {
  if (child.start === null) return list.length === 1 ? (list[0] ?? null) : null
  const isRounded = child.start % secondMicros === 0
  const holder = lastStarted(list, isRounded ? child.start + secondMicros - 1 : child.start)
  return holder !== null && fits(holder, child) ? holder : null
}

const parentOf = (node: ProcessNode, index: Index): ProcessNode | null => {
  const named = node.parent_guid === '' ? undefined : index.byGuid.get(node.parent_guid)
  if (named !== undefined && named !== node) return named
  // process 0 is no process: what the kernel starts itself names it
  if (node.parent_pid === null || node.parent_pid === 0) return null
  const found = startedBefore(index.started.get(node.parent_pid) ?? [], node)
  if (found !== null) return found
  const undated = index.undated.get(node.parent_pid) ?? []
  return undated.length === 1 && index.started.get(node.parent_pid) === undefined && fits(undated[0] as ProcessNode, node)
    ? (undated[0] as ProcessNode)
    : null
}

/** Cuts each circle once, at its latest process: every walk to the root ends. */
const cutLoops = (nodes: readonly ProcessNode[]): void => {
  const done = new Set<ProcessNode>()
  for (const start of nodes) {
    const way: ProcessNode[] = []
    const onWay = new Set<ProcessNode>()
    let at: ProcessNode | null = start
    while (at !== null && !done.has(at) && !onWay.has(at)) {
      way.push(at)
      onWay.add(at)
      at = at.parent
    }
    if (at !== null && onWay.has(at)) {
      const loop = way.slice(way.indexOf(at))
      const latest = loop.reduce((a, b) => ((b.start ?? -1) > (a.start ?? -1) ? b : a))
      latest.parent = null
      latest.orphan = 'loop'
    }
    for (const node of way) done.add(node)
  }
}

/** Sets `parent` and `orphan` of every node. */
export const linkProcesses = (nodes: readonly ProcessNode[]): void => {
  const index = indexOf(nodes)
  for (const node of nodes) {
    node.parent = parentOf(node, index)
    const isNamed = node.parent_guid !== '' || (node.parent_pid !== null && node.parent_pid !== 0)
    node.orphan = node.parent === null && isNamed && node.parent_pid !== 0 ? 'not_collected' : null
  }
  cutLoops(nodes)
}
