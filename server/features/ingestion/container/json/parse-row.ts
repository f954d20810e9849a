// One JSON text to one row, inside the limits: depth and columns are checked without recursion into what is too deep, and a key
// that comes twice is noticed (JSON.parse keeps the last one silently).
import type { Json, ReadLimits, Row } from '../../reading.ts'
import { differingDuplicates } from './duplicate-keys.ts'
import { parseExact, reviveExact } from './exact-number.ts'

/** Longer texts are scanned for depth before JSON.parse spends memory on every open bracket. */
const scanDepthAbove = 65_536

export interface ParsedRow {
  row: Row | null
  reason: string
  /** Keys that came twice with different values, the earlier one dropped. */
  duplicates: number
}

let keys = 0

/** Counts keys into `keys`; false when nested deeper than `left` allows. */
function measure(value: object, left: number): boolean {
  if (left === 0) return false
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) if (typeof item === 'object' && item !== null && !measure(item, left - 1)) return false
    return true
  }
  const holder = value as Record<string, unknown>
  for (const key in holder) {
    keys++
    const item = holder[key]
    if (typeof item === 'object' && item !== null && !measure(item, left - 1)) return false
  }
  return true
}

function isDeeper(text: string, limit: number): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === 92) at++
      else if (code === 34) inString = false
    } else if (code === 34) inString = true
    else if (code === 123 || code === 91) {
      if (++depth > limit) return true
    } else if (code === 125 || code === 93) depth--
  }
  return false
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(quote - 1 - backslashes) === 92) backslashes++
  return backslashes % 2 === 1
}

/** Places where a key ends: an unescaped `":`. Only an estimate (a string may begin so), which a difference sends to the exact count. */
function countKeyEnds(text: string): number {
  let count = 0
  for (let at = text.indexOf('":'); at !== -1; at = text.indexOf('":', at + 2)) if (!isEscaped(text, at)) count++
  return count
}

const refused = (reason: string): ParsedRow => ({ row: null, reason, duplicates: 0 })

const isObject = (value: Json): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

function parse(text: string, isSuspect: boolean): { value: Json; exact: number } | string {
  try {
    return isSuspect ? parseExact(text) : { value: JSON.parse(text) as Json, exact: 0 }
  } catch (error) {
    return `Not valid JSON: ${(error as Error).message.slice(0, 200).toWellFormed()}`
  }
}

/** `isSuspect`: a number may lose digits as a double (suspects() found something in the text). */
export function parseRow(text: string, isSuspect: boolean, limits: ReadLimits): ParsedRow {
  const { maxRowBytes, maxDepth, maxColumns } = limits
  if (text.length > maxRowBytes) return refused(`Row of ${text.length} characters: longer than the limit of ${maxRowBytes}`)
  if (text.length > scanDepthAbove && isDeeper(text, maxDepth)) return refused(`Nested deeper than ${maxDepth} levels`)
  const parsed = parse(text, isSuspect)
  if (typeof parsed === 'string') return refused(parsed)
  const { value } = parsed
  if (!isObject(value)) return refused('Not a row: a JSON object was expected')
  keys = 0
  if (!measure(value, maxDepth)) return refused(`Nested deeper than ${maxDepth} levels`)
  const found = keys
  const columns = found > maxColumns ? Object.keys(value).length : 0
  if (columns > maxColumns) return refused(`${columns} columns: more than the limit of ${maxColumns}`)
  if (parsed.exact > 0) reviveExact(value, parsed.exact)
  return { row: value, reason: '', duplicates: countKeyEnds(text) === found ? 0 : differingDuplicates(text) }
}
