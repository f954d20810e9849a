// Names of fields for the word under the caret. Only where a field may stand: a value, a quote or a range offers none.
import { printName } from '../../../../../shared/query/print.ts'
import { type Token, tokensOf } from '../../../../../shared/query/tokens.ts'
import type { FieldInfo } from '../fields/groups.ts'

/** The word that a name would take the place of; `to` goes past the caret and over a colon that is there already. */
export interface NamePlace {
  word: string
  from: number
  to: number
}

export const mostSuggestions = 8
const nameStart = /^-?[\p{L}_@$][\p{L}\p{N}_.@$#%-]*$/u
const nameRest = /[\p{L}\p{N}_.@$#%-]*:?/uy

const endOf = (token: Token): number => token.position + token.length

/** Whether the open parentheses at the end hold values of a field: `user_name:(alice OR `. */
const inValues = (tokens: readonly Token[]): boolean => {
  const groups: boolean[] = []
  tokens.forEach((token, at) => {
    if (token.kind === 'open') {
      const before = tokens[at - 1]
      groups.push((groups.at(-1) ?? false) || (before?.kind === 'field' && endOf(before) === token.position))
    } else if (token.kind === 'close') groups.pop()
  })
  return groups.at(-1) ?? false
}

/** Where the word at the end begins; null when what stands there can be no name. */
const wordStart = (text: string, tokens: readonly Token[]): number | null => {
  const last = tokens.at(-1)
  if (last === undefined || endOf(last) < text.length || last.kind === 'open') return text.length
  if (last.kind !== 'pattern' || !nameStart.test(text.slice(last.position))) return null
  const before = tokens.at(-2)
  const isValue = before !== undefined && endOf(before) === last.position && before.kind !== 'open' && before.kind !== 'not'
  return isValue ? null : last.position
}

/** Null where no field can stand at the caret. */
export const nameAt = (text: string, caret: number): NamePlace | null => {
  const head = text.slice(0, caret)
  const tokens = tokensOf(head)
  const start = inValues(tokens) ? null : wordStart(head, tokens)
  if (start === null) return null
  const from = start + (head[start] === '-' ? 1 : 0)
  nameRest.lastIndex = caret
  return { word: head.slice(from), from, to: caret + (nameRest.exec(text)?.[0].length ?? 0) }
}

const plain = (name: string): string => name.toLowerCase().replaceAll('.', '_')

const rankOf = (name: string, word: string): number => {
  const at = plain(name).indexOf(word)
  if (at === -1) return 3
  return at === 0 ? 0 : plain(name)[at - 1] === '_' ? 1 : 2
}

/** The names that hold the word, those that begin with it first, then by how many rows have them. */
export const suggestionsFor = (fields: readonly FieldInfo[], word: string): FieldInfo[] => {
  const wanted = plain(word)
  return fields
    .map((field) => ({ field, rank: rankOf(field.name, wanted) }))
    .filter((one) => one.rank < 3)
    .sort((a, b) => a.rank - b.rank || b.field.rows - a.field.rows || a.field.name.localeCompare(b.field.name))
    .slice(0, mostSuggestions)
    .map((one) => one.field)
}

/** The query with the name in its place, and where the caret then stands: after the colon. */
export const complete = (text: string, place: NamePlace, name: string): { text: string; caret: number } => {
  const written = `${printName(name)}:`
  return { text: text.slice(0, place.from) + written + text.slice(place.to), caret: place.from + written.length }
}
