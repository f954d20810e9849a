// What is held against the condition of a correlation: a number that changes as matches come into the window and leave it.
import type { Compare, CorrelationRule, RuleExpr } from '../sigma/rule.ts'
import type { Item } from './items.ts'

export interface Measure {
  add: (index: number) => void
  remove: (index: number) => void
  /** Of the items from `start` to before `end`, which are in; null when they have no such number, and the window does not hold. */
  value: (start: number, end: number) => number | null
  /** Beyond the conditions on the number. */
  holds?: (start: number, end: number) => boolean
}

const compares: Readonly<Record<Compare, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  neq: (a, b) => a !== b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
}

export const meets = (conditions: CorrelationRule['conditions'], value: number): boolean =>
  conditions.every(({ compare, value: bound }) => compares[compare](value, bound))

const nothing = (): void => undefined

const countOf: () => Measure = () => ({ add: nothing, remove: nothing, value: (start, end) => end - start })

/** One field: each of its values. Several: what they are together, where any of them is there. */
const tuplesOf = ({ counted }: Item): readonly string[] => {
  const lists = counted.map((values) => values.map((value) => value.toLowerCase()))
  if (lists.length === 1) return lists[0] ?? []
  return lists.every((values) => values.length === 0) ? [] : [JSON.stringify(lists)]
}

const distinctOf = (items: readonly Item[]): Measure => {
  const counts = new Map<string, number>()
  const change = (index: number, by: number): void => {
    for (const value of tuplesOf(items[index] as Item)) {
      const now = (counts.get(value) ?? 0) + by
      if (now === 0) counts.delete(value)
      else counts.set(value, now)
    }
  }
  return { add: (index) => change(index, 1), remove: (index) => change(index, -1), value: () => counts.size }
}

const decimal = /^[-+]?\d+(\.\d*)?([eE][-+]?\d+)?$/

/** Values that are no numbers are left out; how many is told. */
export const numbersOf = (item: Item): number[] => (item.counted[0] ?? []).filter((value) => decimal.test(value)).map(Number)

const sumOf = (numbers: readonly (readonly number[])[], isMean: boolean): Measure => {
  // Whole numbers are added and taken away again without a rest; others are added anew for each window.
  const all = numbers.flat()
  const isWhole = all.every(Number.isSafeInteger) && Number.isSafeInteger(all.reduce((sum, one) => sum + Math.abs(one), 0))
  let sum = 0
  let count = 0
  const change = (index: number, by: number): void => {
    for (const one of numbers[index] ?? []) {
      count += by
      sum += by * one
    }
  }
  const anew = (start: number, end: number): number => {
    let total = 0
    for (let i = start; i < end; i++) for (const one of numbers[i] ?? []) total += one
    return total
  }
  const value = (start: number, end: number): number | null => {
    if (count === 0) return null
    const total = isWhole ? sum : anew(start, end)
    return isMean ? total / count : total
  }
  return { add: (index) => change(index, 1), remove: (index) => change(index, -1), value }
}

const placeOf = (sorted: readonly number[], value: number): number => {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((sorted[middle] as number) < value) from = middle + 1
    else to = middle
  }
  return from
}

/** Between two values in proportion, so that the 50th is the median. */
export const percentileAt = (sorted: readonly number[], percentile: number): number | null => {
  if (sorted.length === 0) return null
  const place = (percentile / 100) * (sorted.length - 1)
  const below = sorted[Math.floor(place)] as number
  const above = sorted[Math.ceil(place)] as number
  return below + (above - below) * (place - Math.floor(place))
}

const rankOf = (numbers: readonly (readonly number[])[], percentile: number): Measure => {
  const sorted: number[] = []
  return {
    add: (index) => {
      for (const one of numbers[index] ?? []) sorted.splice(placeOf(sorted, one), 0, one)
    },
    remove: (index) => {
      for (const one of numbers[index] ?? []) sorted.splice(placeOf(sorted, one), 1)
    },
    value: () => percentileAt(sorted, percentile),
  }
}

