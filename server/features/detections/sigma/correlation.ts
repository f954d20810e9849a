// Correlation rules: counts, sums and orders of what other rules found, in a span of time.
import { type Condition, parseCondition } from './condition.ts'
import { isCompare } from './modifiers.ts'
import type { CorrelationRule, CorrelationType, RuleExpr } from './rule.ts'
import { entryOf, Refused, textOf, textsOf, type Tree } from './yaml-tree.ts'

const types: readonly string[] = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
] satisfies CorrelationType[]

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, M: 2_592_000, y: 31_536_000 }
const mostSeconds = 10 * 31_536_000

type Map = Tree & { kind: 'map' }

const wrong = (message: string, tree: Tree): Refused => new Refused('correlation', message, tree.at)

const timespanOf = (correlation: Map): number => {
  const written = entryOf(correlation, 'timespan') ?? entryOf(correlation, 'timeframe')
  const found = /^\s*(\d+)\s*([smhdwMy])\s*$/.exec(textOf(written) ?? '')
  if (found === null) throw wrong('A correlation needs a time span such as 30s, 5m, 1h or 2d.', written ?? correlation)
  const seconds = Number(found[1]) * (unitSeconds[found[2] as string] ?? 1)
  if (seconds < 1 || seconds > mostSeconds)
    throw wrong('The time span of a correlation lies between a second and ten years.', written ?? correlation)
  return seconds
}

const withoutBlanks = (name: string): string => name.replaceAll(/\s/g, '')

const aliasesOf = (tree: Tree | undefined, rules: readonly string[]): CorrelationRule['aliases'] => {
  if (tree === undefined || (tree.kind === 'scalar' && tree.type === 'null')) return {}
  if (tree.kind !== 'map') throw wrong('Aliases are a map: alias, rule, field.', tree)
  const fieldOf = (alias: string, rule: string, field: Tree): string => {
    const name = withoutBlanks(textOf(field) ?? '')
    if (name === '') throw wrong(`The alias "${alias}" says no field of "${rule}".`, field)
    if (!rules.includes(rule)) throw wrong(`The alias "${alias}" names "${rule}", which is not among the rules.`, field)
    return name
  }
  return Object.fromEntries(
    tree.entries.map(([alias, of]) => {
      if (of.kind !== 'map') throw wrong(`The alias "${alias}" says for no rule which field it is.`, of)
      return [alias, Object.fromEntries(of.entries.map(([rule, field]) => [rule, fieldOf(alias, rule, field)]))]
    }),
  )
}

/** A key that is not known may be one that was misspelt, and then the rule would mean something else. */
const checkKeys = (map: Map, known: readonly string[], where: string): void => {
  const other = map.entries.find(([key]) => !known.includes(key))
  if (other !== undefined) throw wrong(`"${other[0]}" is not known in ${where}; there are ${known.join(', ')}.`, other[1])
}
const correlationKeys = ['type', 'rules', 'group-by', 'aliases', 'timespan', 'timeframe', 'condition', 'generate']
const conditionKeys = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq', 'field', 'percentile']

const ruleExpr = (condition: Condition, rules: readonly string[], tree: Tree): RuleExpr => {
  if (condition.kind === 'and' || condition.kind === 'or')
    return { kind: condition.kind, of: condition.of.map((one) => ruleExpr(one, rules, tree)) }
  if (condition.kind === 'not') return { kind: 'not', of: ruleExpr(condition.of, rules, tree) }
  if (condition.kind === 'of') throw wrong('The condition of a correlation names its rules one by one.', tree)
  if (!rules.includes(condition.name)) throw wrong(`The condition names "${condition.name}", which is not among the rules.`, tree)
  return { kind: 'rule', rule: condition.name }
}

const isTemporal = (type: string): boolean => type.startsWith('temporal')

const comparesOf = (condition: Map): CorrelationRule['conditions'] =>
  condition.entries
    .filter(([key]) => isCompare(key))
    .map(([key, tree]) => {
      const value = Number(textOf(tree) ?? Number.NaN)
      if (!Number.isFinite(value)) throw wrong(`"${key}" needs a number.`, tree)
      return { compare: key as 'gte', value }
    })

