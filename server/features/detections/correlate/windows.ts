// Windows that slide over the matches of one group. Fixed pieces of time would miss what lies across two of them.
import type { CorrelationRule } from '../sigma/rule.ts'
import type { Item } from './items.ts'
import { type Measure, measureOf, meets } from './measures.ts'

export interface Episode {
  /** Items from `start` to before `end`. */
  start: number
  end: number
  /** Of its windows the one that goes farthest beyond the condition. */
  value: number
  /** When it held, seen from then backwards; what a correlation over this one is told. */
  moments: readonly number[]
}

type Sweep = (start: number, end: number, value: number) => void

const valueOf = (measure: Measure, correlation: CorrelationRule, start: number, end: number): number | null => {
  const value = measure.value(start, end)
  if (value === null || !meets(correlation.conditions, value)) return null
  return measure.holds?.(start, end) === false ? null : value
}

const timeOf = (items: readonly Item[], index: number): number => (items[index] as Item).at

/** Every window that begins at an item. */
const forward = (items: readonly Item[], correlation: CorrelationRule, measure: Measure, found: Sweep): void => {
  const span = correlation.timespan_s * 1e6
  let end = 0
  for (let start = 0; start < items.length; ) {
    const at = timeOf(items, start)
    for (; end < items.length && timeOf(items, end) <= at + span; end++) measure.add(end)
    const value = valueOf(measure, correlation, start, end)
    if (value !== null) found(start, end, value)
    for (; start < items.length && timeOf(items, start) === at; start++) measure.remove(start)
  }
}

/** Every window that ends at an item. */
const backward = (items: readonly Item[], correlation: CorrelationRule, measure: Measure, found: Sweep): void => {
  const span = correlation.timespan_s * 1e6
  let start = 0
  for (let end = 0; end < items.length; ) {
    const at = timeOf(items, end)
    for (; end < items.length && timeOf(items, end) === at; end++) measure.add(end)
    for (; timeOf(items, start) < at - span; start++) measure.remove(start)
    const value = valueOf(measure, correlation, start, end)
    if (value !== null) found(start, end, value)
  }
}

/** `items` in the order of their times. Windows that share an item are one episode. */
export const episodesOf = (items: readonly Item[], correlation: CorrelationRule, keys: ReadonlyMap<string, string>): Episode[] => {
  const episodes: (Episode & { moments: number[] })[] = []
  const isLess = correlation.conditions.some(({ compare }) => compare === 'lt' || compare === 'lte')
  const farther = isLess ? Math.min : Math.max
  forward(items, correlation, measureOf(items, correlation, keys), (start, end, value) => {
    const last = episodes.at(-1)
    if (last === undefined || start >= last.end) episodes.push({ start, end, value, moments: [] })
    else Object.assign(last, { end: Math.max(end, last.end), value: farther(value, last.value) })
  })
  if (episodes.length === 0) return []
  let next = 0
  backward(items, correlation, measureOf(items, correlation, keys), (_start, end) => {
    while (next < episodes.length && (episodes[next]?.end ?? 0) < end) next++
    const episode = episodes[next]
    if (episode !== undefined && end > episode.start) episode.moments.push(timeOf(items, end - 1))
  })
  for (const episode of episodes) if (episode.moments.length === 0) episode.moments.push(timeOf(items, episode.end - 1))
  return episodes
}
