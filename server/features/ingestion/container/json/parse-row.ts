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

/** Places where a key ends: `":` not behind a backslash. Only an estimate, which a difference sends to the exact count. */
function countKeyEnds(text: string): number {
  let count = 0
  for (let at = text.indexOf('":'); at !== -1; at = text.indexOf('":', at + 2)) if (text.charCodeAt(at - 1) !== 92) count++
  return count
}

const refused = (reason: string): ParsedRow => ({ row: null, reason, duplicates: 0 })

/** `isSuspect`: a number may lose digits as a double (suspects() found something in the text). */
export function parseRow(text: string, isSuspect: boolean, limits: ReadLimits): ParsedRow {
  if (text.length > limits.maxRowBytes) return refused(`Row of ${text.length} characters: longer than the limit of ${limits.maxRowBytes}`)
  if (text.length > scanDepthAbove && isDeeper(text, limits.maxDepth)) return refused(`Nested deeper than ${limits.maxDepth} levels`)
  let value: Json
  let hasExact = false
  try {
    if (isSuspect) ({ value, hasExact } = parseExact(text))
    else value = JSON.parse(text) as Json
  } catch (error) {
    return refused(`Not valid JSON: ${(error as Error).message.slice(0, 200).toWellFormed()}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refused('Not a row: a JSON object was expected')
  keys = 0
  if (!measure(value, limits.maxDepth)) return refused(`Nested deeper than ${limits.maxDepth} levels`)
  const found = keys
  if (found > limits.maxColumns) {
    const columns = Object.keys(value).length
    if (columns > limits.maxColumns) return refused(`${columns} columns: more than the limit of ${limits.maxColumns}`)
  }
  if (hasExact) reviveExact(value)
  const duplicates = countKeyEnds(text) === found ? 0 : differingDuplicates(text)
  return { row: value as Row, reason: '', duplicates }
}
