// YAML as the author wrote it: every scalar keeps its text and its place, so that `0x10`, a date or `1.10` is not turned into something else.
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, type Document } from 'yaml'
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
  readonly reason: Reason

  constructor(code: Reason['code'], message: string, at: Place | null = null) {
    super(message)
    this.reason = { code, message, line: at?.line ?? null, column: at?.column ?? null }
  }
}

const mostBytes = 4_000_000
const mostNodes = 200_000
const mostDepth = 60

const integer = /^[-+]?\d+$/
const decimal = /^[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?$/

const typeOf = (text: string, isPlain: boolean): 'text' | 'number' | 'bool' | 'null' => {
  if (!isPlain) return 'text'
  if (text === '' || text === '~' || /^(null|Null|NULL)$/.test(text)) return 'null'
  if (/^(true|false)$/i.test(text)) return 'bool'
  return integer.test(text) || decimal.test(text) ? 'number' : 'text'
}

class Reader {
  private nodes = 0
  private readonly document: Document
  private readonly counter: LineCounter

  constructor(document: Document, counter: LineCounter) {
    this.document = document
    this.counter = counter
  }

  private placeOf(node: Node | null): Place {
    const { line, col } = this.counter.linePos(node?.range?.[0] ?? 0)
    return { line, column: col }
  }

  read(node: unknown, depth: number): Tree {
    const at = this.placeOf(node as Node | null)
    if (++this.nodes > mostNodes) throw new Refused('too_large', `This document has more than ${mostNodes} values.`, at)
    if (depth > mostDepth) throw new Refused('too_large', `This document is nested deeper than ${mostDepth}.`, at)
    if (isAlias(node)) return this.read(node.resolve(this.document) ?? null, depth + 1)
    if (isMap(node))
      return {
        kind: 'map',
        at,
        entries: node.items.map(({ key, value }) => [
          isScalar(key) ? (key.source ?? String(key.value)) : String(key),
          this.read(value, depth + 1),
        ]),
      }
    if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => this.read(item, depth + 1)) }
    if (!isScalar(node)) return { kind: 'scalar', type: 'null', text: '', at }
    const text = String(node.value ?? '')
    return { kind: 'scalar', type: typeOf(text, node.type === 'PLAIN' || node.type === undefined), text, at }
  }
}

/** One entry for each document of the text; an error stands where its document does. */
export const readTrees = (text: string): readonly (Tree | Refused)[] => {
  if (text.length > mostBytes) return [new Refused('too_large', `The file has more than ${mostBytes / 1e6} MB.`)]
  const counter = new LineCounter()
  const documents = parseAllDocuments(text, { schema: 'failsafe', lineCounter: counter, prettyErrors: false, keepSourceTokens: false })
  if (!Array.isArray(documents)) return [new Refused('yaml', 'The file holds no document.')]
  return documents.map((document) => {
    const [fault] = document.errors
    if (fault !== undefined) {
      const { line, col } = counter.linePos(fault.pos[0])
      return new Refused('yaml', `This is not YAML: ${fault.message}.`, { line, column: col })
    }
    try {
      return new Reader(document, counter).read(document.contents, 0)
    } catch (error) {
      if (error instanceof Refused) return error
      return new Refused('yaml', 'An alias of this document points to nothing, or to itself.')
    }
  })
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
