// The box and the pills as one query, and the way back from a position in it to the part that was meant.
import { parseQuery } from '../../../../../shared/query/parse.ts'
import { splitQuery } from '../../../../../shared/query/pipeline.ts'
import type { Pill } from './pills.ts'

/** Where a part stands in the whole. */
export interface QueryPart {
  /** Null for the box. */
  pill: number | null
  start: number
  length: number
  /** Where the part begins in its own text: the stages of the box stand behind its filter. */
  offset: number
}

export interface CompiledQuery {
  query: string
  parts: readonly QueryPart[]
}

const isLoose = (text: string): boolean => {
  const parsed = parseQuery(text)
  return !parsed.ok || parsed.tree.kind === 'or'
}

/** Pills are filters: they stand before the stages of the box. */
export const compileQuery = (q: string, pills: readonly Pill[]): CompiledQuery => {
  const { filter, pipes } = splitQuery(q)
  const before = pipes === '' ? filter : filter.trimEnd()
  const sources = [
    ...(filter.trim() === '' ? [] : [{ pill: null, text: before }]),
    ...pills.flatMap((pill, at) => (pill.is_off || pill.text.trim() === '' ? [] : [{ pill: at, text: pill.text }])),
  ]
  let query = ''
  const parts: QueryPart[] = []
  for (const { pill, text } of sources) {
    if (query !== '') query += ' '
    // A stage in a pill must not become one of the whole.
    const isStage = pill !== null && splitQuery(text).pipes !== ''
    const wrapped = isStage || (sources.length > 1 && isLoose(text))
    parts.push({ pill, start: query.length + (wrapped ? 1 : 0), length: text.length, offset: 0 })
    query += wrapped ? `(${text})` : text
  }
  if (pipes === '') return { query, parts }
  if (query !== '') query += ' '
  parts.push({ pill: null, start: query.length, length: pipes.length, offset: filter.length })
  return { query: query + pipes, parts }
}

export interface Place {
  pill: number | null
  position: number
  length: number
}

const nowhere: QueryPart = { pill: null, start: 0, length: 0, offset: 0 }

/** The part that a mistake of the whole query stands in, with its position there. */
export const placeOf = (compiled: CompiledQuery, position: number, length: number): Place => {
  const part = compiled.parts.findLast((one) => position >= one.start) ?? nowhere
  const at = Math.min(position - part.start, part.length)
  return { pill: part.pill, position: part.offset + at, length: Math.max(0, Math.min(length, part.length - at)) }
}