interface Conditions {
  conditions: CorrelationRule['conditions']
  condition: RuleExpr | null
  value_fields: readonly string[]
  percentile: number | null
}

const fieldsOfCondition = (condition: Map): string[] => textsOf(entryOf(condition, 'field')).map(withoutBlanks)

const percentileOf = (condition: Map): number | null => {
  const text = textOf(entryOf(condition, 'percentile'))
  if (text === null) return null
  const value = Number(text)
  if (!(value >= 0 && value <= 100)) throw wrong('A percentile lies between 0 and 100.', condition)
  return value
}

const mapCondition = (type: string, condition: Map): Conditions => {
  checkKeys(condition, conditionKeys, 'the condition of a correlation')
  const conditions = comparesOf(condition)
  if (conditions.length === 0) throw wrong('The condition compares with nothing: write gte, gt, lte, lt, eq or neq.', condition)
  const value_fields = fieldsOfCondition(condition)
  const percentile = percentileOf(condition)
  if (type.startsWith('value_') && value_fields.length === 0) throw wrong(`${type} needs the field whose values it takes.`, condition)
  if (type.startsWith('value_') && type !== 'value_count' && value_fields.length > 1) throw wrong(`${type} takes one field.`, condition)
  if (type === 'value_percentile' && percentile === null) throw wrong('value_percentile needs `percentile` in its condition.', condition)
  return { conditions, condition: null, value_fields, percentile }
}

const conditionOf = (type: string, rules: readonly string[], correlation: Map): Conditions => {
  const tree = entryOf(correlation, 'condition')
  const none = { conditions: [], condition: null, value_fields: [], percentile: null }
  if (tree?.kind === 'map') return mapCondition(type, tree)
  if (!isTemporal(type)) throw wrong(`${type} needs a condition such as "gte: 5".`, tree ?? correlation)
  if (tree?.kind !== 'scalar' || tree.type === 'null') return none
  return { ...none, condition: ruleExpr(parseCondition(tree.text, tree.at), rules, tree) }
}

const namesIn = (condition: Condition): string[] => {
  if (condition.kind === 'and' || condition.kind === 'or') return condition.of.flatMap(namesIn)
  if (condition.kind === 'not') return namesIn(condition.of)
  return condition.kind === 'name' ? [condition.name] : []
}

/** Those of the condition, where it names them and no list does. */
const rulesOf = (correlation: Map): readonly string[] => {
  const listed = textsOf(entryOf(correlation, 'rules'))
  const condition = entryOf(correlation, 'condition')
  if (listed.length > 0 || condition?.kind !== 'scalar' || condition.type === 'null') return listed
  return [...new Set(namesIn(parseCondition(condition.text, condition.at)))]
}

/** @throws Refused */
export const correlationOf = (correlation: Tree, root: Tree): Omit<CorrelationRule, 'kind' | 'about'> => {
  if (correlation.kind !== 'map') throw wrong('The correlation says nothing.', correlation)
  const type = textOf(entryOf(correlation, 'type'))?.trim() ?? ''
  if (!types.includes(type)) throw wrong(`"${type}" is no type of correlation; there are ${types.join(', ')}.`, correlation)
  checkKeys(correlation, correlationKeys, 'a correlation')
  const rules = rulesOf(correlation)
  if (rules.length === 0) throw wrong('A correlation refers to at least one rule.', correlation)
  const isGenerating = [entryOf(correlation, 'generate'), entryOf(root, 'generate')].some((tree) => textOf(tree)?.toLowerCase() === 'true')
  return {
    type: type as CorrelationType,
    rules,
    group_by: [...new Set(textsOf(entryOf(correlation, 'group-by')).map(withoutBlanks))],
    aliases: aliasesOf(entryOf(correlation, 'aliases'), rules),
    timespan_s: timespanOf(correlation),
    ...conditionOf(type, rules, correlation),
    generate: isGenerating,
  }
}
