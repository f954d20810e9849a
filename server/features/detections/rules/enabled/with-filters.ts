// Filters join their condition to that of rules, as pySigma does: one that excludes begins with `not`.
import type { DetectionRule, FilterRule, LogSource } from '../../sigma/rule.ts'

const isWithin = (rule: LogSource, filter: LogSource): boolean =>
  (['category', 'product', 'service'] as const).every((part) => filter[part] === null || filter[part] === rule[part])

const names = (rule: DetectionRule): string[] =>
  [rule.about.id, rule.about.name].flatMap((name) => (name === null ? [] : [name.toLowerCase()]))

export const isFilteredBy = (rule: DetectionRule, filter: FilterRule): boolean =>
  isWithin(rule.logsource, filter.logsource) &&
  (filter.rules === null || filter.rules.some((one) => names(rule).includes(one.toLowerCase())))

/** The same rule when no filter is for it. */
export const withFilters = (rule: DetectionRule, filters: readonly FilterRule[]): DetectionRule => {
  const joined = filters.filter((filter) => isFilteredBy(rule, filter))
  if (joined.length === 0) return rule
  return {
    ...rule,
    condition: { kind: 'and', of: [rule.condition, ...joined.map((filter) => filter.condition)] },
    condition_text: [rule.condition_text, ...joined.map((filter) => filter.condition_text)].map((text) => `(${text})`).join(' and '),
    used_fields: [...new Set([...rule.used_fields, ...joined.flatMap((filter) => filter.used_fields)])],
    has_keywords: rule.has_keywords || joined.some((filter) => filter.has_keywords),
  }
}
