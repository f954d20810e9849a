// One walk over a row gives all that is stored of it: its fields by path, the text that words are searched in, its typed
// columns and its times. Kept in arrays that are used again for the next row.
import { ExactNumber, type Json, jsonText, type Row } from '../../reading.ts'
import type { FieldNode, FieldTree, TimeRole } from './field-tree.ts'
import { timeBytes } from '../block/row-bytes.ts'
import type { TimeParser } from '../times/time-parser.ts'
import type { TypedRow } from '../typed/typed-row.ts'

/** Values beyond this many go into the field `_rest` as JSON text. */
const maxValues = 2_000
/** What lies deeper is one value: its JSON text. */
const maxDepth = 24
const noKeys: readonly string[] = []

export interface RowTime {
  node: FieldNode
  seconds: number
  micros: number
  /** The Int64 as the store wants it, a character a byte. */
  bytes: string
}

export class Flattener {
  /** The fields of the row: node, first value (null where the field is null) and further values. */
  readonly nodes: FieldNode[] = []
  readonly values: (string | null)[] = []
  readonly furtherValues: (string[] | null)[] = []
  fieldCount = 0
  readonly times: RowTime[] = []
  mainTime: RowTime | null = null
  /** Values joined by line feeds, as they are written. */
  text = ''
  hasExact = false
  /** JSON of what was too much for fields of its own; null as a rule. */
  rest: string | null = null
  private readonly typed: TypedRow
  private readonly parser: TimeParser
  private tree: FieldTree | null = null
  private stamp = 0
  private valueCount = 0
  private restParts: string[] = []
  private lastTime: RowTime | null = null
  private lastTimeText = ''

  constructor(typed: TypedRow, parser: TimeParser) {
    this.typed = typed
    this.parser = parser
  }

  walk(tree: FieldTree, row: Row, keys: readonly string[]): void {
    this.tree = tree
    this.stamp++
    this.fieldCount = 0
    this.times.length = 0
    this.mainTime = null
    this.text = ''
    this.hasExact = false
    this.valueCount = 0
    this.restParts = []
    this.walkObject(tree.root, row, keys, 0)
    if (tree.mapping?.event === true && this.times.length > 1) this.dropCopies()
    this.rest = this.restParts.length === 0 ? null : `{${this.restParts.join(',')}}`
  }

  private walkObject(node: FieldNode, object: Row, keys: readonly string[], depth: number): void {
    if (this.valueCount + keys.length > maxValues) return this.walkLarge(node, object, keys, depth)
    const children = (this.tree as FieldTree).childrenOf(node, keys)
    for (let i = 0; i < keys.length; i++) this.walkValue(children[i] as FieldNode, object[keys[i] as string] as Json, depth)
  }

  /** Key by key, so that a hundred thousand columns do not become a hundred thousand nodes. */
  private walkLarge(node: FieldNode, object: Row, keys: readonly string[], depth: number): void {
    const room = Math.max(0, maxValues - this.valueCount)
    const kept = keys.slice(0, room)
    const children = (this.tree as FieldTree).childrenOf(node, kept)
    for (let i = 0; i < kept.length; i++) this.walkValue(children[i] as FieldNode, object[kept[i] as string] as Json, depth)
    for (const key of keys.slice(room)) this.putAside(node.path === '' ? key : `${node.path}.${key}`, object[key] as Json)
  }

  private putAside(path: string, value: Json): void {
    this.hasExact = true // not walked, so not known
    this.restParts.push(`${JSON.stringify(path)}:${jsonText(value)}`)
  }

  private walkValue(node: FieldNode, value: Json, depth: number): void {
    if (typeof value === 'string') this.addText(node, value, value)
    else if (value === null || value === undefined) this.put(node, null)
    else if (typeof value === 'number') this.addNumber(node, value, String(value))
    else if (typeof value === 'boolean') this.addText(node, value ? 'true' : 'false', value)
    else if (value instanceof ExactNumber) {
      this.hasExact = true
      this.addNumber(node, value, value.digits)
    } else this.walkInside(node, value, depth)
  }

