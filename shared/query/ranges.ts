import { isBlank, scanRun } from './runs.ts'
import type { Span } from './tree.ts'

export interface RangeToken extends Span {
  from: string | null
  to: string | null
  includes_from: boolean
  includes_to: boolean
}

type Found = { ok: true; found: RangeToken } | { ok: false; unclosedAt: number | null; span: Span; message: string; expected: string[] }
type Bound = { value: string | null; end: number } | { unclosedAt: number } | null

const skipBlanks = (text: string, at: number): number => {
  let next = at
  while (isBlank(text[next] ?? '')) next++
  return next
}

/** One bound; null when there is none that can be one. */
const scanBound = (text: string, at: number): Bound => {
  const run = scanRun(text, at, { inRange: true })
  if (run.unclosedAt !== null) return { unclosedAt: run.unclosedAt }
  if (run.end === at + 1 && text[at] === '*') return { value: null, end: run.end }
  return run.end === at || run.hasWildcard ? null : { value: run.literal, end: run.end }
}

/** `[a TO b]`, `{a TO b}` or one of each, from its opening bracket. */
export const scanRange = (text: string, start: number): Found => {
  const fail = (at: number, message: string, expected: string[]): Found => {
    const length = Math.max(1, Math.min(at, text.length) - start)
    return { ok: false, unclosedAt: null, span: { position: start, length }, message, expected }
  }
  const missing = (at: number, which: string): Found =>
    fail(at, `The range at character ${start + 1} needs a value or * as its ${which} bound.`, ['a number', 'a time', '*'])
  const open = (unclosedAt: number): Found => ({ ok: false, unclosedAt, span: { position: start, length: 1 }, message: '', expected: [] })

  let at = skipBlanks(text, start + 1)
  const from = scanBound(text, at)
  if (from === null) return missing(at, 'first')
  if ('unclosedAt' in from) return open(from.unclosedAt)
  const to = /\s+TO\s+/y
  to.lastIndex = from.end
  const between = to.exec(text)
  if (between === null)
    return fail(
      skipBlanks(text, from.end),
      `The range at character ${start + 1} has no TO between its bounds; a value that begins with [ or { goes into quotes.`,
      ['TO'],
    )
  at = from.end + between[0].length
  const until = scanBound(text, at)
  if (until === null) return missing(at, 'second')
  if ('unclosedAt' in until) return open(until.unclosedAt)
  at = skipBlanks(text, until.end)
  const close = text[at]
  if (close !== ']' && close !== '}') return fail(at, `The range opened at character ${start + 1} is not closed.`, [']', '}'])
  const span = { position: start, length: at + 1 - start }
  return { ok: true, found: { from: from.value, to: until.value, includes_from: text[start] === '[', includes_to: close === ']', ...span } }
}
