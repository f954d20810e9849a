// What each column of an artifact means, worked out once for each path and then remembered in a tree that rows are walked
// along. Without it every row would pay for regular expressions and lookups by name.
import { anyEventFields, hexFields, recordColumns } from '../artifacts/events.data.ts'
import { genericRules } from '../artifacts/generic.data.ts'
import type { ArtifactMapping, Cell, ColumnMap, EventMapping, Target } from '../artifacts/mapping.ts'
import type { Step } from '../typed/converters.ts'
import { anyString, flatBytes } from '../block/row-bytes.ts'
import { cellPart, stepFor } from '../typed/steps.ts'
import type { TimeTrust } from '../times/time-parser.ts'

export interface TimeRole {
  /** The lowest of a row is its main time. */
  rank: number
  trust: TimeTrust
  isUtc: boolean
}

interface Meaning {
  steps: readonly Step[]
  cell: Cell | null
  time: TimeRole | null
  isHex: boolean
}

const noSteps: readonly Step[] = []
const noMeaning: Meaning = { steps: noSteps, cell: null, time: null, isHex: false }
/** A longer path is no column that anyone made; matching it would only take time. */
const longestMeant = 500

export class FieldNode {
  readonly path: string
  /** The path as RowBinary string. */
  readonly pathBytes: string
  /** Path and the count of values that nearly every field has. */
  readonly oneValue: string
  readonly meaning: Meaning
  /** Children in the order of the last row's keys: rows of one artifact nearly always agree. */
  lastKeys: readonly string[] = []
  lastNodes: readonly FieldNode[] = []
  readonly children = new Map<string, FieldNode>()
  /** The row that wrote to it last, and where it stands in that row's fields. */
  stamp = 0
  at = 0
  isReported = false
  /** The node of the same path, where a dotted column and a nested one meet. */
  alias: FieldNode

  constructor(path: string, meaning: Meaning) {
    this.path = path
    this.pathBytes = flatBytes(anyString(path))
    this.oneValue = flatBytes(`${this.pathBytes}\u0001`)
    this.meaning = meaning
    this.alias = this
  }
}

const ranks = { event: 0, anyEvent: 50, mapped: 100, record: 150, generic: 180 }
const hexNames = new Set(hexFields)
const timeName =
  /time|date|^_?ts$|created|modified|changed$|accessed$|last_?run|last_?login|visit|^[macb]time$|_seen$|last_?access|0x[13]0$/i
const noTimeName =
  /duration|timeout|elapsed|uptime|interval|zone|count|_?id$|size|bytes|createdby|modifiedby|update_?type|created_?process|_ms$|seconds/i
/** Beside each other in a row that nobody described, the earlier one is the main time. */
const preferred = [
  'timestamp',
  'eventtime',
  'event_time',
  '@timestamp',
  'timecreated',
  'systemtime',
  'time',
  'createtime',
  'starttime',
  'mtime',
  'modtime',
  'lastmodified',
]
const timesOfArrival = /^(_?ts|ingest.*|collected.*|copiedontimestamp)$/i

/** About what the trees of a builder take in memory. */
export interface Growth {
  bytes: number
}

/** A mapping for one artifact, one shape of row and one kind of event. */
export class FieldTree {
  readonly root: FieldNode
  readonly mapping: ArtifactMapping | null
  readonly event: EventMapping | null
  private readonly isGeneric: boolean
  private readonly byPath = new Map<string, FieldNode>()
  private readonly times: ReadonlyMap<string, number>

  private readonly growth: Growth

  /** `isGeneric`: columns that the mapping does not name are read by name and shape. */
  constructor(mapping: ArtifactMapping | null, event: EventMapping | null, o: { isGeneric: boolean; growth: Growth }) {
    const { isGeneric, growth } = o
    this.growth = growth
    this.mapping = mapping
    this.event = event
    this.isGeneric = isGeneric
    this.times = new Map(mapping?.times.map((path, rank) => [path, rank] as const) ?? [])
    this.root = new FieldNode('', noMeaning)
  }

  get category(): string {
    return this.event?.category || (this.mapping?.category ?? '')
  }

  childrenOf(node: FieldNode, keys: readonly string[]): readonly FieldNode[] {
    const last = node.lastKeys
    const count = keys.length
    if (last.length === count) {
      let i = 0
      while (i < count && last[i] === keys[i]) i++
      if (i === count) return node.lastNodes
    }
    node.lastNodes = keys.map((key) => node.children.get(key) ?? this.addChild(node, key))
    node.lastKeys = keys
    return node.lastNodes
  }

