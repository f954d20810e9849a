/** Where something stands in the query's text: the 0-based UTF-16 index, as editors count. */
export interface Span {
  position: number
  length: number
}

/** A piece of a pattern: text taken literally, any run of characters (`*`), or exactly one (`?`). */
export type Part = { readonly text: string } | { readonly wild: '*' | '?' }
/** Never two texts nor two `*` side by side; empty for the empty value. */
export type Pattern = readonly Part[]

export interface FieldName extends Span {
  /** As typed, without quotes. */
  name: string
}

export type CompareOp = '>' | '>=' | '<' | '<='
export type Test =
  | { kind: 'is'; pattern: Pattern }
  /** The same, minding the case. */
  | { kind: 'exact'; pattern: Pattern }
  | { kind: 'exists' }
  | { kind: 'compare'; op: CompareOp; value: string }
  /** A bound of null is open. */
  | { kind: 'range'; from: string | null; to: string | null; includes_from: boolean; includes_to: boolean }
  | { kind: 'regex'; source: string }

export type Query =
  | { kind: 'all' }
  | { kind: 'word'; pattern: Pattern; at: Span }
  | { kind: 'term'; field: FieldName; test: Test; at: Span }
  | { kind: 'not'; of: Query }
  | { kind: 'and' | 'or'; of: readonly Query[] }

/** What is wrong with a query, where, and what was expected there. */
export interface QueryFault extends Span {
  /** A whole sentence for the person who typed it; characters are counted from 1 in it. */
  message: string
  expected: string[]
  /** Text that, put in place of the span, mends the query. */
  suggestion?: string
}

/** How parsers break off at a mistake; it never leaves them. */
export class SyntaxFault extends Error {
  readonly fault: QueryFault
  constructor(fault: QueryFault) {
    super(fault.message)
    this.fault = fault
  }
}

export const queryLimits = { sizeBytes: 64 * 1024, depth: 200, regexBytes: 1024 }

/** Puts a piece at the end of a pattern so that equal patterns are equal lists. */
export const appendPart = (pattern: Part[], part: Part): void => {
  const last = pattern.at(-1)
  if ('text' in part) {
    if (part.text === '') return
    if (last !== undefined && 'text' in last) pattern[pattern.length - 1] = { text: last.text + part.text }
    else pattern.push(part)
  } else if (part.wild === '?' || last === undefined || !('wild' in last) || last.wild !== '*') pattern.push(part)
}

/** The value, when a pattern holds no wildcard. */
export const literalOf = (pattern: Pattern): string | null => {
  if (pattern.length === 0) return ''
  const [only] = pattern
  return pattern.length === 1 && only !== undefined && 'text' in only ? only.text : null
}

export const isAnything = (pattern: Pattern): boolean => {
  const [only] = pattern
  return pattern.length === 1 && only !== undefined && 'wild' in only && only.wild === '*'
}
