// Lists that were pasted, and CSV. A line that is no value as it stands may hold some among words: a report that was copied.
import type { IndicatorKind } from '../../../../shared/domain/indicators.ts'
import { cutLine } from './cut-line.ts'
import { aboutOf, type Given, refuse } from './given.ts'
import { kindNamed, recognise } from './recognise.ts'

export const isComment = (line: string): boolean => /^\s*(?:#|\/\/|;|rem\s)/i.test(line)
const comment: Given = { note: 'Comment lines' }

export function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const line = text.slice(from, end === -1 ? undefined : end)
    from = end === -1 ? text.length : end + 1
    const plain = (line.endsWith('\r') ? line.slice(0, -1) : line).trim()
    if (plain !== '') yield plain
  }
}

/** What is found among the words of a line must say by its form what it is: a word with a dot in prose is no file. */
const among = (line: string): string[] =>
  line.split(/[\s,;|"'`]+/).filter((word) => {
    if (word.length < 6) return false
    const found = recognise(word.replace(/[.:)\]]+$/, ''), null)
    return 'kind' in found && !['file_name', 'path', 'user_agent'].includes(found.kind)
  })

function* ofLine(line: string): Generator<Given> {
  if (isComment(line)) return yield comment
  if ('kind' in recognise(line, null)) return yield { value: line, kind: null, about: {} }
  const [first = ''] = line.split(/\s+#|\s+\/\/|\t/)
  if (first !== line && 'kind' in recognise(first, null)) {
    const rest = line.slice(first.length).replace(/^[\s#/]+/, '')
    return yield { value: first, kind: null, about: aboutOf({ description: rest }) }
  }
  const words = among(line)
  for (const word of words) yield { value: word.replace(/[.:)\]]+$/, ''), kind: null, about: {} }
  const whole = recognise(line, null)
  if (words.length === 0) yield refuse('reason' in whole ? whole.reason : '', line)
}

export function* readText(text: string): Generator<Given> {
  for (const line of linesOf(text)) yield* ofLine(line)
}

type Part = 'value' | 'kind' | 'description' | 'source' | 'tlp' | 'confidence' | 'valid_until'
const partWords: Readonly<Record<Part, RegExp>> = {
  value: /^(?:value|indicator|ioc|ioc_value|indicator_value|observable|artifact|hash|file_?hash|data)$/,
  kind: /^(?:type|kind|ioc_type|indicator_type|observable_type|category)$/,
  description: /^(?:description|comment|comments|note|notes|threat|malware|title|name|info)$/,
  source: /^(?:source|feed|provider|reference|author|reporter)$/,
  tlp: /^(?:tlp|marking)$/,
  confidence: /^(?:confidence|confidence_level|score)$/,
  valid_until: /^(?:valid_until|expires|expiry|expiration|expires_at|valid_to)$/,
}

export interface Header {
  parts: Partial<Record<Part, number>>
  kinds: { at: number; kind: IndicatorKind }[]
}

const headerOf = (line: string, separator: string): Header | null => {
  const cells = cutLine(line.replace(/^#\s*/, ''), separator).map((cell) =>
    cell
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_'),
  )
  const parts: Header['parts'] = {}
  for (const [part, word] of Object.entries(partWords) as [Part, RegExp][]) {
    const at = cells.findIndex((cell) => word.test(cell))
    if (at !== -1) parts[part] = at
  }
  const kinds = cells.flatMap((cell, at) => {
    const kind = kindNamed(cell)
    return kind === null ? [] : [{ at, kind }]
  })
  return parts.value === undefined && kinds.length === 0 ? null : { parts, kinds: parts.value === undefined ? kinds : [] }
}

export const separators = [',', ';', '\t', '|'] as const

export interface CsvForm {
  separator: string
  header: Header
  headerLine: string
}

/** Null: the first line that is more than a comment names no column that holds values. */
export const csvForm = (text: string): CsvForm | null => {
  let seen = 0
  for (const line of linesOf(text)) {
    if (++seen > 20) return null
    const separator = separators.find((one) => line.includes(one))
    const header = separator === undefined ? headerOf(line, ',') : headerOf(line, separator)
    // A first value is no header: `hash` alone is one, `a1b2...` is not.
    if (header !== null && !('kind' in recognise(line, null))) return { separator: separator ?? ',', header, headerLine: line }
    if (!isComment(line)) return null
  }
  return null
}

const lastOfWildKinds: Readonly<Record<string, IndicatorKind>> = { ip: 'ip_range' }

function* ofCells(cells: readonly string[], { parts, kinds }: Header, line: string): Generator<Given> {
  const cell = (part: Part): string => cells[parts[part] ?? -1] ?? ''
  const about = aboutOf({
    description: cell('description'),
    source: cell('source'),
    tlp: cell('tlp'),
    confidence: cell('confidence'),
    valid_until: cell('valid_until'),
  })
  const named = kindNamed(cell('kind'))
  const values =
    parts.value === undefined ? kinds.map(({ at, kind }) => ({ value: cells[at] ?? '', kind })) : [{ value: cell('value'), kind: named }]
  const there = values.filter(({ value }) => value !== '')
  if (there.length === 0) yield refuse('No value in the line', line)
  for (const { value, kind } of there)
    yield { value, kind: kind === null ? null : value.includes('/') ? (lastOfWildKinds[kind] ?? kind) : kind, about }
}

export function* readCsv(text: string, form: CsvForm): Generator<Given> {
  let isBefore = true
  for (const line of linesOf(text)) {
    if (isBefore) {
      isBefore = line !== form.headerLine
      if (isBefore) yield comment
    } else if (line.startsWith('#')) yield comment
    else yield* ofCells(cutLine(line, form.separator), form.header, line)
  }
}
