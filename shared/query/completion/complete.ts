// What a query can be completed with at the caret. Pure: the fields and the values that there are come from the caller, values late.
import { printName, printStageName, printValue } from '../print.ts'
import type { StageKind } from '../pipes/stage.ts'
import { placeAt } from './place.ts'
import type { FixedWord, Place } from './wants.ts'

export interface KnownField {
  name: string
  type: 'text' | 'number' | 'time' | 'boolean' | 'address'
  rows: number
}
export interface KnownValue {
  value: string
  rows: number
}
export interface Suggestion {
  kind: 'field' | 'value' | 'operator' | 'stage'
  /** What it is shown as. */
  name: string
  /** What it is written as. */
  written: string
  about: string
  /** Of a field or a value; null where that says nothing. */
  rows: number | null
  type: KnownField['type'] | null
}

export const mostSuggestions = 8

const plain = (name: string): string => name.toLowerCase().replaceAll('.', '_')

const rankOf = (name: string, word: string): number => {
  const at = plain(name).indexOf(word)
  if (at === -1) return 3
  return at === 0 ? 0 : plain(name)[at - 1] === '_' ? 1 : 2
}

/** The fields that hold the word, those that begin with it first, then by how many rows have them. */
const fieldsFor = (fields: readonly KnownField[], word: string): KnownField[] => {
  const wanted = plain(word)
  return fields
    .map((field) => ({ field, rank: rankOf(field.name, wanted) }))
    .filter((one) => one.rank < 3)
    .sort((a, b) => a.rank - b.rank || b.field.rows - a.field.rows || a.field.name.localeCompare(b.field.name))
    .slice(0, mostSuggestions)
    .map((one) => one.field)
}

const asField = (field: KnownField, written: string): Suggestion => {
  return { kind: 'field', name: field.name, written, about: '', rows: field.rows, type: field.type }
}
const asWord = ({ word, about }: FixedWord, kind: 'operator' | 'stage' = 'operator', written = word): Suggestion => {
  return { kind, name: word, written, about, rows: null, type: null }
}

const operators: readonly FixedWord[] = [
  { word: 'AND', about: 'both; the same as a blank' },
  { word: 'OR', about: 'one of the two' },
  { word: 'NOT', about: 'not the next term' },
]
const pipe: FixedWord = { word: '|', about: 'a stage: stack, timeline, sort, fields, dedup' }

const stageHelp: Readonly<Record<StageKind, string>> = {
  stack: 'count rows and hosts by one to five fields',
  timeline: 'what happened in order, by a field',
  where: 'groups with so many rows or hosts',
  sort: 'by fields; a dash before one turns it round',
  dedup: 'one row of each combination of values',
  fields: 'the columns to show',
}

const anyValue: FixedWord = { word: '*', about: 'any value' }
const exactly: FixedWord = { word: '=', about: 'minding the case' }
const greater: readonly FixedWord[] = [
  { word: '>', about: 'greater' },
  { word: '<', about: 'less' },
]
const times: readonly FixedWord[] = ['24h', '7d', '30d'].map((ago) => ({ word: `>now-${ago}`, about: `since ${ago} ago` }))
const networks: readonly FixedWord[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((word) => ({
  word,
  about: 'a private network',
}))
const formsOf: Readonly<Record<KnownField['type'], readonly FixedWord[]>> = {
  text: [anyValue, exactly, { word: '/', about: 'a regular expression, ending with /' }, { word: '(', about: 'one of several: (a OR b)' }],
  boolean: [anyValue],
  number: [anyValue, ...greater, { word: '[', about: 'a range: [1 TO 1023]' }],
  time: [anyValue, ...times, ...greater],
  address: [anyValue, ...networks],
}

const termSuggestions = (place: Place, isBehind: boolean, fields: readonly KnownField[]): Suggestion[] => {
  const { word } = place
  const isCapital = word !== '' && word === word.toUpperCase()
  const fitting = isBehind ? operators : operators.filter((one) => one.word === 'NOT')
  const before = word === '' && isBehind ? [...operators, pipe] : isCapital ? fitting.filter((one) => one.word.startsWith(word)) : []
  const names = fieldsFor(fields, word).map((field) => asField(field, `${printName(field.name)}:`))
  return [...before.map((one) => asWord(one, 'operator', `${one.word} `)), ...names].slice(0, mostSuggestions)
}

/** Values that go on as what is typed does, in any case unless it is minded. */
const valueSuggestions = (place: Place, isExact: boolean, values: readonly KnownValue[]): Suggestion[] => {
  const same = (text: string): string => (isExact ? text : text.toLowerCase())
  const anywhere = place.word.startsWith('*')
  const wanted = same(anywhere ? place.word.replace(/^\*+/, '').replace(/\*+$/, '') : place.word.replace(/\*+$/, ''))
  const fits = (value: string): boolean => (anywhere ? same(value).includes(wanted) : same(value).startsWith(wanted))
  return values
    .filter(({ value }) => value !== '' && value !== place.word && fits(value))
    .slice(0, mostSuggestions)
    .map(({ value, rows }) => ({ kind: 'value', name: value, written: printValue(value), about: '', rows, type: null }))
}

const sameName = (a: string, b: string): boolean => plain(a) === plain(b)

/** What to offer at a place, best first; `values` are those of the field that the place wants one of. */
export const suggestAt = (place: Place, known: { fields: readonly KnownField[]; values: readonly KnownValue[] }): Suggestion[] => {
  const { wants, word } = place
  switch (wants.kind) {
    case 'term':
      return termSuggestions(place, wants.isBehind, known.fields)
    case 'value': {
      const type = known.fields.find((field) => sameName(field.name, wants.field))?.type ?? 'text'
      const forms = word !== '' || wants.isExact ? [] : formsOf[type].filter((form) => !wants.inList || !'(['.includes(form.word))
      return [...valueSuggestions(place, wants.isExact, known.values), ...forms.map((form) => asWord(form))]
    }
    case 'stage': {
      const fitting = wants.fitting.filter((kind) => kind.startsWith(word.toLowerCase()))
      return fitting.map((kind) => asWord({ word: kind, about: stageHelp[kind] }, 'stage', `${kind} `))
    }
    case 'name': {
      const free = known.fields.filter((field) => !wants.taken.some((name) => sameName(name, field.name)))
      return fieldsFor(free, word).map((field) => asField(field, printStageName(field.name)))
    }
    case 'words':
      return wants.words.filter((one) => one.word.startsWith(word.toLowerCase())).map((one) => asWord(one, 'operator', `${one.word} `))
  }
}

/** The query that finds rows with values to offer at a place; null where no values are wanted. */
export const valuesQuery = ({ wants, word }: Place): { field: string; query: string } | null => {
  if (wants.kind !== 'value') return null
  const anywhere = word.startsWith('*')
  const wanted = word.replace(/^\*+/, '').replace(/\*+$/, '')
  const field = printName(wants.field)
  return { field: wants.field, query: wanted === '' ? `${field}:*` : `${field}:${anywhere ? '*' : ''}${printValue(wanted)}*` }
}

/** The query with what was chosen in its place, and where the caret then stands. */
export const accepted = (text: string, place: Place, suggestion: Pick<Suggestion, 'written'>): { text: string; caret: number } => {
  const rest = text.slice(place.to)
  // A blank that is there already is not written twice.
  const written = rest.startsWith(' ') ? suggestion.written.trimEnd() : suggestion.written
  const caret = place.from + written.length
  return { text: text.slice(0, place.from) + written + rest, caret: written === suggestion.written ? caret : caret + 1 }
}

export { type Place, placeAt }
