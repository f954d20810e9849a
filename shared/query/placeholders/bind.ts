// `{{host}}` in a saved query stands for a value that is asked for before it runs. The value is put into the tree, never into the text:
// whatever somebody types, it is one value of the term that the placeholder stands in, and the printer quotes it.
import type { SearchParameter } from '../../domain/hunt.ts'
import { parseMoment, parseNumber } from '../literals.ts'
import { parseQuery } from '../parse.ts'
import { splitQuery } from '../pipeline.ts'
import { printQuery } from '../print.ts'
import { appendPart, type Part, type Pattern, type Query, type Test } from '../tree.ts'

/** What a placeholder stands for. `pattern`: * and ? in it are wildcards. */
export interface Value {
  type: SearchParameter['type']
  text: string
}
export type Bound = { ok: true; text: string } | { ok: false; message: string }

const placeholder = /\{\{([a-z][a-z0-9_]{0,39})\}\}/g
// Characters that nobody types, and that the language takes as those of a word.
const [open, close] = ['\uE000', '\uE001']
const marked = new RegExp(`${open}(\\d+)${close}`)
const marks = new RegExp(`${open}|${close}`)

/** The names of the placeholders of a text, each once, in order. */
export const placeholdersIn = (text: string): string[] => [...new Set([...text.matchAll(placeholder)].map(([, name]) => name ?? ''))]

class Unbindable extends Error {}

const wildParts = (text: string): Part[] => {
  const parts: Part[] = []
  for (const piece of text.split(/([*?])/)) appendPart(parts, piece === '*' || piece === '?' ? { wild: piece } : { text: piece })
  return parts
}

class Binder {
  private readonly values: readonly Value[]

  constructor(values: readonly Value[]) {
    this.values = values
  }

  private pieces(text: string): (string | Value)[] {
    return text.split(new RegExp(marked, 'g')).flatMap((piece, at): (string | Value)[] => {
      if (at % 2 === 0) return piece === '' ? [] : [piece]
      const value = this.values[Number(piece)]
      return value === undefined ? [] : [value]
    })
  }

  private literal(text: string): string {
    return this.pieces(text)
      .map((piece) => (typeof piece === 'string' ? piece : piece.text))
      .join('')
  }

  private pattern(pattern: Pattern): Pattern {
    const parts: Part[] = []
    for (const part of pattern) {
      if ('wild' in part) appendPart(parts, part)
      else
        for (const piece of this.pieces(part.text)) {
          if (typeof piece === 'string') appendPart(parts, { text: piece })
          else if (piece.type === 'pattern') for (const one of wildParts(piece.text)) appendPart(parts, one)
          else appendPart(parts, { text: piece.text })
        }
    }
    return parts
  }

  private test(test: Test): Test {
    switch (test.kind) {
      case 'is':
      case 'exact':
        return { ...test, pattern: this.pattern(test.pattern) }
      case 'compare':
        return { ...test, value: this.literal(test.value) }
      case 'range':
        return { ...test, from: test.from === null ? null : this.literal(test.from), to: test.to === null ? null : this.literal(test.to) }
      case 'regex':
        if (marks.test(test.source)) throw new Unbindable('A placeholder cannot stand in a regular expression.')
        return test
      case 'exists':
        return test
    }
  }

  tree(query: Query): Query {
    switch (query.kind) {
      case 'all':
        return query
      case 'word':
        return { ...query, pattern: this.pattern(query.pattern) }
      case 'term':
        if (marks.test(query.field.name)) throw new Unbindable('A placeholder stands for a value, not for the name of a field.')
        return { ...query, test: this.test(query.test) }
      case 'not':
        return { ...query, of: this.tree(query.of) }
      default:
        return { ...query, of: query.of.map((one) => this.tree(one)) }
    }
  }
}

/** Why a text is none of that type; null where it is one. */
export const misfitOf = ({ type, text }: Value): string | null => {
  if (text === '') return 'Give a value.'
  if (marks.test(text)) return 'This value holds a character that a query cannot hold.'
  if (type === 'number' && parseNumber(text) === null) return 'Give a number.'
  if (type === 'time' && parseMoment(text, 0) === null) return 'Give a time: 2026-03-10, 2026-03-10T08:42:19Z or now-7d.'
  return null
}

/** What is wrong with the value of a placeholder; null where every one has a value that fits. */
const lackOf = (names: readonly string[], values: ReadonlyMap<string, Value>): string | null => {
  for (const name of names) {
    const value = values.get(name)
    const why = value === undefined ? 'It is no parameter of this search.' : misfitOf(value)
    if (why !== null) return `{{${name}}}: ${why}`
  }
  return null
}

/** The query with its placeholders filled in; one without any stays as it was typed. */
export const bindQuery = (text: string, values: ReadonlyMap<string, Value>): Bound => {
  const names = placeholdersIn(text)
  if (names.length === 0) return { ok: true, text }
  const lack = lackOf(names, values)
  if (lack !== null) return { ok: false, message: lack }
  if (marks.test(text)) return { ok: false, message: 'The query holds a character that does not go with placeholders.' }
  const hidden = text.replace(placeholder, (_, name: string) => `${open}${names.indexOf(name)}${close}`)
  const { filter, pipes } = splitQuery(hidden)
  if (marks.test(pipes)) return { ok: false, message: 'A placeholder cannot stand behind a pipe.' }
  const parsed = parseQuery(filter)
  if (!parsed.ok) return { ok: false, message: `The query of this search cannot be read: ${parsed.errors[0]?.message ?? ''}` }
  try {
    const bound = new Binder(names.map((name) => values.get(name) ?? { type: 'text', text: '' })).tree(parsed.tree)
    return { ok: true, text: `${printQuery(bound)}${pipes === '' ? '' : ` ${pipes}`}` }
  } catch (error) {
    if (error instanceof Unbindable) return { ok: false, message: error.message }
    throw error
  }
}
