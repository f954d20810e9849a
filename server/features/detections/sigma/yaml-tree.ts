// YAML as the author wrote it: every scalar keeps its text and its place, so that `0x10`, a date or `1.10` is not turned into something else.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseAllDocuments } from 'yaml'
import type { Reason } from './rule.ts'

export interface Place {
  line: number
  column: number
}

export type Tree =
  | { kind: 'map'; entries: readonly (readonly [key: string, value: Tree])[]; at: Place }
  | { kind: 'list'; items: readonly Tree[]; at: Place }
  | { kind: 'scalar'; type: 'text' | 'number' | 'bool' | 'null'; text: string; at: Place }

export class Refused extends Error {
  readonly reasons: readonly Reason[]

  constructor(code: Reason['code'], message: string, at: Place | null = null) {
    super(message)
    this.reasons = [{ code, message, line: at?.line ?? null, column: at?.column ?? null }]
  }

  /** No more is read of the document then. */
  get isFinal(): boolean {
    return this.reasons.some(({ code }) => code === 'too_large')
  }

  /** Everything that was found wrong, in the order of the text. */
  static all(faults: readonly Refused[]): Refused {
    const all = new Refused('yaml', '')
    return Object.assign(all, { reasons: faults.flatMap(({ reasons }) => reasons).slice(0, mostReasons) })
  }
}

/** Of one document; the first ones say enough. */
const mostReasons = 50
const mostCharacters = 8_000_000
/** Of the whole text: a few lines of aliases can stand for billions of values. */
const mostNodes = 500_000
const mostDepth = 60

const integer = /^[-+]?\d+$/
const decimal = /^[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?$/

const typeOf = (text: string, isPlain: boolean): 'text' | 'number' | 'bool' | 'null' => {
  if (!isPlain) return 'text'
  if (text === '' || text === '~' || /^(null|Null|NULL)$/.test(text)) return 'null'
  if (/^(true|false)$/i.test(text)) return 'bool'
  return integer.test(text) || decimal.test(text) ? 'number' : 'text'
}

/** Does all, so that an author is told everything that is wrong at once. @throws Refused */
export const tryEach = <T>(makers: readonly (() => T)[]): T[] => {
  const faults: Refused[] = []
  const made: T[] = []
  for (const make of makers) {
    try {
      made.push(make())
    } catch (error) {
      if (!(error instanceof Refused) || error.isFinal) throw error
      if (faults.length < mostReasons) faults.push(error)
    }
  }
  if (faults.length > 0) throw Refused.all(faults)
  return made
}

type Entry = readonly [key: string, value: Tree]

/** `<<` of YAML 1.1 brings the keys of another map, under those that stand beside it. */
const mergeKey = '<<'

class Reader {
  private nodes = 0
  private anchors = new Map<string, unknown>()
  private readonly counter: LineCounter

  constructor(counter: LineCounter) {
    this.counter = counter
  }

  document(document: Document): Tree | Refused {
    const [fault] = document.errors
    if (fault !== undefined) {
      const { line, col } = this.counter.linePos(fault.pos[0])
      return new Refused('yaml', `This is not YAML: ${fault.message}.`, { line, column: col })
    }
    this.anchors = new Map()
    try {
      return this.read(document.contents, 0)
    } catch (error) {
      if (error instanceof Refused) return error
      throw error
    }
  }

  private placeOf(node: Node | null): Place {
    const { line, col } = this.counter.linePos(node?.range?.[0] ?? 0)
    return { line, column: col }
  }

  private read(node: unknown, depth: number): Tree {
    const at = this.placeOf(node as Node | null)
    if (++this.nodes > mostNodes) throw new Refused('too_large', `The file has more than ${mostNodes} values, aliases followed.`, at)
    if (depth > mostDepth) throw new Refused('too_large', `The document is nested deeper than ${mostDepth}.`, at)
    if (isAlias(node)) return this.read(this.aliased(node.source, at), depth + 1)
    this.remember(node)
    if (isMap(node)) return { kind: 'map', at, entries: this.entries(node.items, depth) }
    if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => this.read(item, depth + 1)) }
    if (!isScalar(node)) return { kind: 'scalar', type: 'null', text: '', at }
    const text = String(node.value ?? '')
    return { kind: 'scalar', type: typeOf(text, node.type === 'PLAIN' || node.type === undefined), text, at }
  }

  /** An anchor that is used again means what stands nearest before. */
  private remember(node: unknown): void {
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) this.anchors.set(node.anchor, node)
  }

  private aliased(name: string, at: Place): unknown {
    if (!this.anchors.has(name)) throw new Refused('yaml', `The alias *${name} points to nothing before it.`, at)
    return this.anchors.get(name)
  }

  private entries(pairs: readonly Pair<unknown, unknown>[], depth: number): readonly Entry[] {
    const own = new Map<string, Tree>()
    const brought: Entry[] = []
    for (const { key, value } of pairs) {
      if (!isScalar(key)) throw new Refused('yaml', 'A key is a text, not a list, map or alias.', this.placeOf(key as Node | null))
      const name = String(key.value ?? '')
      const tree = this.read(value, depth + 1)
      if (name === mergeKey) brought.push(...entriesOf(tree))
      else if (own.has(name)) throw new Refused('yaml', `The key "${name}" stands here twice.`, this.placeOf(key))
      else own.set(name, tree)
    }
    // of two maps that are brought, the first one counts
    const beneath = brought.toReversed().filter(([name]) => !own.has(name))
    return beneath.length === 0 ? [...own] : [...new Map([...beneath, ...own])]
  }
}

