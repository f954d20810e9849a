// Many rules over many rows: a row goes to the rules of its log sources, and of those to the few whose texts stand in it.
import type { DetectionRule } from '../sigma/rule.ts'
import { fitOf } from '../sources/fit.ts'
import { keysOf } from '../sources/keys.ts'
import type { RowClass, RowView } from '../sources/row-view.ts'
import type { FieldKey, Source } from '../sources/source.ts'
import { rowFits, sourcesOf, sourcesOfClass } from '../sources/sources.ts'
import { compileExpr, type RowTest } from './compiled-expr.ts'
import { Candidates, NeedleIndex } from './needle-index.ts'
import { RowValues } from './row-values.ts'
import { witnessOf } from './witness.ts'

export interface KeyedRule {
  key: string
  rule: DetectionRule
}

/** The rules of one log source. */
class SourceRules {
  readonly fields: string[] = []
  readonly source: Source
  hasKeywords = false
  private readonly rules: { key: string; holds: RowTest }[] = []
  private readonly always: number[] = []
  private readonly indexes = new Map<number, NeedleIndex>()
  private readonly anywhere = new NeedleIndex()
  private usesAnywhere = false
  private readonly slotByField = new Map<string, number>()
  private readonly candidates: Candidates

  constructor(source: Source, rules: readonly KeyedRule[]) {
    this.source = source
    for (const { key, rule } of rules) this.add(key, rule)
    for (const index of this.indexes.values()) index.build()
    this.anywhere.build()
    this.candidates = new Candidates(this.rules.length)
  }

  private readonly slotOf = (field: string): number => {
    const known = this.slotByField.get(field)
    if (known !== undefined) return known
    this.fields.push(field)
    this.slotByField.set(field, this.fields.length - 1)
    return this.fields.length - 1
  }

  private add(key: string, rule: DetectionRule): void {
    const number = this.rules.length
    this.rules.push({ key, holds: compileExpr(rule.condition, this.slotOf) })
    if (rule.has_keywords) this.hasKeywords = true
    const witness = witnessOf(rule.condition)
    if (witness === null) this.always.push(number)
    for (const { field, text, isExact } of witness ?? []) this.indexOf(field).add(text, isExact, number)
  }

  private indexOf(field: string | null): NeedleIndex {
    if (field === null) {
      this.usesAnywhere = true
      return this.anywhere
    }
    const slot = this.slotOf(field)
    const index = this.indexes.get(slot) ?? new NeedleIndex()
    this.indexes.set(slot, index)
    return index
  }

  /** Indexes of the fields that have a key. */
  indexesFor(keys: readonly (readonly FieldKey[])[]): readonly (readonly [number, NeedleIndex])[] {
    return [...this.indexes].filter(([slot]) => (keys[slot]?.length ?? 0) > 0)
  }

  match(values: RowValues, indexes: readonly (readonly [number, NeedleIndex])[], found: string[]): void {
    const { candidates } = this
    candidates.begin()
    for (const number of this.always) candidates.add(number)
    for (const [slot, index] of indexes) for (const value of values.of(slot) ?? []) index.find(value, candidates)
    if (this.usesAnywhere) for (const own of values.each()) for (const value of own) this.anywhere.find(value, candidates)
    for (let i = 0; i < candidates.count; i++) {
      const rule = this.rules[candidates.numbers[i] as number]
      if (rule !== undefined && !found.includes(rule.key) && rule.holds(values)) found.push(rule.key)
    }
  }
}

interface PlannedSource {
  rules: SourceRules
  keys: readonly (readonly FieldKey[])[]
  indexes: readonly (readonly [number, NeedleIndex])[]
}

/** What rows of the same sources go to, and under which of their keys the fields of the rules stand. */
interface Plan {
  sources: readonly PlannedSource[]
  known: Set<string>
}

interface ClassPlan {
  plan: Plan
  /** For each source: every row of the class is of it, whatever its fields. */
  isSure: readonly boolean[]
}

const planned = (rules: SourceRules, known: ReadonlySet<string>): PlannedSource => {
  const keys = rules.fields.map((field) => keysOf(rules.source, field, known))
  return { rules, keys, indexes: rules.indexesFor(keys) }
}

/** Rows that name their fields as they like are planned one by one beyond so many names. */
const mostKnown = 4000

const noFields: RowView['fields'] = new Map()
const isSureOf = (source: Source, row: RowClass): boolean => {
  const { artifact, artifact_source, channel, event_code, provider, os } = row
  return rowFits(source, { artifact, artifact_source, channel, event_code, provider, os, fields: noFields })
}

