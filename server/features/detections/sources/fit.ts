// Whether a rule can be run on a source, and what it is blind for there. A field that a source does not have makes a test false, and so
// its negation true: `not ParentImage|endswith explorer.exe` would hold for every row of a list of processes. On records that is told
// (the event happened, the analyst decides); on a state, where every row of every host would be a match, and on artifacts that have but
// a few columns of their own, such a rule is not run.
import type { DetectionRule, Expr } from '../sigma/rule.ts'
import { missingFields } from './keys.ts'
import type { Source } from './source.ts'

type Known = ReadonlySet<string>

/** Fields whose absence would make the expression hold: tests under a negation, and tests for nothing. */
const collectLoose = (expr: Expr, isNegated: boolean, into: Set<string>): void => {
  if (expr.kind === 'and' || expr.kind === 'or') for (const part of expr.of) collectLoose(part, isNegated, into)
  else if (expr.kind === 'not') collectLoose(expr.of, !isNegated, into)
  else if (expr.kind === 'field') {
    const { test } = expr
    const isOfAbsence = test.kind === 'null' || (test.kind === 'exists' && !test.is_there)
    if (isOfAbsence !== isNegated) into.add(expr.field)
    if (test.kind === 'fieldref' && isNegated) into.add(test.field)
  }
}

export interface Fit {
  runs: boolean
  /** Fields of the rule that rows of the source never have. */
  missing: readonly string[]
  /** Those among them (or of which the rows have only a part) that can only make the rule match more: its exceptions do not work here. */
  loose: readonly string[]
}

/** `known` as in keysOf. */
export const fitOf = (source: Source, rule: DetectionRule, known: Known | null): Fit => {
  const missing = missingFields(source, rule.used_fields, known)
  const unsure = new Set<string>()
  collectLoose(rule.condition, false, unsure)
  const loose = [...unsure].filter((field) => missing.includes(field) || source.partial.includes(field))
  const isAllMissing = rule.used_fields.length > 0 && missing.length === rule.used_fields.length && !rule.has_keywords
  const isStrict = source.kind === 'state' || source.layout === 'listed'
  const runs = !isStrict || (loose.length === 0 && !isAllMissing)
  return { runs, missing, loose }
}
