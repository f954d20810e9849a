// A rule's selections and condition, put together.
import { type Condition, namesOf, parseCondition } from './condition.ts'
import type { ValueOptions } from './modifiers.ts'
import type { Expr } from './rule.ts'
import { selectionExpr } from './selection.ts'
import { entryOf, type Place, Refused, type Tree } from './yaml-tree.ts'

export interface Detection {
  condition: Expr
  condition_text: string
  used_fields: readonly string[]
  has_keywords: boolean
}

const noSelections = new Set(['condition', 'timeframe', 'rules'])

const fieldsOf = (expr: Expr, fields: Set<string>): boolean => {
  if (expr.kind === 'and' || expr.kind === 'or') return expr.of.map((one) => fieldsOf(one, fields)).some(Boolean)
  if (expr.kind === 'not') return fieldsOf(expr.of, fields)
  if (expr.kind === 'field') {
    fields.add(expr.field)
    if (expr.test.kind === 'fieldref') fields.add(expr.test.field)
  }
  return expr.kind === 'keyword'
}

const conditionsOf = (tree: Tree): (Tree & { kind: 'scalar' })[] => {
  const written = entryOf(tree, 'condition')
  const items = written?.kind === 'list' ? written.items : written === undefined ? [] : [written]
  if (items.length === 0) throw new Refused('no_condition', 'The detection has no condition.', tree.at)
  return items.map((item) => {
    if (item.kind !== 'scalar' || item.type === 'null') throw new Refused('no_condition', 'A condition is a text.', item.at)
    return item
  })
}

class Builder {
  readonly selections = new Map<string, Expr>()
  private readonly place: Place

  constructor(selections: readonly (readonly [string, Tree])[], o: ValueOptions, place: Place) {
    this.place = place
    for (const [name, tree] of selections) this.selections.set(name, selectionExpr(name, tree, o))
  }

  build(condition: Condition): Expr {
    if (condition.kind === 'and' || condition.kind === 'or') return { kind: condition.kind, of: condition.of.map((one) => this.build(one)) }
    if (condition.kind === 'not') return { kind: 'not', of: this.build(condition.of) }
    if (condition.kind === 'name') return this.named(condition.name)
    const names = namesOf(condition.pattern, [...this.selections.keys()])
    if (names.length === 0) throw new Refused('unknown_selection', `No selection is called "${condition.pattern}".`, this.place)
    const of = names.map((name) => this.named(name))
    return of.length === 1 ? (of[0] as Expr) : { kind: condition.all ? 'and' : 'or', of }
  }

  private named(name: string): Expr {
    const found = this.selections.get(name)
    if (found === undefined)
      throw new Refused('unknown_selection', `The condition names "${name}", and there is no such selection.`, this.place)
    return found
  }
}

/** @throws Refused */
export const detectionOf = (tree: Tree | undefined, o: ValueOptions, place: Place): Detection => {
  if (tree?.kind !== 'map') throw new Refused('no_detection', 'The rule has no detection.', place)
  const conditions = conditionsOf(tree)
  const selections = tree.entries.filter(([name]) => !noSelections.has(name))
  if (selections.length === 0) throw new Refused('no_detection', 'The detection has no selection.', tree.at)
  const builder = new Builder(selections, o, conditions[0]?.at ?? place)
  const read = conditions.map(({ text, at }) => builder.build(parseCondition(text, at)))
  const condition: Expr = read.length === 1 ? (read[0] as Expr) : { kind: 'or', of: read }
  const fields = new Set<string>()
  const has_keywords = fieldsOf(condition, fields)
  return { condition, condition_text: conditions.map(({ text }) => text.trim()).join(' or '), used_fields: [...fields], has_keywords }
}
