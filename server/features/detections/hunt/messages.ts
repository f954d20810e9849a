// What is said to the thread of the matcher, and what it answers. Rules cross as text, in portions: to copy thousands of them at once would
// stop the one that serves requests.
import type { Alert } from '../correlate/correlate.ts'
import type { CorrelationRule, DetectionRule } from '../sigma/rule.ts'
import type { RowClass } from '../sources/row-view.ts'

/** A rule as it is handed to the matcher. */
export interface RunnableRule {
  key: string
  rule: DetectionRule
}

export interface KnownClass extends RowClass {
  rows: number
  /** Names of fields in its rows. */
  names: readonly string[]
}

/** What a slice is asked for at one time. */
export interface Pass {
  /** Which of the set's rules look at it. */
  pass: number
  /** Places in the list of classes that was given. */
  classes: readonly number[]
  /** Names of the fields that rules look at in rows of those classes; null: all. */
  names: readonly string[] | null
  /** A row must hold one of them in its text; null: it need not. */
  words: readonly string[] | null
}

export interface Matched {
  groups: number
  rows: number
  /** The key of a rule, and the ids of its rows one behind the other. */
  found: readonly { key: string; ids: Uint8Array }[]
}

export interface CorrelateAsk {
  correlations: readonly { key: string; rule: CorrelationRule }[]
  /** An id or a name, in lower case, to the key of a rule. */
  names: readonly (readonly [string, string])[]
}

export type Ask =
  | { kind: 'rules'; set: string; text: string }
  | { kind: 'compile'; set: string }
  | { kind: 'plan'; set: string; classes: readonly KnownClass[] }
  | { kind: 'begin'; set: string; pass: number }
  | { kind: 'chunk'; bytes: Uint8Array }
  | { kind: 'end' }
  | { kind: 'correlate'; set: string; ask: CorrelateAsk; matches: readonly CorrelatedRow[] }

/** A base match with the class and the fields of its row, as the store holds them. */
export interface CorrelatedRow extends RowClass {
  key: string
  row_id: string
  at: number | null
  fields: Readonly<Record<string, readonly string[]>>
}

export interface Answers {
  rules: null
  compile: { is_new: boolean; rules: number }
  plan: readonly Pass[]
  begin: null
  chunk: null
  end: Matched
  correlate: { alerts: readonly Alert[]; without_time: number; not_numbers: number; skipped: readonly { key: string; reason: string }[] }
}

export type Request = { id: number } & Ask
export type Reply = { id: number; ok: true; answer: Answers[keyof Answers] } | { id: number; ok: false; error: string }