const exprHolds = (expr: RuleExpr, isThere: (rule: string) => boolean): boolean => {
  if (expr.kind === 'rule') return isThere(expr.rule)
  if (expr.kind === 'not') return !exprHolds(expr.of, isThere)
  return expr.kind === 'and' ? expr.of.every((one) => exprHolds(one, isThere)) : expr.of.some((one) => exprHolds(one, isThere))
}

/** Rules that an expression wants, not those that it forbids. */
const wantedBy = (expr: RuleExpr, isNegated = false): string[] => {
  if (expr.kind === 'rule') return isNegated ? [] : [expr.rule]
  if (expr.kind === 'not') return wantedBy(expr.of, !isNegated)
  return expr.of.flatMap((one) => wantedBy(one, isNegated))
}

/** Asks whether items of rules stand in an order, from `start` to before `end`: each as early as it can, those of one moment in any order. */
const orderIn = (items: readonly Item[]): ((order: readonly string[], start: number, end: number) => boolean) => {
  const places = new Map<string, number[]>()
  for (const [index, { rule }] of items.entries()) {
    const list = places.get(rule)
    if (list === undefined) places.set(rule, [index])
    else list.push(index)
  }
  const sameTime = new Int32Array(items.length)
  for (let i = 1; i < items.length; i++) sameTime[i] = items[i]?.at === items[i - 1]?.at ? (sameTime[i - 1] ?? 0) : i
  return (order, start, end) => {
    const used = new Set<number>()
    let from = start
    for (const rule of order) {
      const own = places.get(rule) ?? []
      let place = placeOf(own, from)
      while (used.has(own[place] ?? -1)) place++
      const at = own[place] ?? end
      if (at >= end) return false
      used.add(at)
      from = Math.max(start, sameTime[at] ?? 0)
    }
    return true
  }
}

const rulesOf = (items: readonly Item[], correlation: CorrelationRule, keys: ReadonlyMap<string, string>): Measure => {
  const keyOf = (rule: string): string => keys.get(rule) ?? ''
  const counts = new Map<string, number>()
  const isThere = (rule: string): boolean => (counts.get(keyOf(rule)) ?? 0) > 0
  const { condition } = correlation
  const wanted = condition === null ? correlation.rules : correlation.rules.filter((rule) => wantedBy(condition).includes(rule))
  const standInOrder = correlation.type === 'temporal_ordered' ? orderIn(items) : null
  const change = (index: number, by: number): void => {
    const rule = items[index]?.rule ?? ''
    counts.set(rule, (counts.get(rule) ?? 0) + by)
  }
  const isMet = (): boolean => {
    if (condition !== null) return exprHolds(condition, isThere)
    return correlation.conditions.length > 0 || correlation.rules.every(isThere)
  }
  return {
    add: (index) => change(index, 1),
    remove: (index) => change(index, -1),
    value: () => new Set(correlation.rules.filter(isThere).map(keyOf)).size,
    holds: (start, end) => isMet() && standInOrder?.(wanted.filter(isThere).map(keyOf), start, end) !== false,
  }
}

/** `items` in the order of their times; `keys`: the rules that the correlation names, and their keys. */
export const measureOf = (items: readonly Item[], correlation: CorrelationRule, keys: ReadonlyMap<string, string>): Measure => {
  switch (correlation.type) {
    case 'event_count':
      return countOf()
    case 'value_count':
      return distinctOf(items)
    case 'value_sum':
      return sumOf(items.map(numbersOf), false)
    case 'value_avg':
      return sumOf(items.map(numbersOf), true)
    case 'value_median':
      return rankOf(items.map(numbersOf), 50)
    case 'value_percentile':
      return rankOf(items.map(numbersOf), correlation.percentile ?? 50)
    case 'temporal':
    case 'temporal_ordered':
      return rulesOf(items, correlation, keys)
  }
}
