// What could stand where the caret is. Only the text before it decides; what follows is taken along where it is the rest of the
// same word.
import { filterTokens, type Token } from '../tokens.ts'
import { scanRun } from '../runs.ts'
import { stagePlace } from './stage-place.ts'
import type { StageKind } from '../pipes/stage.ts'

export interface FixedWord {
  word: string
  about: string
}

export type Wants =
  /** A term: a field's name with its colon; `isBehind` where one stands before it, so that an operator may come too. */
  | { kind: 'term'; isBehind: boolean }
  /** `isExact` behind `=`, which stays. */
  | { kind: 'value'; field: string; isExact: boolean; inList: boolean }
  | { kind: 'stage'; fitting: readonly StageKind[] }
  /** The name of a field that is none of these. */
  | { kind: 'name'; taken: readonly string[] }
  | { kind: 'words'; words: readonly FixedWord[] }

export interface Place {
  /** What is replaced. */
  from: number
  to: number
  /** What is typed of it, without its quote. */
  word: string
  wants: Wants
}

const nameStart = /^-?[\p{L}_@$][\p{L}\p{N}_.@$#%-]*$/u
const nameRest = /[\p{L}\p{N}_.@$#%-]*:?/uy

const endOf = (token: Token): number => token.position + token.length

/** The field whose values the open parentheses at the end hold: `user_name:(alice OR `. */
const listedField = (tokens: readonly Token[]): string | null => {
  const groups: (string | null)[] = []
  tokens.forEach((token, at) => {
    if (token.kind === 'open') {
      const before = tokens[at - 1]
      const own = before?.kind === 'field' && endOf(before) === token.position ? before.name : null
      groups.push(own ?? groups.at(-1) ?? null)
    } else if (token.kind === 'close') groups.pop()
  })
  return groups.at(-1) ?? null
}

/** What is typed at the end; null for a place between two tokens. A field without a value is told as a fault over its name. */
const current = (tokens: readonly Token[], end: number): { token: Token | null; before: Token | undefined } => {
  const last = tokens.at(-1)
  if (last === undefined || endOf(last) < end || ['open', 'and', 'or', 'not', 'close'].includes(last.kind))
    return { token: null, before: last }
  const before = tokens.at(-2)
  if (last.kind === 'fault' && before?.kind === 'field' && before.position === last.position) return { token: null, before }
  return { token: last, before }
}

const noLiteral = /^[><[{/]/

/** A value as far as it is typed: its text without quotes. Null where what stands there is no plain value. */
const typedValue = (raw: string): string | null => {
  if (noLiteral.test(raw)) return null
  const quote = raw.indexOf('"')
  if (quote === -1) return raw
  // Behind a closed quote nothing is left to be completed.
  return raw.indexOf('"', quote + 1) === -1 ? raw.slice(0, quote) + raw.slice(quote + 1) : null
}

const valuePlace = (text: string, caret: number, start: number, field: string, inList: boolean): Place | null => {
  const isExact = caret > start && text[start] === '='
  const from = isExact ? start + 1 : start
  const word = typedValue(text.slice(from, caret))
  if (word === null) return null
  const run = scanRun(text, from, {})
  const to = run.unclosedAt === null && run.end >= caret ? run.end : caret
  return { from, to, word, wants: { kind: 'value', field, isExact, inList } }
}

const termPlace = (text: string, caret: number, start: number, before: Token | undefined): Place | null => {
  const typed = text.slice(start, caret)
  if (typed !== '' && !nameStart.test(typed)) return null
  const from = start + (typed.startsWith('-') ? 1 : 0)
  nameRest.lastIndex = caret
  const isBehind = before !== undefined && !['open', 'and', 'or', 'not'].includes(before.kind) && !typed.startsWith('-')
  return { from, to: caret + (nameRest.exec(text)?.[0].length ?? 0), word: text.slice(from, caret), wants: { kind: 'term', isBehind } }
}

/** Null where nothing can be offered: in the middle of a range, an expression, a number or a path. */
export const placeAt = (text: string, caret: number): Place | null => {
  const head = text.slice(0, caret)
  const { tokens, pipeAt } = filterTokens(head)
  if (pipeAt !== null) return stagePlace(text, caret, pipeAt)
  const listed = listedField(tokens)
  const { token, before } = current(tokens, caret)
  const start = token?.position ?? caret
  const field = before?.kind === 'field' && (endOf(before) === start || (token?.kind === 'fault' && endOf(before) < start)) ? before : null
  if (field !== null) return valuePlace(text, caret, endOf(field), field.name, false)
  if (token !== null && token.kind !== 'pattern' && token.kind !== 'exact' && token.kind !== 'fault') return null
  if (listed !== null) return valuePlace(text, caret, start, listed, true)
  return token?.kind === 'fault' || token?.kind === 'exact' ? null : termPlace(text, caret, start, before)
}