/** Of a map, or of all maps of a list. @throws Refused */
const entriesOf = (tree: Tree): readonly Entry[] => {
  if (tree.kind === 'map') return tree.entries
  if (tree.kind === 'list') return tree.items.flatMap(entriesOf)
  throw new Refused('yaml', '"<<" brings the keys of a map, and this is none.', tree.at)
}

const parsed = (text: string, lineCounter: LineCounter): readonly Document[] | null => {
  try {
    // doubles are looked for here: the parser compares each key with every other one
    const documents = parseAllDocuments(text, { schema: 'failsafe', lineCounter, prettyErrors: false, uniqueKeys: false })
    return Array.isArray(documents) ? documents : []
  } catch {
    // it walks down the text by recursion
    return null
  }
}

/** One entry for each document of the text; an error stands where its document does. */
export const readTrees = (text: string): readonly (Tree | Refused)[] => {
  if (text.length > mostCharacters)
    return [new Refused('too_large', `The file has more than ${mostCharacters / 1e6} million characters: split it.`)]
  const counter = new LineCounter()
  const documents = parsed(text, counter)
  if (documents === null) return [new Refused('too_large', 'The file is nested too deeply to be read.')]
  const reader = new Reader(counter)
  return documents.map((document) => reader.document(document))
}

export const entryOf = (tree: Tree, key: string): Tree | undefined =>
  tree.kind === 'map' ? tree.entries.findLast(([name]) => name === key)?.[1] : undefined

/** The text of a scalar that says something. */
export const textOf = (tree: Tree | undefined): string | null =>
  tree?.kind === 'scalar' && tree.type !== 'null' && tree.text.trim() !== '' ? tree.text : null

/** A list of texts, also where the author wrote one without its list. */
export const textsOf = (tree: Tree | undefined): string[] => {
  if (tree === undefined) return []
  const items = tree.kind === 'list' ? tree.items : [tree]
  return items.flatMap((item) => {
    const text = textOf(item)
    return text === null ? [] : [text]
  })
}

/** What the old form of collections did: `action: global` holds for the documents behind it. */
export const merged = (under: Tree, over: Tree): Tree => {
  if (under.kind !== 'map' || over.kind !== 'map') return over
  const names = [...new Set([...under.entries, ...over.entries].map(([name]) => name))]
  return {
    kind: 'map',
    at: over.at,
    entries: names.map((name) => {
      const [below, above] = [entryOf(under, name), entryOf(over, name)]
      if (above === undefined) return [name, below as Tree] as const
      return [name, below === undefined ? above : merged(below, above)] as const
    }),
  }
}
