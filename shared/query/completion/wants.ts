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
