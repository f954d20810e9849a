// The words of the poison corpus: a hostile or broken file, and what an honest reader says of it.
import type { ReadLimits } from '../../../server/features/ingestion/reading.ts'

export interface Expectation {
  rows: number
  rejects: number
  /** Codes of warnings that must be given (others may be). */
  warns?: readonly string[]
  /** What it throws; a sentence that names the trouble must be in it. */
  throws?: 'unreadable' | 'locked'
}

export interface Poison {
  name: string
  bytes: () => Buffer
  expect: Expectation
  limits?: Partial<ReadLimits>
  password?: string
}

/** `count` rows of JSON, one a line. */
export function jsonLines(count: number, from = 0): string {
  let text = ''
  for (let at = 0; at < count; at++) text += `{"Pid":${from + at},"Name":"proc${from + at}.exe"}\n`
  return text
}

/** A generator of numbers from a seed: the corpus is the same on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}
