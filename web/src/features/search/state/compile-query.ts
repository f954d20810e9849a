// The box and the pills as one query, and the way back from a position in it to the part that was meant.
import { parseQuery } from '../../../../../shared/query/parse.ts'
import type { Pill } from './pills.ts'

/** Where a part stands in the whole: `pill` is null for the box. */
export interface QueryPart {
  pill: number | null
  start: number
  length: number
}

export interface CompiledQuery {
  query: string
  parts: readonly QueryPart[]
}

const isLoose = (text: string): boolean => {
  const parsed = parseQuery(text)
  return !parsed.ok || parsed.tree.kind === 'or'
}

export const compileQuery = (q: string, pills: readonly Pill[]): CompiledQuery => {
  const sources = [
    ...(q.trim() === '' ? [] : [{ pill: null, text: q }]),
    ...pills.flatMap((pill, at) => (pill.is_off || pill.text.trim() === '' ? [] : [{ pill: at, text: pill.text }])),
  ]
  let query = ''
  const parts: QueryPart[] = []
  for (const { pill, text } of sources) {
    if (query !== '') query += ' '
    const wrapped = sources.length > 1 && isLoose(text)
    parts.push({ pill, start: query.length + (wrapped ? 1 : 0), length: text.length })
    query += wrapped ? `(${text})` : text
  }
  return { query, parts }
}

export interface Place {
  pill: number | null
  position: number
  length: number
}

/** The part that a mistake of the whole query stands in, with its position there. */
export const placeOf = (compiled: CompiledQuery, position: number, length: number): Place => {
  const part = compiled.parts.findLast((one) => position >= one.start) ?? { pill: null, start: 0, length: 0 }
  const at = Math.min(position - part.start, part.length)
  return { pill: part.pill, position: at, length: Math.max(0, Math.min(length, part.length - at)) }
}
