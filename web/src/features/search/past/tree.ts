// The searches of a person as a tree that reads from top to bottom: what hangs alone on another stands below it, and only a branch
// steps in, so that a long line of changes stays a line.
export interface Node {
  id: string
  parent_id: string | null
  first_run_at: string
  last_run_at: string
}
export interface Line<T extends Node> {
  node: T
  depth: number
}

/** When anything of the branch that begins with a search ran last. Without recursion: a line of changes may be a thousand long. */
const newestOf = <T extends Node>(nodes: readonly T[], byId: ReadonlyMap<string, T>): Map<string, string> => {
  const newest = new Map<string, string>()
  for (const node of nodes)
    for (let at: T | undefined = node; at !== undefined; at = at.parent_id === null ? undefined : byId.get(at.parent_id)) {
      if ((newest.get(at.id) ?? '') >= node.last_run_at) break
      newest.set(at.id, node.last_run_at)
    }
  return newest
}

export const linesOf = <T extends Node>(nodes: readonly T[]): Line<T>[] => {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const newest = newestOf(nodes, byId)
  const children = new Map<string | null, T[]>()
  for (const node of nodes) {
    const parent = node.parent_id !== null && byId.has(node.parent_id) ? node.parent_id : null
    children.set(parent, [...(children.get(parent) ?? []), node])
  }
  const ordered = (of: readonly T[]): T[] => [...of].sort((a, b) => ((newest.get(b.id) ?? '') < (newest.get(a.id) ?? '') ? -1 : 1))
  const lines: Line<T>[] = []
  const open: Line<T>[] = ordered(children.get(null) ?? [])
    .toReversed()
    .map((node) => ({ node, depth: 0 }))
  for (let line = open.pop(); line !== undefined; line = open.pop()) {
    lines.push(line)
    const below = ordered(children.get(line.node.id) ?? [])
    const depth = line.depth + (below.length > 1 ? 1 : 0)
    open.push(...below.toReversed().map((node) => ({ node, depth })))
  }
  return lines
}
