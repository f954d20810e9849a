// Which records are of one process? The process id and the start time tell, but sources round the start differently (an
// event log to the second, Sysmon to the millisecond): starts of one id that are at most two seconds apart and do not
// contradict each other are one. Ids are given out again, so an end or a sighting belongs to the last one started before.
import { areAlike, baseName, type ProcessNode, type ProcessRecord } from './record.ts'

export const sameStartMicros = 2_000_000

const nameOf = (record: ProcessRecord): string => (record.name === '' ? baseName(record.executable) : record.name)

const nodeOf = (record: ProcessRecord): ProcessNode => ({
  key: '',
  pid: record.pid,
  parent_pid: record.parent_pid,
  start: record.kind === 'start' ? record.start : null,
  end: record.end,
  ended: record.end === null ? null : 'recorded',
  first: record.first,
  last: record.last,
  name: nameOf(record),
  executable: record.executable,
  command_line: record.command_line,
  command_line_length: record.command_line_length,
  parent_name: record.parent_name,
  user: record.user,
  guid: record.guid,
  parent_guid: record.parent_guid,
  sources: new Map(),
  parent: null,
  orphan: null,
})

const addSource = (node: ProcessNode, { source, rows, row_id }: ProcessRecord): void => {
  const known = node.sources.get(source)
  node.sources.set(source, known === undefined ? { source, rows, row_id } : { ...known, rows: known.rows + rows })
}

const least = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b))
const greatest = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b))

/** What the node does not know yet; the longest command line wins. */
const enrich = (node: ProcessNode, record: ProcessRecord): void => {
  node.name ||= nameOf(record)
  node.executable ||= record.executable
  node.user ||= record.user
  node.guid ||= record.guid
  node.parent_guid ||= record.parent_guid
  node.parent_name ||= record.parent_name
  node.parent_pid ??= record.parent_pid
  if (record.command_line_length > node.command_line_length) {
    node.command_line = record.command_line
    node.command_line_length = record.command_line_length
  }
  node.first = least(node.first, record.first)
  node.last = greatest(node.last, record.last)
  if (record.end !== null) {
    node.end = greatest(node.end, record.end)
    node.ended = 'recorded'
  }
  addSource(node, record)
}

const contradicts = (node: ProcessNode, record: ProcessRecord): boolean =>
  (node.guid !== '' && record.guid !== '' && node.guid !== record.guid) ||
  (node.parent_pid !== null && record.parent_pid !== null && node.parent_pid !== record.parent_pid) ||
  !areAlike(node.name, nameOf(record))

class Book {
  readonly nodes: ProcessNode[] = []
  private readonly byGuid = new Map<string, ProcessNode>()
  /** Those with a start in the order of it, then those without. */
  private readonly started = new Map<number, ProcessNode[]>()
  private readonly undated = new Map<number, ProcessNode[]>()

  take(record: ProcessRecord, found: ProcessNode | null): void {
    const node = found ?? nodeOf(record)
    if (found === null) {
      this.nodes.push(node)
      const lists = node.start === null ? this.undated : this.started
      const list = lists.get(node.pid)
      if (list === undefined) lists.set(node.pid, [node])
      else list.push(node)
      addSource(node, record)
    } else enrich(node, record)
    if (node.guid !== '') this.byGuid.set(node.guid, node)
  }

  withGuid({ guid, pid }: ProcessRecord): ProcessNode | null {
    const node = guid === '' ? undefined : this.byGuid.get(guid)
    return node === undefined || node.pid !== pid ? null : node
  }

  undatedLike(record: ProcessRecord): ProcessNode | null {
    const ended = record.kind === 'end' ? record.end : null
    const isSameEnd = (node: ProcessNode): boolean => ended === null || node.end === null || Math.abs(node.end - ended) <= sameStartMicros
    return this.undated.get(record.pid)?.find((node) => isSameEnd(node) && !contradicts(node, record)) ?? null
  }

  /** Records with a start come in the order of it, so that only the last few of an id can be the same. */
  startedWith(record: ProcessRecord, start: number): ProcessNode | null {
    const list = this.started.get(record.pid) ?? []
    for (let at = list.length - 1; at >= 0; at--) {
      const node = list[at] as ProcessNode
      if (node.start === start) return node
      if (node.start === null || start - node.start > sameStartMicros) return null
      if (!contradicts(node, record)) return node
    }
    return null
  }

  /** The one that had the id at that time (now, where it is not known), unless the record contradicts that. */
  holderAt(record: ProcessRecord, at: number | null): ProcessNode | null {
    const holder = lastStarted(this.started.get(record.pid) ?? [], at === null ? null : at + sameStartMicros)
    return holder === null || contradicts(holder, record) ? null : holder
  }

  startedLists(): Iterable<ProcessNode[]> {
    return this.started.values()
  }
}

/** The last of the list (in order of start) that started at or before the time; of all where it is null. */
export const lastStarted = (list: readonly ProcessNode[], at: number | null): ProcessNode | null => {
  if (at === null) return list.at(-1) ?? null
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (((list[middle] as ProcessNode).start ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low === 0 ? null : (list[low - 1] as ProcessNode)
}

const order = (a: ProcessRecord, b: ProcessRecord): number =>
  (a.start ?? 0) - (b.start ?? 0) ||
  a.pid - b.pid ||
  (a.source < b.source ? -1 : a.source > b.source ? 1 : 0) ||
  (a.row_id < b.row_id ? -1 : a.row_id > b.row_id ? 1 : 0)

const takeEnds = (book: Book, records: readonly ProcessRecord[]): void => {
  const isOpenFor = (node: ProcessNode | null, end: number | null): ProcessNode | null =>
    node === null || (node.end !== null && end !== null && Math.abs(node.end - end) > sameStartMicros) ? null : node
  for (const record of records.toSorted((a, b) => (a.end ?? 0) - (b.end ?? 0) || order(a, b)))
    book.take(record, book.withGuid(record) ?? isOpenFor(book.holderAt(record, record.end), record.end) ?? book.undatedLike(record))
}

/** A process id that was given to another process is free: the one before must have ended. */
const endReused = (book: Book): void => {
  for (const list of book.startedLists())
    for (let at = 0; at + 1 < list.length; at++) {
      const node = list[at] as ProcessNode
      node.ended ??= 'pid_reused'
    }
}

const nameKeys = (nodes: readonly ProcessNode[]): void => {
  const times = new Map<string, number>()
  for (const node of nodes) {
    const key = `${node.pid}@${node.start ?? 'unknown'}`
    const n = (times.get(key) ?? 0) + 1
    times.set(key, n)
    node.key = n === 1 ? key : `${key}#${n}`
  }
}

/** Every process of the records once. Two of one id and one start are the same process. */
export const mergeProcesses = (records: readonly ProcessRecord[]): ProcessNode[] => {
  const book = new Book()
  const of = (kind: ProcessRecord['kind']): ProcessRecord[] => records.filter((r) => r.kind === kind).sort(order)
  const starts = of('start')
  for (const record of starts) if (record.start !== null) book.take(record, book.withGuid(record) ?? book.startedWith(record, record.start))
  for (const record of starts)
    if (record.start === null) book.take(record, book.withGuid(record) ?? book.holderAt(record, record.last) ?? book.undatedLike(record))
  takeEnds(book, of('end'))
  for (const record of of('seen'))
    book.take(record, book.withGuid(record) ?? book.holderAt(record, record.last) ?? book.undatedLike(record))
  endReused(book)
  nameKeys(book.nodes)
  return book.nodes
}
