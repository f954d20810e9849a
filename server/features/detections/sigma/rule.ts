// What a Sigma document becomes: the one representation that the matcher, the SQL of a rule and its explanation are made from.
// Plain data, so that it can be kept as JSON and handed to another process.

/** A piece of a value as the rule means it, after escapes: text, `*` or `?`. */
export type Part = { kind: 'text'; text: string } | { kind: 'any' } | { kind: 'one' }

export type Compare = 'eq' | 'neq' | 'lt' | 'lte' | 'gt' | 'gte'
export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'

/** What one value of a field is held against. A field of several values passes when any of them does. */
export type Test =
  /** The whole value, from its first to its last character. No parts: present and empty. */
  | { kind: 'like'; parts: readonly Part[]; is_cased: boolean }
  /** Of a value that is a number as a whole; any other fails. */
  | { kind: 'number'; compare: Exclude<Compare, 'neq'>; value: number }
  /** RE2 syntax, searched anywhere in the value; `.` does not match a line feed unless `s` is among the flags. */
  | { kind: 'regex'; pattern: string; flags: string }
  | { kind: 'cidr'; network: string }
  /** The field is not there, or null. An empty text is neither. */
  | { kind: 'null' }
  | { kind: 'exists'; is_there: boolean }
  /** Any value of this field against any value of another one of the same row. */
  | { kind: 'fieldref'; field: string; how: 'equals' | 'startswith' | 'endswith' | 'contains'; is_cased: boolean }
  /** Part of a time, in UTC. `week` is that of ISO 8601. */
  | { kind: 'time'; part: TimePart; compare: Exclude<Compare, 'neq'>; value: number }

/** Where a test stands in the rule, as written there, for its explanation. */
export interface Origin {
  selection: string
  /** The key with its modifiers: `CommandLine|contains|all`; "" of a keyword. */
  key: string
  value: string
}

export type Expr =
  | { kind: 'and'; of: readonly Expr[] }
  | { kind: 'or'; of: readonly Expr[] }
  | { kind: 'not'; of: Expr }
  | { kind: 'field'; field: string; test: Test; origin: Origin }
  /** Any value of the row, never a key; `like` with `*` at both ends, or `regex`. */
  | { kind: 'keyword'; test: Test; origin: Origin }
  | { kind: 'constant'; value: boolean }

export interface LogSource {
  category: string | null
  product: string | null
  service: string | null
}

export type Level = 'informational' | 'low' | 'medium' | 'high' | 'critical'

/** What every kind of document says of itself. */
export interface About {
  id: string | null
  /** Unique in its pack where there is one; correlations refer by it or by the id. */
  name: string | null
  title: string
  status: string | null
  level: Level | null
  description: string
  author: string | null
  date: string | null
  modified: string | null
  license: string | null
  references: readonly string[]
  tags: readonly string[]
  falsepositives: readonly string[]
  related: readonly { id: string; type: string }[]
  /** Fields that the author wants shown with a match. */
  fields: readonly string[]
  /** Which document of its file, from 0. */
  document: number
}

export interface DetectionRule {
  kind: 'rule'
  about: About
  logsource: LogSource
  condition: Expr
  /** The condition as written; several are joined by `or`. */
  condition_text: string
  /** Without keywords; Sigma's names, blanks taken out. */
  used_fields: readonly string[]
  has_keywords: boolean
  /** Placeholders that were filled from value lists. */
  placeholders: readonly string[]
}

export type CorrelationType =
  | 'event_count'
  | 'value_count'
  | 'temporal'
  | 'temporal_ordered'
  | 'value_sum'
  | 'value_avg'
  | 'value_percentile'
  | 'value_median'

/** A boolean over the rules that a temporal correlation refers to. */
export type RuleExpr = { kind: 'and' | 'or'; of: readonly RuleExpr[] } | { kind: 'not'; of: RuleExpr } | { kind: 'rule'; rule: string }

export interface CorrelationRule {
  kind: 'correlation'
  about: About
  type: CorrelationType
  /** Ids or names, in the order of the rule. */
  rules: readonly string[]
  group_by: readonly string[]
  /** Alias of group_by → rule → its field. */
  aliases: Readonly<Record<string, Readonly<Record<string, string>>>>
  timespan_s: number
  /** All of them hold: `gt: 100` with `lte: 200` is a range. */
  conditions: readonly { compare: Compare; value: number }[]
  /** Of the temporal types only. */
  condition: RuleExpr | null
  /** The fields whose values are counted, summed, ... */
  value_fields: readonly string[]
  percentile: number | null
  /** Whether the rules that it refers to raise by themselves too. */
  generate: boolean
}

export interface FilterRule {
  kind: 'filter'
  about: About
  logsource: LogSource
  /** Null: every rule whose log source is within this one. */
  rules: readonly string[] | null
  /** Joined to a rule's condition by `and`, as pySigma does: one that excludes begins with `not`. */
  condition: Expr
  condition_text: string
  used_fields: readonly string[]
  has_keywords: boolean
}

export type SigmaDocument = DetectionRule | CorrelationRule | FilterRule

/** Why a document does not run. The list is closed, so that they can be counted. */
export type ReasonCode =
  | 'yaml'
  | 'no_title'
  | 'no_logsource'
  | 'no_detection'
  | 'no_condition'
  | 'condition'
  | 'unknown_selection'
  | 'unknown_modifier'
  | 'modifier'
  | 'value'
  | 'regex'
  | 'placeholder'
  | 'taxonomy'
  | 'pipe_condition'
  | 'correlation'
  | 'unknown_rule'
  | 'unmapped_logsource'
  | 'too_large'

export interface Reason {
  code: ReasonCode
  /** A sentence: what is wrong and what to do. */
  message: string
  /** From 1, in the text that was read. */
  line: number | null
  column: number | null
}

export type ReadDocument =
  | { ok: true; document: SigmaDocument; warnings: readonly Reason[] }
  /** `about` as far as it could be read. */
  | { ok: false; about: Partial<About>; index: number; reasons: readonly Reason[] }
