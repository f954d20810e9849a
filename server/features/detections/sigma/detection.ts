// A rule's selections and condition, put together.
import { type Condition, namesOf, parseCondition } from './condition.ts'
import type { ValueOptions } from './modifiers.ts'
import type { Expr } from './rule.ts'
import { selectionExpr } from './selection.ts'
import { entryOf, type Place, Refused, type Tree, tryEach } from './yaml-tree.ts'

export interface Detection {
  condition: Expr
  condition_text: string
  used_fields: readonly string[]
  has_keywords: boolean
}

/** Of hostile rules: a condition that names a large selection a thousand times. The largest real one has 4,432. */
const mostTests = 50_000

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

const sizeOf = (expr: Expr): number => {
  if (expr.kind === 'and' || expr.kind === 'or') return expr.of.reduce((n, one) => n + sizeOf(one), 0)
  return expr.kind === 'not' ? sizeOf(expr.of) : 1
}

interface Selection {
  expr: Expr
  size: number
}

class Builder {
  private tests = 0
  private readonly place: Place
  private readonly selections: ReadonlyMap<string, Selection>

  constructor(selections: ReadonlyMap<string, Selection>, place: Place) {
    this.selections = selections
    this.place = place
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
    this.tests += found.size
    if (this.tests > mostTests) throw new Refused('too_large', `The condition comes to more than ${mostTests} tests.`, this.place)
    return found.expr
  }
}

/** `notSelections`: what else stands in the map, besides the condition. @throws Refused */
export const detectionOf = (tree: Tree | undefined, o: ValueOptions, place: Place, notSelections: readonly string[]): Detection => {
  if (tree?.kind !== 'map') throw new Refused('no_detection', 'The rule has no detection.', place)
  const conditions = conditionsOf(tree)
  const written = tree.entries.filter(([name]) => name !== 'condition' && !notSelections.includes(name))
  if (written.length === 0) throw new Refused('no_detection', 'The detection has no selection.', tree.at)
  const selections = new Map<string, Selection>()
  const readSelection = (name: string, of: Tree) => (): void => {
    const expr = selectionExpr(name, of, o)
    selections.set(name, { expr, size: sizeOf(expr) })
  }
  const parsed: Condition[] = []
  tryEach([
    ...written.map(([name, of]) => readSelection(name, of)),
    ...conditions.map((one) => () => void parsed.push(parseCondition(one.text, one.at))),
  ])
  const builder = new Builder(selections, conditions[0]?.at ?? place)
  const read = tryEach(parsed.map((one) => () => builder.build(one)))
  const condition: Expr = read.length === 1 ? (read[0] as Expr) : { kind: 'or', of: read }
  const fields = new Set<string>()
  const has_keywords = fieldsOf(condition, fields)
  const texts = conditions.map(({ text }) => text.trim())
  const condition_text = texts.length === 1 ? (texts[0] as string) : texts.map((text) => `(${text})`).join(' or ')
  return { condition, condition_text, used_fields: [...fields], has_keywords }
}