  private walkInside(node: FieldNode, value: Row | readonly Json[], depth: number): void {
    const isArray = Array.isArray(value)
    const keys = isArray ? noKeys : Object.keys(value)
    if ((isArray ? value.length : keys.length) === 0) return this.addMark(node, isArray ? '[]' : '{}')
    if (depth >= maxDepth || this.valueCount >= maxValues) return this.addWhole(node, value)
    if (!isArray) return this.walkObject(node, value as Row, keys, depth + 1)
    for (const step of node.meaning.steps) step.convert(this.typed, value as readonly Json[], step)
    for (let i = 0; i < value.length; i++) {
      if (this.valueCount >= maxValues) return this.putAside(node.path, value.slice(i) as readonly Json[])
      this.walkValue(node, value[i] as Json, depth + 1)
    }
  }

  private addWhole(node: FieldNode, value: Json): void {
    if (this.valueCount >= maxValues) return this.putAside(node.path, value)
    this.hasExact = true
    this.addText(node, jsonText(value), null)
  }

  /** An empty array or object: told apart from null, but no word to search for. */
  private addMark(node: FieldNode, mark: string): void {
    this.put(node, mark)
  }

  private addText(node: FieldNode, text: string, value: Json): void {
    this.put(node, text)
    if (text !== '') this.text = this.text === '' ? text : `${this.text}\n${text}`
    const meaning = node.meaning
    for (let i = 0; i < meaning.steps.length; i++) {
      const step = meaning.steps[i] as FieldNode['meaning']['steps'][number]
      if (this.typed.takes(step.slot, step.rank)) step.convert(this.typed, value, step)
    }
    if (meaning.time !== null) this.addTime(node, meaning.time, text, value)
  }

  private addNumber(node: FieldNode, value: number | ExactNumber, digits: string): void {
    this.addText(node, digits, value)
    if (!node.meaning.isHex || !/^\d{1,20}$/.test(digits)) return
    this.addText(node, `0x${BigInt(digits).toString(16)}`, null)
  }

  private put(field: FieldNode, value: string | null): void {
    this.valueCount++
    const node = field.alias
    if (node.stamp !== this.stamp) {
      node.stamp = this.stamp
      node.at = this.fieldCount
      this.nodes[this.fieldCount] = node
      this.values[this.fieldCount] = value
      this.furtherValues[this.fieldCount++] = null
      return
    }
    if (value === null) return
    const at = node.at
    if (this.values[at] === null) this.values[at] = value
    else if (this.furtherValues[at] == null) this.furtherValues[at] = [value]
    else this.furtherValues[at].push(value)
  }

  private addTime(node: FieldNode, role: TimeRole, text: string, value: Json): void {
    const time = this.timeOf(node, role, text, value)
    if (time === null) return
    this.times.push(time)
    const main = this.mainTime?.node.meaning.time
    if (main == null || role.rank < main.rank) this.mainTime = time
  }

  /** A record often carries its time twice, once cut to whole seconds: it is one time, and one place on a timeline. */
  private dropCopies(): void {
    const main = this.mainTime
    if (main === null) return
    let kept = 0
    for (const time of this.times) {
      const isCopy = time !== main && time.seconds === main.seconds && (time.micros === main.micros || time.micros === 0)
      if (!isCopy) this.times[kept++] = time
    }
    this.times.length = kept
  }

  /** Many rows hold the same time in several columns, so the last one is remembered. */
  private timeOf(node: FieldNode, role: TimeRole, text: string, value: Json): RowTime | null {
    const last = this.lastTime
    const lastRole = last?.node.meaning.time
    if (last !== null && text === this.lastTimeText && lastRole?.trust === role.trust && lastRole.isUtc === role.isUtc)
      return last.node === node ? last : { node, seconds: last.seconds, micros: last.micros, bytes: last.bytes }
    if (!this.parser.parse(value, role.trust, role.isUtc)) return null
    const { seconds, micros } = this.parser
    this.lastTime = { node, seconds, micros, bytes: timeBytes(seconds, micros) }
    this.lastTimeText = text
    return this.lastTime
  }
}
