import { raw, type Sql, sql, text } from '../../../platform/sql.ts'
import { appendPart, literalOf, type Part, type Pattern } from '../../../../shared/query/tree.ts'

export const never: Sql = raw('false')
export const always: Sql = raw('true')

const isAscii = (value: string): boolean => !/[\u0080-\uffff]/.test(value)

/** Without a letter there is no case, and the bare column can be looked up in an index. */
const hasCase = (value: string): boolean => value.toLowerCase() !== value || value.toUpperCase() !== value

/** Case is dropped on both sides by the same function; the one for ASCII is many times faster and enough for an ASCII needle. */
export const lowered = (value: Sql, needles: readonly string[]): Sql =>
  needles.every(isAscii) ? sql`lower(${value})` : sql`lowerUTF8(${value})`
export const lower = (needle: string): string => needle.toLowerCase()

const textsOf = (pattern: Pattern): string[] => pattern.flatMap((p) => ('text' in p ? [p.text] : []))

const toLike = (pattern: Pattern, cased: (text: string) => string): string =>
  pattern.map((p) => ('wild' in p ? (p.wild === '*' ? '%' : '_') : cased(p.text).replace(/[\\%_]/g, '\\$&'))).join('')

/** The whole of `value` against a pattern, in any case. */
export const matches = (value: Sql, pattern: Pattern): Sql => {
  const literal = literalOf(pattern)
  if (literal !== null && !hasCase(literal)) return sql`${value} = ${text(literal)}`
  if (literal !== null) return sql`${lowered(value, [literal])} = ${text(lower(literal))}`
  return sql`${lowered(value, textsOf(pattern))} LIKE ${text(toLike(pattern, lower))}`
}

/** The whole of `value` against a pattern, minding the case. */
export const matchesExactly = (value: Sql, pattern: Pattern): Sql => {
  const literal = literalOf(pattern)
  return literal !== null ? sql`${value} = ${text(literal)}` : sql`${value} LIKE ${text(toLike(pattern, (part) => part))}`
}

/** Text that stands in the row's `text` wherever the pattern matches one of its values; '' when nothing can be told. */
const needleOf = (pattern: Pattern): string => {
  // A value may hold line breaks, and how `text` carries those is not to be relied on.
  const lines = textsOf(pattern).flatMap((t) => t.split(/[\r\n]/))
  const longest = lines.reduce((best, line) => (line.length > best.length ? line : best), '')
  // An empty list or object is a value and no word of the row.
  return /^(\[?\]?|\{?\}?)$/.test(longest) ? '' : lower(longest)
}

const holds = (needle: string): Sql => sql`position(text, ${text(needle)}) > 0`

const escapeRegex = (value: string): string => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('\u0000', '\\x00')

const trimmed = (pattern: Pattern): Pattern => {
  const isStar = (p: Part | undefined): boolean => p !== undefined && 'wild' in p && p.wild === '*'
  const kept = pattern.slice(isStar(pattern[0]) ? 1 : 0, pattern.length > 1 && isStar(pattern.at(-1)) ? -1 : undefined)
  const again: Part[] = []
  for (const part of kept) appendPart(again, part)
  return again
}

/** A word or phrase anywhere in the row's values; a wildcard stays within one of them. */
export const holdsWord = (pattern: Pattern): Sql => {
  const inner = trimmed(pattern)
  const literal = literalOf(inner)
  if (literal !== null) return literal === '' ? always : holds(lower(literal))
  const source = inner.map((p) => ('wild' in p ? (p.wild === '*' ? '[^\\n]*' : '[^\\n]') : escapeRegex(lower(p.text)))).join('')
  const needle = needleOf(inner)
  const found = sql`match(text, ${text(source)})`
  return needle === '' ? found : sql`(${holds(needle)} AND ${found})`
}

/** Whether `value` holds what a regular expression finds: in any case unless `(?-i)` says otherwise. */
export const matchesRegex = (value: Sql, source: string): Sql =>
  sql`match(${value}, ${text(`(?i)${source.replaceAll('\u0000', '\\x00')}`)})`