const nothing: readonly string[] = []

const classKey = (row: RowClass): string =>
  `${row.channel}\n${row.event_code}\n${row.provider}\n${row.artifact}\n${row.artifact_source}\n${row.os}`

const isSameClass = (a: RowClass, b: RowClass): boolean =>
  a.event_code === b.event_code &&
  a.channel === b.channel &&
  a.provider === b.provider &&
  a.artifact === b.artifact &&
  a.artifact_source === b.artifact_source &&
  a.os === b.os

/** Classes are few in real logs; made up ones must not fill the memory. */
const mostClasses = 20_000

export class RuleSet {
  private readonly bySource = new Map<string, { source: Source; rules: KeyedRule[]; compiled?: SourceRules }>()
  private readonly plans = new Map<string, Plan>()
  private readonly classes = new Map<string, ClassPlan>()
  private last: { row: RowClass; plan: ClassPlan } | null = null
  private readonly values = new RowValues()

  constructor(rules: readonly KeyedRule[]) {
    for (const keyed of rules) {
      for (const source of sourcesOf(keyed.rule.logsource)) {
        if (!fitOf(source, keyed.rule, null).runs) continue
        const group = this.bySource.get(source.id) ?? { source, rules: [] }
        group.rules.push(keyed)
        this.bySource.set(source.id, group)
      }
    }
  }

  /** Keys of the rules that hold for the row. */
  match(row: RowView): readonly string[] {
    const { plan, isSure } = this.planOf(row)
    if (plan.sources.length === 0) return nothing
    const found: string[] = []
    for (const [n, { rules, keys, indexes }] of this.sourcesFor(plan, row).entries()) {
      if (isSure[n] !== true && !rowFits(rules.source, row)) continue
      this.values.begin(row, keys)
      rules.match(this.values, indexes, found)
    }
    return found
  }

  /** The keys of rows of a class that any of its rules looks at: of all that are known to stand in them. */
  needsOf(row: RowClass, known: ReadonlySet<string>): readonly string[] | 'all' {
    const rules = this.rulesOf(row)
    if (rules.some(({ hasKeywords }) => hasKeywords)) return 'all'
    const needed = rules.flatMap(({ source, fields }) => [
      ...fields.flatMap((field) => keysOf(source, field, known)),
      ...source.rows.flatMap((selector) => (selector.fields ?? []).flatMap(({ field }) => keysOf(source, field, known))),
    ])
    const told = rules.flatMap(({ source }) => source.rows.flatMap((selector) => selector.has ?? []))
    return [...new Set([...needed.map(({ key }) => key), ...told])]
  }

  /** Whether rows of the class go to any rule. */
  hasRulesFor(row: RowClass): boolean {
    return this.rulesOf(row).length > 0
  }

  private rulesOf(row: RowClass): readonly SourceRules[] {
    return sourcesOfClass(row).flatMap(({ id }) => {
      const group = this.bySource.get(id)
      if (group === undefined) return []
      // few of the sources have rows: the rules of each are compiled when the first row comes
      group.compiled ??= new SourceRules(group.source, group.rules)
      return group.compiled
    })
  }

  private planOf(row: RowView): ClassPlan {
    if (this.last !== null && isSameClass(this.last.row, row)) return this.last.plan
    const plan = this.classes.get(classKey(row)) ?? this.newClass(row)
    this.last = { row, plan }
    return plan
  }

  private newClass(row: RowClass): ClassPlan {
    if (this.classes.size >= mostClasses) this.classes.clear()
    const rules = this.rulesOf(row)
    const id = rules.map(({ source }) => source.id).join(' ')
    const plan = this.plans.get(id) ?? { sources: rules.map((one) => planned(one, new Set())), known: new Set<string>() }
    this.plans.set(id, plan)
    const made = { plan, isSure: rules.map(({ source }) => isSureOf(source, row)) }
    this.classes.set(classKey(row), made)
    return made
  }

  /** A row with names that none had before may have fields that the rules ask for. */
  private sourcesFor(plan: Plan, row: RowView): readonly PlannedSource[] {
    const { known } = plan
    let isNew = false
    for (const key of row.fields.keys()) {
      if (known.has(key)) continue
      if (known.size >= mostKnown) return plan.sources.map(({ rules }) => planned(rules, new Set(row.fields.keys())))
      known.add(key)
      isNew = true
    }
    if (isNew) plan.sources = plan.sources.map(({ rules }) => planned(rules, known))
    return plan.sources
  }
}

export const compileRuleSet = (rules: readonly KeyedRule[]): RuleSet => new RuleSet(rules)
