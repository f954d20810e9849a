// Alerts of correlation rules from the matches of the rules that they refer to. One over another is told of each moment at which the other
// held, when it asks what came together or in what order, and of each alert once, when it counts.
import type { CorrelationRule } from '../sigma/rule.ts'
import { type BaseMatch, fieldIn, type Item, type KeyedCorrelation, type Resolve } from './items.ts'
import { numbersOf } from './measures.ts'
import { episodesOf } from './windows.ts'

export { type BaseMatch, fieldsNeeded, type KeyedCorrelation, type Resolve } from './items.ts'

export interface GroupValue {
  field: string
  /** As first written; null: the rows have none. */
  value: string | null
}

export interface Alert {
  /** The key of the correlation. */
  correlation: string
  group: readonly GroupValue[]
  /** Microseconds since 1970 of the first match and of the last. */
  from: number
  to: number
  /** Of the window that goes farthest beyond the condition: what was counted, summed, ... */
  value: number
  /** In the order of time, each once. */
  row_ids: readonly string[]
}

export interface Correlated {
  alerts: readonly Alert[]
  /** Base matches in no window, for they have no time. */
  without_time: number
  /** Matches of which no value could be summed or ranked. */
  not_numbers: number
  /** Correlations that could not be looked at, and why. */
  skipped: readonly { key: string; reason: string }[]
}

/** What a correlation sees of a match or of an alert. */
interface Seen {
  rule: string
  at: number
  rows: readonly string[]
  valuesOf: (field: string) => readonly string[]
}

interface Group {
  values: GroupValue[]
  items: Item[]
}

interface Raised extends Alert {
  moments: readonly number[]
}

class Correlation {
  private readonly matches = new Map<string, Seen[]>()
  private readonly raised = new Map<string, Raised[]>()
  private readonly inWork = new Set<string>()
  private readonly byKey: ReadonlyMap<string, KeyedCorrelation>
  private readonly resolve: Resolve
  readonly skipped: { key: string; reason: string }[] = []
  withoutTime = 0
  notNumbers = 0

  constructor(correlations: readonly KeyedCorrelation[], resolve: Resolve, matches: readonly BaseMatch[]) {
    this.byKey = new Map(correlations.map((one) => [one.key, one]))
    this.resolve = resolve
    for (const { rule, row_id, at, values } of matches) {
      if (at === null) {
        this.withoutTime++
        continue
      }
      const seen: Seen = { rule, at, rows: [row_id], valuesOf: (field) => (Object.hasOwn(values, field) ? (values[field] ?? []) : []) }
      const list = this.matches.get(rule)
      if (list === undefined) this.matches.set(rule, [seen])
      else list.push(seen)
    }
  }

  alertsOf(key: string): readonly Raised[] {
    const known = this.raised.get(key)
    if (known !== undefined) return known
    const correlation = this.byKey.get(key)
    if (correlation === undefined || this.inWork.has(key)) return []
    this.inWork.add(key)
    const alerts = this.raise(correlation)
    this.inWork.delete(key)
    this.raised.set(key, alerts)
    return alerts
  }

  private raise(correlation: KeyedCorrelation): Raised[] {
    const { rule } = correlation
    const keys = new Map<string, string>()
    for (const reference of rule.rules) {
      const key = this.resolve(reference)
      if (key === null) return this.leaveOut(correlation.key, `it refers to "${reference}", which is not there`)
      if (this.inWork.has(key)) return this.leaveOut(correlation.key, `it refers to itself through "${reference}"`)
      keys.set(reference, key)
    }
    const seen = [...new Set(keys.values())].flatMap((key) => this.seenOf(key, rule))
    return [...this.groupsOf(correlation, seen).values()].flatMap((group) => this.raiseIn(correlation, keys, group))
  }

  private leaveOut(key: string, reason: string): [] {
    this.skipped.push({ key, reason })
    return []
  }

  private seenOf(key: string, by: CorrelationRule): readonly Seen[] {
    const correlation = this.byKey.get(key)
    if (correlation === undefined) return this.matches.get(key) ?? []
    const isEach = by.type.startsWith('temporal')
    return this.alertsOf(key).flatMap(({ moments, row_ids: rows, group }) =>
      (isEach ? moments : moments.slice(0, 1)).map(
        (at): Seen => ({
          rule: key,
          at,
          rows,
          valuesOf: (field) => group.filter((one) => one.field === field && one.value !== null).map(({ value }) => value ?? ''),
        }),
      ),
    )
  }

  private groupsOf(correlation: KeyedCorrelation, seen: readonly Seen[]): Map<string, Group> {
    const { rule } = correlation
    const groups = new Map<string, Group>()
    for (const { rule: key, at, rows, valuesOf } of seen) {
      const values = rule.group_by.map((field): GroupValue => {
        const own = valuesOf(fieldIn(correlation, field, key, this.resolve))
        return { field, value: own.length === 0 ? null : own.join('\n') }
      })
      const id = JSON.stringify(values.map(({ value }) => value?.toLowerCase() ?? null))
      const group = groups.get(id) ?? { values, items: [] }
      groups.set(id, group)
      group.items.push({
        rule: key,
        at,
        rows,
        counted: rule.value_fields.map((field) => valuesOf(fieldIn(correlation, field, key, this.resolve))),
      })
    }
    return groups
  }

  private raiseIn({ key, rule }: KeyedCorrelation, keys: ReadonlyMap<string, string>, group: Group): Raised[] {
    const items = group.items.toSorted((a, b) => a.at - b.at)
    if (rule.type.startsWith('value_') && rule.type !== 'value_count')
      this.notNumbers += items.filter((item) => numbersOf(item).length === 0).length
    return episodesOf(items, rule, keys).map(({ start, end, value, moments }) => {
      const own = items.slice(start, end)
      return {
        correlation: key,
        group: group.values,
        from: own[0]?.at ?? 0,
        to: own.at(-1)?.at ?? 0,
        value,
        row_ids: [...new Set([...new Set(own.map(({ rows }) => rows))].flat())],
        moments,
      }
    })
  }
}

/** All alerts of these correlations; `matches` in any order. */
export const correlate = (o: {
  correlations: readonly KeyedCorrelation[]
  resolve: Resolve
  matches: readonly BaseMatch[]
}): Correlated => {
  const all = new Correlation(o.correlations, o.resolve, o.matches)
  const alerts = o.correlations.flatMap(({ key }) =>
    all.alertsOf(key).map(({ correlation, group, from, to, value, row_ids }): Alert => ({ correlation, group, from, to, value, row_ids })),
  )
  return { alerts, without_time: all.withoutTime, not_numbers: all.notNumbers, skipped: all.skipped }
}
