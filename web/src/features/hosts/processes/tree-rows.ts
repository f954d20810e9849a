// A tree of thousands of processes as the list of the rows that are shown: what is closed is left out, and of many leaves of
// one name (a host has forty svchost.exe) the first stands for the others until they are asked for.
import type { HostProcess } from '../../../../../shared/contract/hunt/host-tabs.ts'

export interface ProcessTree {
  roots: readonly HostProcess[]
  childrenOf: ReadonlyMap<string, readonly HostProcess[]>
  byKey: ReadonlyMap<string, HostProcess>
}

export interface TreeView {
  closed: ReadonlySet<string>
  /** Groups of siblings that are shown whole, by `groupOf`. */
  whole: ReadonlySet<string>
  /** The processes asked for; null is all. Their ancestors are shown with them. */
  wanted: ReadonlySet<string> | null
}

export interface TreeRow {
  process: HostProcess
  /** From 1. */
  level: number
  hasChildren: boolean
  isOpen: boolean
  /** So many siblings of the same name are not shown; `group` shows them. */
  more: number
  group: string
  /** Asked for, and not just an ancestor of it. */
  isWanted: boolean
}

const byStart = (a: HostProcess, b: HostProcess): number => {
  if (a.started_at !== b.started_at) {
    if (a.started_at === null) return 1
    if (b.started_at === null) return -1
    return a.started_at < b.started_at ? -1 : 1
  }
  return a.pid - b.pid || (a.key < b.key ? -1 : 1)
}

export const treeOf = (processes: readonly HostProcess[]): ProcessTree => {
  const byKey = new Map(processes.map((one) => [one.key, one]))
  const childrenOf = new Map<string, HostProcess[]>()
  const roots: HostProcess[] = []
  for (const one of processes.toSorted(byStart)) {
    if (one.parent === null || !byKey.has(one.parent)) roots.push(one)
    else {
      const siblings = childrenOf.get(one.parent)
      if (siblings === undefined) childrenOf.set(one.parent, [one])
      else siblings.push(one)
    }
  }
  return { roots, childrenOf, byKey }
}

/** From so many leaves of one name on, one stands for all. */
const fewestToGather = 4

export const groupOf = (process: HostProcess): string => `${process.parent ?? ''}\n${process.name.toLowerCase()}`

interface Shown {
  process: HostProcess
  more: number
}

const gather = (siblings: readonly HostProcess[], isLeaf: (one: HostProcess) => boolean, whole: ReadonlySet<string>): Shown[] => {
  const leaves = new Map<string, number>()
  for (const one of siblings) if (isLeaf(one)) leaves.set(groupOf(one), (leaves.get(groupOf(one)) ?? 0) + 1)
  const told = new Set<string>()
  return siblings.flatMap((process): Shown[] => {
    const group = groupOf(process)
    const n = isLeaf(process) ? (leaves.get(group) ?? 0) : 0
    if (n < fewestToGather || whole.has(group)) return [{ process, more: 0 }]
    if (told.has(group)) return []
    told.add(group)
    return [{ process, more: n - 1 }]
  })
}

const withAncestors = (tree: ProcessTree, wanted: ReadonlySet<string>): Set<string> => {
  const kept = new Set<string>()
  for (const key of wanted)
    for (let one = tree.byKey.get(key); one !== undefined && !kept.has(one.key); one = tree.byKey.get(one.parent ?? '')) kept.add(one.key)
  return kept
}

/** The rows from top to bottom. What is asked for is shown whole: nothing closed, nothing gathered. */
export const rowsOfTree = (tree: ProcessTree, view: TreeView): TreeRow[] => {
  const { wanted } = view
  const kept = wanted === null ? null : withAncestors(tree, wanted)
  const childrenOf = (key: string): readonly HostProcess[] => {
    const all = tree.childrenOf.get(key) ?? []
    return kept === null ? all : all.filter((one) => kept.has(one.key))
  }
  const gathered = (siblings: readonly HostProcess[]): Shown[] =>
    kept === null
      ? gather(siblings, (one) => !tree.childrenOf.has(one.key), view.whole)
      : siblings.filter((one) => kept.has(one.key)).map((process) => ({ process, more: 0 }))
  const rows: TreeRow[] = []
  // a chain of processes may be thousands long: no recursion
  const todo = gathered(tree.roots)
    .toReversed()
    .map((one) => ({ ...one, level: 1 }))
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { process, more, level } = next
    const children = childrenOf(process.key)
    const isOpen = children.length > 0 && (kept !== null || !view.closed.has(process.key))
    rows.push({
      process,
      level,
      hasChildren: children.length > 0,
      isOpen,
      more,
      group: groupOf(process),
      isWanted: wanted === null || wanted.has(process.key),
    })
    if (isOpen) for (const one of gathered(children).toReversed()) todo.push({ ...one, level: level + 1 })
  }
  return rows
}

const textOf = (p: HostProcess): string => [p.name, p.executable, p.command_line, p.user, String(p.pid)].join('\n').toLowerCase()

/** Keys of the processes that hold all words of the text and bear one of the names; null where nothing is asked. */
export const wantedOf = (
  processes: readonly HostProcess[],
  { text, names }: { text: string; names: ReadonlySet<string> | null },
): ReadonlySet<string> | null => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0 && names === null) return null
  const fits = (p: HostProcess): boolean => {
    if (names !== null && !names.has(p.name.toLowerCase())) return false
    const all = textOf(p)
    return words.every((word) => all.includes(word))
  }
  return new Set(processes.filter(fits).map((p) => p.key))
}

/** What a row of the command line says beside the program itself. */
export const argumentsOf = (commandLine: string): string => {
  const text = commandLine.trimStart()
  const end = text.startsWith('"') ? text.indexOf('"', 1) + 1 : text.search(/\s/)
  return end <= 0 ? (text.startsWith('"') ? text : '') : text.slice(end).trimStart()
}

/** What the source of a row is called in a sentence: artifacts without what all of them begin with. */
export const shortSource = (source: string): string =>
  source.replace(/^(Windows|Linux|MacOS|Generic)\.(System|Sys|Network|EventLogs|Events)\./, '')
