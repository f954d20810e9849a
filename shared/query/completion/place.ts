// What could stand where the caret is. Only the text before it decides; what follows is taken along where it is the rest of the
// same word.
import { filterTokens, type Token } from '../tokens.ts'
import { scanRun } from '../runs.ts'
import { stagePlace } from './stage-place.ts'
import type { Place } from './wants.ts'

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

interface ValueStart {
  start: number
  field: string
  inList: boolean
}

const valuePlace = (text: string, caret: number, { start, field, inList }: ValueStart): Place | null => {
  const isExact = caret > start && text[start] === '='
  const from = isExact ? start + 1 : start
  const word = typedValue(text.slice(from, caret))
  if (word === null) return null
  const run = scanRun(text, from, {})
  const to = run.unclosedAt === null && run.end >= caret ? run.end : caret
  return { from, to, word, wants: { kind: 'value', field, isExact, inList } }
}

/** The field whose value begins at a place, where one does: right behind its colon, or within its parentheses. */
const valueStart = (tokens: readonly Token[], { token, before }: ReturnType<typeof current>, start: number): ValueStart | null => {
  if (before?.kind === 'field' && (endOf(before) === start || token?.kind === 'fault'))
    return { start: endOf(before), field: before.name, inList: false }
  const listed = listedField(tokens)
  return listed === null ? null : { start, field: listed, inList: true }
}

const termPlace = (text: string, caret: number, start: number, before: Token | undefined): Place | null => {
  const typed = text.slice(start, caret)
  if (typed !== '' && !nameStart.test(typed)) return null
  const from = start + (typed.startsWith('-') ? 1 : 0)
  nameRest.lastIndex = caret
  const isBehind = before !== undefined && !['open', 'and', 'or', 'not'].includes(before.kind) && !typed.startsWith('-')
  return { from, to: caret + (nameRest.exec(text)?.[0].length ?? 0), word: text.slice(from, caret), wants: { kind: 'term', isBehind } }
}

const isPlain = (token: Token | null): boolean => token === null || token.kind === 'pattern'

/** Null where nothing can be offered: in the middle of a range, an expression, a number or a path. */
export const placeAt = (text: string, caret: number): Place | null => {
  const { tokens, pipeAt } = filterTokens(text.slice(0, caret))
  if (pipeAt !== null) return stagePlace(text, caret, pipeAt)
  const here = current(tokens, caret)
  const start = here.token?.position ?? caret
  const value = valueStart(tokens, here, start)
  const isOpen = isPlain(here.token) || here.token?.kind === 'exact' || here.token?.kind === 'fault'
  if (value !== null) return isOpen || !value.inList ? valuePlace(text, caret, value) : null
  return isPlain(here.token) ? termPlace(text, caret, start, here.before) : null
}
