// What correlations count: matches of rules, each with its moment and with the values by which it is grouped and counted.
//
// Decided here, for the specification leaves it open:
// - A window begins at a match and takes in all to the last microsecond of its span: t0 <= t <= t0 + span.
// - Windows that hold and share a match are one alert: an attack of an hour is told once, with all that belongs to it.
// - A match without a value to group by is in the group of those that have none; '' is another group. Several values of one field are one
//   value of the group, together. Values are compared without case, as everything in Sigma.
// - What has no time is in no window; it is counted.
// - Matches of the same microsecond are in either order, for many logs keep whole seconds.
import type { CorrelationRule } from '../sigma/rule.ts'

export interface BaseMatch {
  /** The key of the rule. */
  rule: string
  row_id: string
  /** Microseconds since 1970; null: the row has no time. */
  at: number | null
  /** Sigma's name of a field -> its values in the row; those of `fieldsNeeded`. */
  values: Readonly<Record<string, readonly string[]>>
}

/** A match in a group, or an alert of a correlation that another one refers to. */
export interface Item {
  rule: string
  at: number
  /** Of one array, however many items an alert has. */
  rows: readonly string[]
  /** One list for each field whose values are counted, summed, ... */
  counted: readonly (readonly string[])[]
}

export interface KeyedCorrelation {
  key: string
  rule: CorrelationRule
}

/** The key of the rule that a correlation means by an id or a name; null when there is none. */
export type Resolve = (reference: string) => string | null

/** The group's field as it is called in rows of a rule. */
export const fieldIn = ({ rule }: KeyedCorrelation, name: string, key: string, resolve: Resolve): string => {
  const own = Object.hasOwn(rule.aliases, name) ? rule.aliases[name] : undefined
  for (const [reference, field] of Object.entries(own ?? {})) if (resolve(reference) === key) return field
  return name
}

/** Fields that a base match must carry, by the key of its rule. */
export const fieldsNeeded = (correlations: readonly KeyedCorrelation[], resolve: Resolve): Map<string, Set<string>> => {
  const needed = new Map<string, Set<string>>()
  for (const correlation of correlations) {
    for (const reference of correlation.rule.rules) {
      const key = resolve(reference)
      if (key === null) continue
      const fields = needed.get(key) ?? new Set<string>()
      needed.set(key, fields)
      for (const name of [...correlation.rule.group_by, ...correlation.rule.value_fields])
        fields.add(fieldIn(correlation, name, key, resolve))
    }
  }
  return needed
}
