// The stretch of time that the histogram is brushed to: the range of the page for the rows' main time, a pill for any other.
import { parseQuery } from '../../../../../shared/query/parse.ts'
import { printQuery } from '../../../../../shared/query/print.ts'
import type { ExploreState } from '../state/explore-state.ts'
import type { Pill } from '../state/pills.ts'

export const mainTime = 'timestamp'

export interface Stretch {
  from: string
  to: string
}
export type Zoomed = Partial<Pick<ExploreState, 'from' | 'to' | 'pills'>>

const at = { position: 0, length: 0 }

/** From the first moment up to the second, without it. */
const rangePill = (field: string, { from, to }: Stretch): Pill => {
  const test = { kind: 'range' as const, from, to, includes_from: true, includes_to: false }
  return { text: printQuery({ kind: 'term', field: { name: field, ...at }, test, at }), is_off: false }
}

const isRangeOf = (pill: Pill, field: string): boolean => {
  const parsed = parseQuery(pill.text)
  return parsed.ok && parsed.tree.kind === 'term' && parsed.tree.test.kind === 'range' && parsed.tree.field.name === field
}

/** The change of the page that shows a stretch of a time, or all of it. */
export const zoomTo = (state: Pick<ExploreState, 'pills'>, time: string, stretch: Stretch | null): Zoomed => {
  if (time === mainTime) return { from: stretch?.from ?? null, to: stretch?.to ?? null }
  const others = state.pills.filter((pill) => !isRangeOf(pill, time))
  return { pills: stretch === null ? others : [...others, rangePill(time, stretch)] }
}

export const isZoomed = (state: Pick<ExploreState, 'pills' | 'from' | 'to'>, time: string): boolean =>
  time === mainTime ? state.from !== null || state.to !== null : state.pills.some((pill) => !pill.is_off && isRangeOf(pill, time))

/** Times that the store and the language hold. */
const [leastMs, mostMs] = [Date.UTC(1900, 0, 1), Date.UTC(2299, 11, 31)]
const isoOf = (ms: number): string => new Date(Math.max(leastMs, Math.min(mostMs, ms))).toISOString()

/** Three times as long, the same in the middle. */
export const wider = ({ from, to }: Stretch): Stretch => {
  const [first, last] = [Date.parse(from), Date.parse(to)]
  const span = Math.max(1, last - first)
  return { from: isoOf(first - span), to: isoOf(last + span) }
}
