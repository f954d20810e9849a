// A rule's condition as a function of a row's values.
import type { Expr, Test } from '../sigma/rule.ts'
import type { RowValues } from './row-values.ts'
import { fold } from './fold.ts'
import { refTests, valueTest } from './value-tests.ts'

export type RowTest = (values: RowValues) => boolean

/** Numbers fields. */
export type Slots = (field: string) => number

const refTest = (slot: number, test: Test & { kind: 'fieldref' }, slots: Slots): RowTest => {
  const other = slots(test.field)
  const holds = refTests[test.how]
  const read = (values: RowValues, of: number): readonly string[] => (test.is_cased ? (values.of(of) ?? []) : values.foldedOf(of))
  return (values) => read(values, slot).some((a) => read(values, other).some((b) => holds(a, b)))
}

export const fieldTest = (field: string, test: Test, slots: Slots): RowTest => {
  const slot = slots(field)
  if (test.kind === 'null') return (values) => (values.of(slot)?.length ?? 0) === 0
  if (test.kind === 'exists') return (values) => (values.of(slot) !== null) === test.is_there
  if (test.kind === 'fieldref') return refTest(slot, test, slots)
  const holds = valueTest(test)
  return (values) => {
    const own = values.of(slot)
    if (own === null || own.length === 0) return false
    const folded = values.foldedOf(slot)
    for (let i = 0; i < own.length; i++) if (holds(own[i] as string, folded[i] as string)) return true
    return false
  }
}

/** The texts of a long list of equal ones are looked up, not compared one by one. */
const leastForLookUp = 8

const wholeText = (expr: Expr): { field: string; text: string } | null => {
  if (expr.kind !== 'field' || expr.test.kind !== 'like' || expr.test.is_cased) return null
  const [only, more] = expr.test.parts
  return only?.kind === 'text' && more === undefined ? { field: expr.field, text: fold(only.text) } : null
}

const lookUp = (of: readonly Expr[], slots: Slots): RowTest | null => {
  if (of.length < leastForLookUp) return null
  const texts = of.map(wholeText)
  const [first] = texts
  if (first === undefined || first === null || texts.some((one) => one?.field !== first.field)) return null
  const all = new Set(texts.map((one) => one?.text))
  const slot = slots(first.field)
  return (values) => values.foldedOf(slot).some((value) => all.has(value))
}

export const compileExpr = (expr: Expr, slots: Slots): RowTest => {
  switch (expr.kind) {
    case 'constant':
      return () => expr.value
    case 'not': {
      const of = compileExpr(expr.of, slots)
      return (values) => !of(values)
    }
    case 'and': {
      const of = expr.of.map((one) => compileExpr(one, slots))
      return (values) => {
        for (let i = 0; i < of.length; i++) if (!(of[i] as RowTest)(values)) return false
        return true
      }
    }
    case 'or': {
      const fast = lookUp(expr.of, slots)
      if (fast !== null) return fast
      const of = expr.of.map((one) => compileExpr(one, slots))
      return (values) => {
        for (let i = 0; i < of.length; i++) if ((of[i] as RowTest)(values)) return true
        return false
      }
    }
    case 'field':
      return fieldTest(expr.field, expr.test, slots)
    case 'keyword': {
      const holds = valueTest(expr.test)
      return (values) => {
        const { values: own, folded } = values.all()
        return own.some((value, i) => holds(value, folded[i] as string))
      }
    }
  }
}
