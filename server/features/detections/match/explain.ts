// Why a rule holds for a row or does not: its condition as a tree, each leaf with what the row has there.
import type { DetectionRule, Expr, Test } from '../sigma/rule.ts'
import { keysOf } from '../sources/keys.ts'
import { readField } from '../sources/read-field.ts'
import type { RowView } from '../sources/row-view.ts'
import type { FieldKey, Source } from '../sources/source.ts'
import { sourcesOf, sourcesOfRow } from '../sources/sources.ts'
import { compileExpr } from './compiled-expr.ts'
import { fold } from './fold.ts'
import { type Hit, hitsOf } from './hits.ts'
import { RowValues } from './row-values.ts'
import { valueTest } from './value-tests.ts'

export interface FoundValue {
  /** Of the row. */
  field: string
  /** At most 4,000 characters of it. */
  value: string
  value_length: number
  hits: readonly Hit[]
}

export interface WhyNode {
  kind: Expr['kind']
  held: boolean
  selection?: string
  key?: string
  wanted?: string
  absent?: boolean
  found?: FoundValue[]
  of?: WhyNode[]
  /** Alternatives that did not hold and are not listed. */
  left_out?: number
}

export interface Explanation {
  held: boolean
  /** The title of the source by which the rule looks at the row. */
  logsource: string
  condition: string
  selections: { name: string; held: boolean }[]
  tree: WhyNode
  values: FoundValue[]
}

const longestHeld = 4000
/** Of a value that the rule did not find: enough to see what is there. */
const longestOther = 300
/** A rule may list thousands of names of drivers. */
const mostAlternatives = 50
const mostFound = 20

const shown = (field: string, value: string, hits: readonly Hit[], longest: number): FoundValue => ({
  field,
  value: value.slice(0, longest),
  value_length: value.length,
  hits: hits.filter(({ end }) => end <= longest),
})

const selectionsOf = (expr: Expr): string[] => {
  if ('origin' in expr) return [expr.origin.selection]
  if (expr.kind === 'not') return selectionsOf(expr.of)
  return 'of' in expr ? expr.of.flatMap(selectionsOf) : []
}

class Explainer {
  /** Name of a selection -> whether it held; one that stands in the condition in parts holds when all of them do. */
  readonly selections = new Map<string, boolean>()
  private readonly source: Source
  private readonly row: RowView
  private readonly known: ReadonlySet<string>

  constructor(source: Source, row: RowView) {
    this.source = source
    this.row = row
    this.known = new Set(row.fields.keys())
  }

  node(expr: Expr, isInSelection = false): WhyNode {
    const names = isInSelection || expr.kind === 'not' ? [] : [...new Set(selectionsOf(expr))]
    const [name] = names
    const isSelection = name !== undefined && names.length === 1
    const node = this.nodeOf(expr, isInSelection || isSelection)
    if (isSelection) this.selections.set(name, node.held && this.selections.get(name) !== false)
    return node
  }

  private nodeOf(expr: Expr, isInSelection: boolean): WhyNode {
    switch (expr.kind) {
      case 'constant':
        return { kind: 'constant', held: expr.value }
      case 'not': {
        const of = this.node(expr.of, isInSelection)
        return { kind: 'not', held: !of.held, of: [of] }
      }
      case 'and':
      case 'or':
        return several(
          expr.kind,
          expr.of.map((one) => this.node(one, isInSelection)),
        )
      case 'field':
        return this.field(expr)
      case 'keyword':
        return this.keyword(expr)
    }
  }

  private field(expr: Expr & { kind: 'field' }): WhyNode {
    const { test, origin } = expr
    const held = this.holds(expr)
    const absent = readField(this.row.fields, this.keys(expr.field)) === null
    const found = this.found(expr.field, test, held)
    return { kind: 'field', held, selection: origin.selection, key: origin.key, wanted: origin.value, absent, found }
  }