  private addChild(parent: FieldNode, key: string): FieldNode {
    const path = parent === this.root ? key : `${parent.path}.${key}`
    const node = new FieldNode(path, this.meaningOf(path, key, parent))
    const twin = this.byPath.get(path)
    if (twin !== undefined) node.alias = twin
    else this.byPath.set(path, node)
    parent.children.set(key, node)
    this.growth.bytes += 400 + 4 * path.length
    return node
  }

  private meaningOf(path: string, key: string, parent: FieldNode): Meaning {
    if (path.length > longestMeant) return noMeaning
    const isEvent = this.mapping?.event === true
    const found = this.mappedTargets(path, key, parent)
    const time = this.timeRole(path, key, parent)
    const steps = found.map(([target, rank]) => stepFor(target, rank, false))
    // inside a described artifact only what stands at the top: a hash below HitContext is not that of the file
    const isOpen = this.isGeneric && (this.mapping === null || parent === this.root)
    if (isOpen && found.length === 0 && time === null) pushGeneric(found, steps, key)
    const cell = found.map(([target]) => target).find(isCell) ?? null
    return { steps: steps.length === 0 ? noSteps : steps, cell, time, isHex: isEvent && hexNames.has(key) }
  }

  private mappedTargets(path: string, key: string, parent: FieldNode): [Target, number][] {
    const found: [Target, number][] = []
    const isEvent = this.mapping?.event === true
    if (this.mapping !== null) collect(found, this.mapping.columns, path, isEvent ? ranks.mapped : 0)
    if (isEvent) this.collectEvent(found, path)
    const part = parent.meaning.cell === null ? null : cellPart(parent.meaning.cell, key)
    if (part !== null) found.push([part, parent.meaning.steps[0]?.rank ?? 0])
    return found
  }

  private collectEvent(found: [Target, number][], path: string): void {
    const plain = path
      .replace(/^(?:_Event|Event)\./, '')
      .replace(/^_(System|EventData)\b/, '$1')
      .replace(/^(?:winlog\.)?event_data\b/, 'EventData')
      .replace(/^(?:winlog\.)?user_data\b/, 'UserData')
    collect(found, recordColumns, plain, ranks.record)
    const inData = /^(?:EventData|UserData)\./.test(plain)
    if (!inData && this.mapping?.isFlat !== true) return
    const names = inData ? [plain.slice(plain.indexOf('.') + 1), plain.slice(plain.lastIndexOf('.') + 1)] : [plain]
    for (const name of new Set(names)) {
      if (this.event !== null) collect(found, this.event.fields, name, ranks.event)
      else collect(found, anyEventFields, name, ranks.anyEvent)
    }
  }

  private timeRole(path: string, key: string, parent: FieldNode): TimeRole | null {
    const above = parent.meaning.time
    const rank = this.times.get(path) ?? (above?.trust === 'mapped' && key === 'Date' ? above.rank : undefined)
    const isUtc = /utc/i.test(key)
    if (rank !== undefined) return { rank, trust: 'mapped', isUtc }
    // hidden columns (_SCCAHeader) repeat the times of the others
    const isHidden = this.mapping !== null && path.startsWith('_') && parent !== this.root
    // when a program was signed is no time of what it did
    const isSigning = parent.meaning.cell === 'signature'
    if (isHidden || isSigning || !timeName.test(key) || noTimeName.test(key)) return null
    return { rank: namedRank(path, key), trust: 'named', isUtc }
  }
}

const namedRank = (path: string, key: string): number => {
  const at = preferred.indexOf(key.toLowerCase())
  const depth = Math.min(path.split('.').length, 9)
  return (timesOfArrival.test(key) ? 900 : at < 0 ? 500 : 200 + at) + 20 * (depth - 1)
}

/** Adds what a table says of a path. */
const collect = (found: [Target, number][], columns: ColumnMap, path: string, firstRank: number): void => {
  const target = Object.hasOwn(columns, path) ? columns[path] : undefined
  if (target === undefined) return
  const at = Object.keys(columns).indexOf(path)
  for (const one of typeof target === 'string' ? [target] : target) found.push([one, firstRank + at])
}

const pushGeneric = (found: [Target, number][], steps: Step[], key: string): void => {
  const at = genericRules.findIndex((rule) => rule.key.test(key))
  const rule = genericRules[at]
  if (rule === undefined) return
  found.push([rule.target, ranks.generic + at])
  steps.push(stepFor(rule.target, ranks.generic + at, rule.isShaped === true))
}

const isCell = (target: Target): target is Cell =>
  target === 'hash' || target === 'hashes' || target === 'signature' || target === 'upload' || target === 'signer'
