// Marks of a time axis from centuries to microseconds, on round times of the zone.
import type { Zone } from '../preferences.ts'
import { isoOf, type Span, shareOf } from './micros.ts'
import { timeParts } from '../format/times.ts'

const second = 1_000_000n
const minute = 60n * second
const hour = 60n * minute
const day = 24n * hour

type Step = { unit: 'micros'; size: bigint } | { unit: 'months'; size: number }

const micros = (size: bigint): Step => ({ unit: 'micros', size })
const months = (size: number): Step => ({ unit: 'months', size })
const decades = [1n, 2n, 5n, 10n, 20n, 50n, 100n, 200n, 500n]

/** From fine to coarse. Months and years are of the calendar. */
const steps: readonly Step[] = [
  ...decades.map(micros),
  ...decades.map((n) => micros(n * 1000n)),
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((n) => micros(n * second)),
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((n) => micros(n * minute)),
  ...[1n, 2n, 3n, 6n, 12n].map((n) => micros(n * hour)),
  ...[1n, 2n, 5n, 10n].map((n) => micros(n * day)),
  ...[1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200].map(months),
]

const lengthOf = (step: Step): bigint => (step.unit === 'micros' ? step.size : BigInt(Math.round(step.size * 30.437)) * day)

export interface AxisTick {
  /** As a share of the span. */
  share: number
  label: string
}

const floorTo = (value: bigint, by: bigint): bigint => value - (((value % by) + by) % by)

/** How far the clocks of the zone stand before UTC at a time. */
const offsetAt = (at: bigint, zone: Zone): bigint =>
  zone === 'utc' ? 0n : -BigInt(new Date(Number(at / 1000n)).getTimezoneOffset()) * minute

const evenTicks = (span: Span, size: bigint, zone: Zone): bigint[] => {
  const offset = offsetAt(span.from, zone)
  const ticks: bigint[] = []
  for (let at = floorTo(span.from + offset, size) - offset; at < span.to; at += size) if (at >= span.from) ticks.push(at)
  return ticks
}

const monthTicks = (span: Span, size: number, zone: Zone): bigint[] => {
  const first = new Date(Number(span.from / 1000n))
  const isUtc = zone === 'utc'
  const [year, month] = isUtc ? [first.getUTCFullYear(), first.getUTCMonth()] : [first.getFullYear(), first.getMonth()]
  const ticks: bigint[] = []
  for (let n = Math.floor((year * 12 + month) / size) * size; ; n += size) {
    const [y, m] = [Math.floor(n / 12), n % 12]
    const at = BigInt(isUtc ? Date.UTC(y, m) : new Date(y, m).getTime()) * 1000n
    if (at >= span.to) return ticks
    if (at >= span.from) ticks.push(at)
  }
}

const labelOf = (at: bigint, step: Step, zone: Zone): string => {
  const parts = timeParts(isoOf(at), zone)
  if (parts === null) return ''
  const { date, clock, fraction } = parts
  if (step.unit === 'months') return step.size % 12 === 0 ? date.slice(0, 4) : date.slice(0, 7)
  if (step.size >= day) return date.slice(5)
  if (step.size >= minute) return clock === '00:00:00' ? date.slice(5) : clock.slice(0, 5)
  if (step.size >= second) return clock
  const digits = step.size >= 1000n ? 3 : 6
  return `${clock.slice(6)}.${fraction.slice(1).padEnd(digits, '0').slice(0, digits)}`
}

/** At most one mark for each `spacing` of the width. */
export const axisTicks = (span: Span, zone: Zone, widthPx: number, spacingPx = 76): AxisTick[] => {
  const length = span.to - span.from
  if (length <= 0n || widthPx <= 0) return []
  const width = BigInt(Math.max(1, Math.round(widthPx)))
  const least = (length * BigInt(spacingPx) + width - 1n) / width
  const step = steps.find((one) => lengthOf(one) >= least) ?? months(1200)
  const ticks = step.unit === 'micros' ? evenTicks(span, step.size, zone) : monthTicks(span, step.size, zone)
  // A label that would be cut at the edge is left out.
  const last = 1 - 48 / widthPx
  return ticks.flatMap((at) => {
    const share = shareOf(span, at)
    return share > last && ticks.length > 1 ? [] : [{ share, label: labelOf(at, step, zone) }]
  })
}

const names: readonly (readonly [bigint, string])[] = [
  [365n * day, 'year'],
  [day, 'day'],
  [hour, 'h'],
  [minute, 'min'],
  [second, 's'],
  [1000n, 'ms'],
  [1n, 'µs'],
]

/** How wide a bar is, as a chart names it: "2 h", "15 min", "1 day", "50 µs". */
export const widthName = (widthMicros: number): string => {
  const width = BigInt(Math.round(widthMicros))
  const [size, name] = names.find(([one]) => width >= one && width % one === 0n) ?? [1n, 'µs']
  const count = width / size
  return `${count} ${name}${count !== 1n && (name === 'day' || name === 'year') ? 's' : ''}`
}

/** What all of a span shares, said once beside the axis: its day, or its month, or nothing. */
export const spanName = (span: Span, zone: Zone): string => {
  const [first, last] = [timeParts(isoOf(span.from), zone), timeParts(isoOf(span.to - 1n), zone)]
  if (first === null || last === null) return ''
  if (first.date !== last.date) return first.date.slice(0, 4) === last.date.slice(0, 4) ? first.date.slice(0, 4) : ''
  return first.clock.slice(0, 5) === last.clock.slice(0, 5) ? `${first.date} ${first.clock.slice(0, 5)}` : first.date
}
