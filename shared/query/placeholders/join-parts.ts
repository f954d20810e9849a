// The box and the pills as one query. A part that would bind more loosely than its neighbours goes into parentheses.
import { parseQuery } from '../parse.ts'
import { splitQuery } from '../pipeline.ts'

const isLoose = (text: string): boolean => {
  const parsed = parseQuery(text)
  return !parsed.ok || parsed.tree.kind === 'or'
}

/** All of these at once; stages of the first part stand behind the whole. */
export const joinParts = (texts: readonly string[]): string => {
  const parts = texts.map(splitQuery)
  const filters = parts.map((part) => part.filter.trim()).filter((filter) => filter !== '')
  const joined = filters.map((filter) => (filters.length > 1 && isLoose(filter) ? `(${filter})` : filter)).join(' ')
  const pipes = parts[0]?.pipes ?? ''
  return [joined, pipes].filter((part) => part !== '').join(' ')
}
