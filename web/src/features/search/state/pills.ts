// A pill is a piece of query text beside the box: a field and a value, or anything else that parses. It can rest without being lost.
import { parseQuery } from '../../../../../shared/query/parse.ts'
import { printName, printQuery, printValue } from '../../../../../shared/query/print.ts'
import { literalOf } from '../../../../../shared/query/tree.ts'

export interface Pill {
  text: string
  is_off: boolean
}

/** What a pill says, for showing it. `field` is null where it is more than one field and one value. */
export interface PillParts {
  is_not: boolean
  field: string | null
  value: string
}

/** The query text for one value of a field; null stands for "has no value". */
export const termFor = (field: string, value: string | null): string =>
  value === null ? `NOT ${printName(field)}:*` : `${printName(field)}:${printValue(value)}`

/** The query text that finds a value anywhere in a row. */
export const wordFor = (value: string): string =>
  printQuery({ kind: 'word', pattern: value === '' ? [] : [{ text: value }], at: { position: 0, length: 0 } })

export const pillFor = (field: string, value: string | null, how: 'only' | 'not'): Pill => {
  if (value === null) return { text: how === 'only' ? `NOT ${printName(field)}:*` : `${printName(field)}:*`, is_off: false }
  return { text: how === 'only' ? termFor(field, value) : `NOT ${termFor(field, value)}`, is_off: false }
}

export const readPill = (text: string): PillParts => {
  const parsed = parseQuery(text)
  if (!parsed.ok) return { is_not: false, field: null, value: text }
  const is_not = parsed.tree.kind === 'not'
  const tree = parsed.tree.kind === 'not' ? parsed.tree.of : parsed.tree
  const rest = is_not ? text.replace(/^\s*(NOT\s+|-)/, '') : text
  if (tree.kind !== 'term') return { is_not, field: null, value: rest }
  const literal = tree.test.kind === 'is' ? literalOf(tree.test.pattern) : null
  const written = printQuery(tree).slice(printName(tree.field.name).length + 1)
  return { is_not, field: tree.field.name, value: literal === null || literal === '' ? written : literal }
}

const needsJson = (pills: readonly Pill[]): boolean =>
  pills.some((pill, at) => pill.text.includes('\n') || pill.text.startsWith('~ ') || (at === 0 && pill.text.startsWith('[')))

/** One pill a line, a resting one behind `~ `; JSON where a value holds a line break. */
export const printPills = (pills: readonly Pill[]): string | undefined => {
  if (pills.length === 0) return undefined
  if (needsJson(pills)) return JSON.stringify(pills.map((pill) => [pill.text, pill.is_off ? 0 : 1]))
  return pills.map((pill) => (pill.is_off ? `~ ${pill.text}` : pill.text)).join('\n')
}

const fromJson = (text: string): Pill[] | null => {
  try {
    const list: unknown = JSON.parse(text)
    if (!Array.isArray(list)) return null
    return list.flatMap((item: unknown) =>
      Array.isArray(item) && typeof item[0] === 'string' ? [{ text: item[0], is_off: item[1] === 0 }] : [],
    )
  } catch {
    return null
  }
}

export const parsePills = (text: string | undefined): Pill[] => {
  if (text === undefined || text === '') return []
  const list = text.startsWith('[') ? fromJson(text) : null
  if (list !== null) return list
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => (line.startsWith('~ ') ? { text: line.slice(2), is_off: true } : { text: line, is_off: false }))
}

const opposite = (text: string): string => (text.startsWith('NOT ') ? text.slice(4) : `NOT ${text}`)

/** Adds a pill; its opposite goes, and a resting twin wakes instead of standing there twice. */
export const withPill = (pills: readonly Pill[], pill: Pill): Pill[] => {
  const kept = pills.filter((one) => one.text !== opposite(pill.text))
  if (kept.some((one) => one.text === pill.text)) return kept.map((one) => (one.text === pill.text ? { ...one, is_off: false } : one))
  return [...kept, pill]
}

export const togglePill = (pills: readonly Pill[], index: number): Pill[] =>
  pills.map((pill, at) => (at === index ? { ...pill, is_off: !pill.is_off } : pill))
export const withoutPill = (pills: readonly Pill[], index: number): Pill[] => pills.filter((_, at) => at !== index)
export const editPill = (pills: readonly Pill[], index: number, text: string): Pill[] =>
  pills.map((pill, at) => (at === index ? { text, is_off: false } : pill))
