import { type StageToken, stageTokens } from '../pipes/scan.ts'
import { type StageKind, stageKinds, stageNamed, stageRules } from '../pipes/stage.ts'
import type { FixedWord, Place, Wants } from './wants.ts'

const wordRest = /[\p{L}\p{N}_.@$#%-]*/uy
const endOf = (token: StageToken): number => token.position + token.length

const behindFields: Readonly<Record<StageKind, readonly FixedWord[]>> = {
  stack: [
    { word: 'by host', about: 'fewest or most by hosts instead of rows' },
    { word: 'rare', about: 'the rarest first, as without it' },
    { word: 'top 10', about: 'the commonest first' },
    { word: 'newest', about: 'what was first seen last' },
  ],
  timeline: [],
  where: [],
  sort: [
    { word: 'desc', about: 'from the greatest; a dash before the field says the same' },
    { word: 'asc', about: 'from the least' },
  ],
  dedup: [],
  fields: [],
}
const comma: FixedWord = { word: ',', about: 'one more field' }
const nextStage: FixedWord = { word: '|', about: 'another stage' }

const counted: readonly FixedWord[] = [
  { word: 'count', about: 'rows of the group' },
  { word: 'hosts', about: 'hosts of the group' },
]
const signs: readonly FixedWord[] = ['>', '>=', '<', '<=', '='].map((word) => ({ word, about: '' }))

const words = (list: readonly FixedWord[]): Wants => ({ kind: 'words', words: list })

/** Stages that may stand behind the ones that are there. */
const fittingAfter = (before: readonly StageKind[]): StageKind[] =>
  stageKinds.filter((kind) => {
    const { of, rank } = stageRules[kind]
    if (before.length === 0) return kind !== 'where'
    return before.every((one) => stageRules[one].of === of && stageRules[one].rank <= rank && (one !== kind || kind === 'where'))
  })

const wantedInWhere = (tokens: readonly StageToken[]): Wants | null => {
  if (tokens.length === 0) return words(counted)
  if (tokens.length === 1) return words(signs)
  return tokens.length === 3 ? words([nextStage]) : null
}

/** What may stand behind the tokens of one stage. */
const wantedIn = (stage: StageKind, tokens: readonly StageToken[]): Wants | null => {
  if (stage === 'where') return wantedInWhere(tokens)
  const last = tokens.at(-1)
  const isName = (token: StageToken): token is StageToken & { text: string } => token.kind === 'word' || token.kind === 'quoted'
  const taken = tokens.filter(isName).map((token) => token.text)
  if (last === undefined || last.kind === 'comma' || last.kind === 'minus') return { kind: 'name', taken }
  const said = new Set(taken.map((word) => word.toLowerCase()))
  const left = behindFields[stage].filter(({ word }) => !said.has(word.split(' ')[0] ?? ''))
  return words([...(stage === 'timeline' ? [] : [comma]), ...left, nextStage])
}

const stagesBefore = (tokens: readonly StageToken[]): StageKind[] =>
  tokens.flatMap((token, at) => {
    const name = tokens[at + 1]
    return token.kind === 'pipe' && name?.kind === 'word' ? (stageNamed(name.text) ?? []) : []
  })

/** A word, or a name in quotes that are still open. */
const isHalf = (token: StageToken, text: string): boolean =>
  token.kind === 'word' || (token.kind === 'fault' && text[token.position] === '"')
const goesOn: ReadonlySet<StageToken['kind']> = new Set(['pipe', 'comma', 'minus', 'sign'])

/** What may stand behind the tokens up to a place; null where nothing of ours may. */
const wantedBehind = (tokens: readonly StageToken[]): Wants | null => {
  const begin = tokens.findLastIndex((token) => token.kind === 'pipe')
  const [first, ...behind] = tokens.slice(begin + 1)
  if (first === undefined) return { kind: 'stage', fitting: fittingAfter(stagesBefore(tokens.slice(0, begin))) }
  const stage = first.kind === 'word' ? stageNamed(first.text) : null
  return stage === null ? null : wantedIn(stage, behind)
}

const wordEnd = (text: string, at: number): number => {
  wordRest.lastIndex = at
  return at + (wordRest.exec(text)?.[0].length ?? 0)
}

/** What stands at the caret behind the first pipe. */
export const stagePlace = (text: string, caret: number, pipeAt: number): Place | null => {
  const all = stageTokens(text.slice(0, caret), pipeAt)
  const touched = all.slice(-1).find((token) => endOf(token) === caret) ?? null
  const half = touched !== null && isHalf(touched, text) ? touched : null
  const isDone = half === null && touched !== null && !goesOn.has(touched.kind)
  if (isDone) return null
  const wants = wantedBehind(half === null ? all : all.slice(0, -1))
  if (wants === null) return null
  const from = half?.position ?? caret
  return { from, to: wordEnd(text, caret), word: text.slice(from, caret).replace(/^"/, ''), wants }
}
