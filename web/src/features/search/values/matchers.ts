// What the query looked for, so that it can be marked where it was found. Only what must match is marked: nothing under a NOT.
import { parsePipeline } from '../../../../../shared/query/pipeline.ts'
import type { Pattern, Query } from '../../../../../shared/query/tree.ts'

export interface Matcher {
  /** Null: anywhere. */
  field: string | null
  /** Plain texts, lower case. */
  texts: readonly string[]
}

export const flatName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^raw\./, '')
    .replaceAll('.', '_')

const textsOf = (pattern: Pattern): string[] =>
  pattern.flatMap((part) => ('text' in part && part.text.trim() !== '' ? [part.text.toLowerCase()] : []))

const collect = (tree: Query, into: Matcher[]): void => {
  if (tree.kind === 'word') into.push({ field: null, texts: textsOf(tree.pattern) })
  else if (tree.kind === 'term' && (tree.test.kind === 'is' || tree.test.kind === 'exact'))
    into.push({ field: flatName(tree.field.name), texts: textsOf(tree.test.pattern) })
  else if (tree.kind === 'and' || tree.kind === 'or') for (const one of tree.of) collect(one, into)
}

export const matchersOf = (query: string): Matcher[] => {
  const parsed = parsePipeline(query)
  const matchers: Matcher[] = []
  if (parsed.ok) collect(parsed.pipeline.filter, matchers)
  return matchers.filter((one) => one.texts.length > 0)
}

export interface MarkedPiece {
  text: string
  is_match: boolean
}

/** How far into a value marks are looked for: values can hold megabytes. */
const farthest = 20_000

/** The value cut where a text of the query begins and ends; overlapping finds are one. */
export const markPieces = (value: string, field: string, matchers: readonly Matcher[]): MarkedPiece[] => {
  const name = flatName(field)
  const texts = matchers.flatMap((one) => (one.field === null || one.field === name ? one.texts : []))
  if (texts.length === 0) return [{ text: value, is_match: false }]
  const head = value.slice(0, farthest).toLowerCase()
  // Lower case may be longer than what was written (İ): then places would not fit.
  if (head.length !== Math.min(value.length, farthest)) return [{ text: value, is_match: false }]
  const found: [number, number][] = []
  for (const text of texts)
    for (let at = head.indexOf(text); at !== -1; at = head.indexOf(text, at + text.length)) found.push([at, at + text.length])
  found.sort((a, b) => a[0] - b[0])
  const pieces: MarkedPiece[] = []
  let done = 0
  for (const [from, to] of found) {
    if (to <= done) continue
    if (from > done) pieces.push({ text: value.slice(done, from), is_match: false })
    pieces.push({ text: value.slice(Math.max(from, done), to), is_match: true })
    done = to
  }
  if (done < value.length) pieces.push({ text: value.slice(done), is_match: false })
  return pieces
}
