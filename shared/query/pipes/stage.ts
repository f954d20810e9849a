import type { CompareOp, FieldName, Span } from '../tree.ts'

export type SortKey = { field: FieldName; descending: boolean }
/** Fewest first, most first, or what was seen first last. */
export type StackOrder = 'rare' | 'top' | 'newest'
export type CountOp = CompareOp | '='

/** A stage behind a `|`. `at` covers its name and what belongs to it, without the `|`. */
export type Stage =
  /** `limit` null: no number was written. */
  | { kind: 'stack'; fields: readonly FieldName[]; by_host: boolean; order: StackOrder; limit: number | null; at: Span }
  | { kind: 'timeline'; field: FieldName | null; at: Span }
  /** Which groups of a stack stay. */
  | { kind: 'where'; of: 'count' | 'hosts'; op: CountOp; value: number; at: Span }
  | { kind: 'sort'; keys: readonly SortKey[]; at: Span }
  | { kind: 'fields'; fields: readonly FieldName[]; at: Span }
  | { kind: 'dedup'; fields: readonly FieldName[]; at: Span }
export type StageKind = Stage['kind']

export const stageLimits = { stages: 20, stackFields: 5, stackGroups: 1000, sortKeys: 5, dedupFields: 5, fields: 100 }

/**
 * What may stand together. A stage of `groups` or `moments` gives another view than rows, so that stages of rows do not go with it;
 * among stages of one result the lower rank comes first.
 */
export const stageRules: Readonly<Record<StageKind, { of: 'groups' | 'moments' | 'rows'; rank: number }>> = {
  stack: { of: 'groups', rank: 0 },
  where: { of: 'groups', rank: 1 },
  timeline: { of: 'moments', rank: 0 },
  sort: { of: 'rows', rank: 0 },
  dedup: { of: 'rows', rank: 1 },
  fields: { of: 'rows', rank: 2 },
}
export const stageKinds = Object.keys(stageRules) as readonly StageKind[]

/** Words that a stage knows behind a field: as the name of a field they go into quotes. */
export const stageWords: ReadonlySet<string> = new Set(['by', 'rare', 'top', 'newest', 'asc', 'desc'])

export const stageNamed = (word: string): StageKind | null => stageKinds.find((kind) => kind === word.toLowerCase()) ?? null
