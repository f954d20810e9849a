// What documents are to each other: filters that change rules, correlations that refer to rules.
import type { CorrelationRule, DetectionRule, Expr, FilterRule, LogSource, Reason, SigmaDocument } from './rule.ts'

const parts = ['category', 'product', 'service'] as const

/** Whether a log source lies within another one: it says at least the same. */
const isWithin = (inner: LogSource, outer: LogSource): boolean => parts.every((part) => outer[part] === null || outer[part] === inner[part])

const isNamed = (names: readonly string[], { id, name }: DetectionRule['about']): boolean =>
  names.some((one) => one === name || (id !== null && one.toLowerCase() === id.toLowerCase()))

const reserved = new Set(['and', 'or', 'not', 'of', '1', 'any', 'all'])

/** So that no pattern of the rule means a selection of the filter, nor reads so. */
const prefixed = (name: string): string => `_filt_${name}`

const renamedText = (text: string): string =>
  text.replaceAll(/[^\s()]+/g, (word) => {
    if (reserved.has(word.toLowerCase())) return word
    return prefixed(word.toLowerCase() === 'them' ? '*' : word)
  })

const renamed = (expr: Expr): Expr => {
  if (expr.kind === 'and' || expr.kind === 'or') return { kind: expr.kind, of: expr.of.map(renamed) }
  if (expr.kind === 'not') return { kind: 'not', of: renamed(expr.of) }
  if (expr.kind === 'constant') return expr
  return { ...expr, origin: { ...expr.origin, selection: prefixed(expr.origin.selection) } }
}

export const filterConcerns = (filter: FilterRule, rule: DetectionRule): boolean =>
  isWithin(rule.logsource, filter.logsource) && (filter.rules === null || isNamed(filter.rules, rule.about))

/** The rule as the filters leave it: `(rule) and (filter)` for each that concerns it, as pySigma does. `condition_text` is what then holds. */
export const applyFilters = (rule: DetectionRule, filters: readonly FilterRule[]): DetectionRule => {
  const concerning = filters.filter((filter) => filterConcerns(filter, rule))
  if (concerning.length === 0) return rule
  return {
    ...rule,
    condition: { kind: 'and', of: [rule.condition, ...concerning.map((filter) => renamed(filter.condition))] },
    condition_text: [rule.condition_text, ...concerning.map((filter) => renamedText(filter.condition_text))]
      .map((text) => `(${text})`)
      .join(' and '),
    used_fields: [...new Set([rule, ...concerning].flatMap((one) => one.used_fields))],
    has_keywords: rule.has_keywords || concerning.some((filter) => filter.has_keywords),
  }
}

export interface Linked {
  /** Correlations that can run, each behind those that it refers to. */
  correlations: readonly { rule: CorrelationRule; refers_to: ReadonlyMap<string, DetectionRule | CorrelationRule> }[]
  /** Rules and correlations that are there for others only: no correlation that refers to them lets them raise by themselves. */
  silent: ReadonlySet<SigmaDocument>
  /** What refers to no rule, to several of that name, or to itself. */
  refused: ReadonlyMap<SigmaDocument, readonly Reason[]>
}

type Referred = DetectionRule | CorrelationRule

const mostChain = 50

class Linker {
  readonly correlations: { rule: CorrelationRule; refers_to: ReadonlyMap<string, Referred> }[] = []
  readonly refused = new Map<SigmaDocument, readonly Reason[]>()
  private depth = 0
  private readonly found = new Map<string, Set<Referred>>()
  private readonly states = new Map<CorrelationRule, 'in_work' | 'linked' | 'refused'>()

  constructor(documents: readonly SigmaDocument[]) {
    for (const document of documents) {
      if (document.kind === 'filter') continue
      this.add(document.about.name, document)
      this.add(document.about.id?.toLowerCase() ?? null, document)
    }
  }

  private add(key: string | null, document: Referred): void {
    if (key === null) return
    const set = this.found.get(key)
    if (set === undefined) this.found.set(key, new Set([document]))
    else set.add(document)
  }

  private resolve(reference: string): readonly Referred[] {
    return [...(this.found.get(reference) ?? this.found.get(reference.toLowerCase()) ?? [])]
  }

  link(rule: CorrelationRule): 'linked' | 'in_work' | 'refused' {
    const known = this.states.get(rule)
    if (known !== undefined) return known
    this.states.set(rule, 'in_work')
    this.depth++
    const reasons: Reason[] = []
    const refers_to = new Map<string, Referred>()
    for (const reference of rule.rules) {
      const fault = this.follow(reference, refers_to)
      if (fault !== null) reasons.push({ ...fault, line: null, column: null })
    }
    this.depth--
    const state = reasons.length === 0 ? 'linked' : 'refused'
    if (reasons.length === 0) this.correlations.push({ rule, refers_to })
    else this.refused.set(rule, reasons)
    this.states.set(rule, state)
    return state
  }

  private follow(reference: string, into: Map<string, Referred>): Pick<Reason, 'code' | 'message'> | null {
    const [first, ...others] = this.resolve(reference)
    if (first === undefined)
      return { code: 'unknown_rule', message: `It refers to "${reference}", and no rule that runs has that name or id.` }
    if (others.length > 0) return { code: 'unknown_rule', message: `${others.length + 1} rules have the name or id "${reference}".` }
    if (this.depth > mostChain) return { code: 'too_large', message: `More than ${mostChain} correlations refer to each other in a chain.` }
    const state = first.kind === 'rule' ? 'linked' : this.link(first)
    if (state === 'in_work') return { code: 'correlation', message: `It refers to itself by way of "${reference}".` }
    if (state === 'refused') return { code: 'unknown_rule', message: `"${reference}", to which it refers, cannot run.` }
    into.set(reference, first)
    return null
  }
}

/** Finds the rules that correlations refer to, wherever they stand: before or behind, by id or name. */
export const linkCorrelations = (documents: readonly SigmaDocument[]): Linked => {
  const linker = new Linker(documents)
  for (const document of documents) if (document.kind === 'correlation') linker.link(document)
  const silent = new Set<SigmaDocument>()
  for (const { rule, refers_to } of linker.correlations) if (!rule.generate) for (const one of refers_to.values()) silent.add(one)
  for (const { rule, refers_to } of linker.correlations) if (rule.generate) for (const one of refers_to.values()) silent.delete(one)
  return { correlations: linker.correlations, silent, refused: linker.refused }
}
