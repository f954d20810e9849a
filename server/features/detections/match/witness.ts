// What must be in a row for a rule to hold: some text of which at least one stands in its field. Rules whose texts are nowhere in a row
// need not be evaluated. A superset, always: a rule for which nothing can be said has no witness and is evaluated on every row.
import type { Expr, Part, Test } from '../sigma/rule.ts'
import { fold } from './fold.ts'
import { literalOf } from './regex-literal.ts'

/** `field` null: any value of the row. `exact`: the whole value, folded; else a part of it. */
export interface Needle {
  field: string | null
  text: string
  isExact: boolean
}

const longestText = (parts: readonly Part[]): string =>
  parts.reduce((longest, part) => (part.kind === 'text' && part.text.length > longest.length ? part.text : longest), '')

/** Shorter ones are in nearly every row; not so letters beyond ASCII. */
const shortest = 3
const isTelling = (text: string): boolean => text.length >= shortest || /[^\0-\x7f]/.test(text)

const needleOf = (field: string | null, test: Test): Needle[] | null => {
  if (test.kind === 'regex') {
    const text = fold(literalOf(test.pattern))
    return isTelling(text) ? [{ field, text, isExact: false }] : null
  }
  if (test.kind !== 'like') return null
  const [only] = test.parts
  if (test.parts.length === 0) return [{ field, text: '', isExact: true }]
  if (test.parts.length === 1 && only?.kind === 'text') return [{ field, text: fold(only.text), isExact: true }]
  const text = fold(longestText(test.parts))
  return isTelling(text) ? [{ field, text, isExact: false }] : null
}

/** The length of the weakest: a short text is in many rows. A value as a whole is worth more than the same text in part. */
const worth = (needles: readonly Needle[]): number =>
  Math.min(40, ...needles.map(({ text, isExact }) => (isExact ? text.length + 2 : text.length)))

/** Null when nothing is known. An empty list: the rule never holds. */
export const witnessOf = (expr: Expr): readonly Needle[] | null => {
  switch (expr.kind) {
    case 'constant':
      return expr.value ? null : []
    case 'not':
      return null
    case 'field':
      return needleOf(expr.field, expr.test)
    case 'keyword':
      return needleOf(null, expr.test)
    case 'or': {
      const of = expr.of.map(witnessOf)
      return of.includes(null) ? null : of.flatMap((needles) => needles ?? [])
    }
    case 'and': {
      const of = expr.of.map(witnessOf).filter((needles): needles is readonly Needle[] => needles !== null)
      return of.reduce<readonly Needle[] | null>((best, one) => (best === null || worth(one) > worth(best) ? one : best), null)
    }
  }
}
