// Which CSV this is. Velociraptor writes three (values verbatim with nested JSON compact; nested JSON indented and strings that
// look like something else guarded by a blank; every cell JSON), and people save them again with other programs.
import type { Json, ReadLimits } from '../../reading.ts'
import { suspects } from '../json/exact-number.ts'
import { parseRow } from '../json/parse-row.ts'
import { splitRecord } from './split-record.ts'

const delimiters = [',', ';', '\t', '|']
const guardedTab = /^\t[=+@\-\t\r\n]/
const guardedBlank = /^ (?:[ {[]|-?[\d.]|true|false|inf|base64:)/i

/** The line that tells Excel the delimiter; it is no header. */
export const delimiterLine = /^"?sep=([^\w\s"]|\t)"?(?:[\r\n]|$)/i

/** How the cells of one column become values; 'unseen': all empty so far, so that each later cell speaks for itself. */
export type ColumnKind = 'text' | 'nested' | 'json' | 'unseen'

export interface Dialect {
  columns: ColumnKind[]
  stripsBlank: boolean
  /** Signs of Velociraptor's own writers, which take the columns from the first row only. */
  isVelociraptor: boolean
}

/** The delimiter that the first line tells, else the likeliest. */
export const delimiterOf = (text: string): string | null => delimiterLine.exec(text)?.[1] ?? detectDelimiter(text)

/** The delimiter under which most of the first records have as many cells as the first; null when none makes columns. */
function detectDelimiter(text: string): string | null {
  let best: string | null = null
  let bestScore = 0
  for (const delimiter of delimiters) {
    const counts: number[] = []
    for (let at = 0; at < text.length && counts.length < 50; ) {
      const record = splitRecord(text, at, delimiter)
      if (record === null) break
      if (record.cells !== null && text.slice(at, record.end).trim() !== '') counts.push(record.cells.length)
      at = record.next
    }
    const [first = 0] = counts
    const alike = counts.filter((count) => count === first).length / Math.max(1, counts.length)
    const score = first < 2 || alike < 0.5 ? 0 : alike * 1000 + Math.min(first, 100)
    if (score > bestScore) {
      bestScore = score
      best = delimiter
    }
  }
  return best
}

const looksNested = (cell: string) => (cell.startsWith('{') && cell.endsWith('}')) || (cell.startsWith('[') && cell.endsWith(']'))

/** A cell as JSON, numbers with all digits; undefined when it is none, or breaks a limit. */
export function parseCell(cell: string, limits: ReadLimits): Json | undefined {
  const text = `{"v":${cell}}`
  const { row } = parseRow(text, suspects().test(text), limits)
  if (row === null || !Object.hasOwn(row, 'v') || Object.keys(row).length !== 1) return undefined
  return row['v']
}

interface ColumnSigns {
  /** Every cell is JSON. */
  isJson: boolean
  /** ... and one of them a quoted string, which no other writer makes. */
  isEncoded: boolean
  isNested: boolean
  isEmpty: boolean
  isIndented: boolean
  isCompact: boolean
  isGuarded: boolean
}

function signsOf(cells: readonly string[], limits: ReadLimits): ColumnSigns {
  const filled = cells.filter((cell) => cell !== '')
  const nested = filled.filter((cell) => looksNested(cell))
  const isAllJson = (some: readonly string[]) => some.length > 0 && some.every((cell) => parseCell(cell, limits) !== undefined)
  const isJson = filled.length === cells.length && isAllJson(filled)
  return {
    isJson,
    isEncoded: isJson && filled.some((cell) => cell.length > 1 && cell.startsWith('"')),
    isNested: nested.length === filled.length && isAllJson(nested),
    isEmpty: filled.length === 0,
    isIndented: nested.some((cell) => cell.includes('\n')),
    isCompact: nested.some((cell) => cell.length > 2 && !cell.includes('\n')),
    isGuarded: filled.some((cell) => guardedTab.test(cell) || cell.startsWith('base64:')),
  }
}

/** Decides by the first rows. `width`: cells of the header. */
export function detectDialect(rows: readonly string[][], width: number, limits: ReadLimits): Dialect {
  const signs = Array.from({ length: width }, (_, column) =>
    signsOf(
      rows.map((row) => row[column] ?? ''),
      limits,
    ),
  )
  const some = (name: keyof ColumnSigns) => signs.some((column) => column[name])
  const isEncoded = some('isEncoded')
  const columns = signs.map((column): ColumnKind => {
    if (isEncoded && column.isJson) return 'json'
    return column.isNested ? 'nested' : column.isEmpty ? 'unseen' : 'text'
  })
  const stripsBlank = !isEncoded && (some('isIndented') || !some('isCompact'))
  return { columns, stripsBlank, isVelociraptor: isEncoded || some('isIndented') || some('isCompact') || some('isGuarded') }
}

/** One cell as a value; undefined when the column's kind does not fit it. */
export function valueOf(cell: string, kind: ColumnKind, dialect: Dialect, limits: ReadLimits): Json | undefined {
  if (kind === 'json') return parseCell(cell, limits)
  if (kind === 'unseen') return (looksNested(cell) ? parseCell(cell, limits) : undefined) ?? unguard(cell, dialect)
  if (kind === 'nested') return cell === '' ? null : looksNested(cell) ? parseCell(cell, limits) : undefined
  return unguard(cell, dialect)
}

/** Takes off the one character that keeps spreadsheets and readers from taking a string for something else. */
export function unguard(cell: string, dialect: Dialect): string {
  const first = cell.charCodeAt(0)
  if (first === 9 && guardedTab.test(cell)) return cell.slice(1)
  if (first === 32 && dialect.stripsBlank && guardedBlank.test(cell)) return cell.slice(1)
  return cell
}