  private keyword({ test, origin }: Expr & { kind: 'keyword' }): WhyNode {
    const holds = valueTest(test)
    const found: FoundValue[] = []
    for (const [field, values] of this.row.fields)
      for (const value of values)
        if (found.length < mostFound && holds(value, fold(value))) found.push(shown(field, value, hitsOf(test, value), longestHeld))
    return { kind: 'keyword', held: found.length > 0, selection: origin.selection, key: origin.key, wanted: origin.value, found }
  }

  /** As the matcher does. */
  private holds(expr: Expr): boolean {
    const fields: string[] = []
    const slots = (field: string): number => (fields.includes(field) ? fields.indexOf(field) : fields.push(field) - 1)
    const test = compileExpr(expr, slots)
    const values = new RowValues()
    values.begin(
      this.row,
      fields.map((field) => this.keys(field)),
    )
    return test(values)
  }

  private keys(field: string): readonly FieldKey[] {
    return keysOf(this.source, field, this.known)
  }

  private *standing(field: string): Generator<[string, string]> {
    let isThere = false
    for (const key of this.keys(field)) {
      if (key.is_fallback && isThere) return
      for (const value of readField(this.row.fields, [{ ...key, is_fallback: false }]) ?? []) {
        isThere = true
        yield [key.key, value]
      }
    }
  }

  /** Where the test holds, only what it holds for. */
  private found(field: string, test: Test, held: boolean): FoundValue[] {
    const all = [...this.standing(field)]
    if (!held) return all.slice(0, mostFound).map(([key, value]) => shown(key, value, [], longestOther))
    const isOfValue = test.kind !== 'null' && test.kind !== 'exists' && test.kind !== 'fieldref'
    const holds = isOfValue ? valueTest(test) : () => true
    return all
      .filter(([, value]) => holds(value, fold(value)))
      .slice(0, mostFound)
      .map(([key, value]) => shown(key, value, hitsOf(test, value), longestHeld))
  }
}

const several = (kind: 'and' | 'or', of: readonly WhyNode[]): WhyNode => {
  const held = kind === 'and' ? of.every((one) => one.held) : of.some((one) => one.held)
  let others = 0
  const listed = of.filter((one) => one.held || others++ < mostAlternatives)
  const leftOut = of.length - listed.length
  return { kind, held, of: listed, ...(leftOut > 0 ? { left_out: leftOut } : {}) }
}

/** Values by which the rule holds: not those of exceptions, which hold by what is not there. */
const collect = (node: WhyNode, into: Map<string, FoundValue>): void => {
  if (!node.held || node.kind === 'not') return
  for (const one of node.found ?? []) {
    const id = JSON.stringify([one.field, one.value])
    const known = into.get(id)
    into.set(id, known === undefined ? one : { ...known, hits: merged([...known.hits, ...one.hits]) })
  }
  for (const one of node.of ?? []) collect(one, into)
}

const merged = (hits: readonly Hit[]): Hit[] => {
  const all: Hit[] = []
  for (const hit of hits.toSorted((a, b) => a.start - b.start)) {
    const last = all.at(-1)
    if (last !== undefined && hit.start <= last.end) last.end = Math.max(last.end, hit.end)
    else all.push({ ...hit })
  }
  return all
}

const explainBy = (rule: DetectionRule, row: RowView, source: Source): Explanation => {
  const explainer = new Explainer(source, row)
  const tree = explainer.node(rule.condition)
  const values = new Map<string, FoundValue>()
  collect(tree, values)
  return {
    held: tree.held,
    logsource: source.title,
    condition: rule.condition_text,
    selections: [...explainer.selections].map(([name, held]) => ({ name, held })),
    tree,
    values: [...values.values()],
  }
}

/** Null when the row is of no log source of the rule. Of several sources the one by which the rule holds. */
export const explain = (rule: DetectionRule, row: RowView): Explanation | null => {
  const own = new Set(sourcesOf(rule.logsource))
  const all = sourcesOfRow(row)
    .filter((source) => own.has(source))
    .map((source) => explainBy(rule, row, source))
  return all.find(({ held }) => held) ?? all[0] ?? null
}
