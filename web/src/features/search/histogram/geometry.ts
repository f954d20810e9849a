// Where bars, ticks and the brush stand; all in CSS pixels, none of it draws.
import type { Zone } from '../../../ui/preferences.ts'
import { formatTime } from '../../../ui/format/times.ts'

export interface HistogramData {
  bucket_ms: number
  starts: readonly string[]
  series: readonly { key: string; is_other: boolean; total: number; counts: readonly number[] }[]
}

export interface Segment {
  series: number
  y: number
  height: number
}
export interface Bar {
  x: number
  width: number
  total: number
  segments: readonly Segment[]
}

/** A round number at or above the highest bar: 1, 2, 3, 4, 5, 6 or 8 times a power of ten. */
export const roundMax = (max: number): number => {
  if (max <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(max))
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= max) ?? 10
  return step * power
}

export const totalsOf = (data: HistogramData): number[] =>
  data.starts.map((_, at) => data.series.reduce((sum, one) => sum + (one.counts[at] ?? 0), 0))

/** Bars from the bottom up in the order of the series; what is there is at least one pixel high, and a bar never leaves the plot. */
export const layBars = (data: HistogramData, width: number, height: number): Bar[] => {
  const totals = totalsOf(data)
  const top = roundMax(Math.max(0, ...totals))
  const step = data.starts.length === 0 ? 0 : width / data.starts.length
  const gap = step > 4 ? 1 : 0
  return totals.map((total, at) => {
    let y = height
    const segments: Segment[] = []
    data.series.forEach((one, series) => {
      const count = one.counts[at] ?? 0
      if (count === 0) return
      const tall = Math.min(y, Math.max(1, (count / top) * height))
      y -= tall
      segments.push({ series, y, height: tall })
    })
    return { x: at * step, width: Math.max(0.5, step - gap), total, segments }
  })
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const steps = [1000, 5000, 15_000, minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour, 12 * hour]
const daySteps = [1, 2, 7, 14, 30, 91, 182, 365, 730, 1826, 3652]

const plural = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`

/** How wide a bar is in time, as the chart names it: "2 h", "15 min", "1 day". */
export const bucketName = (ms: number): string => {
  if (ms >= day && ms % day === 0) return plural(ms / day, 'day')
  if (ms >= hour && ms % hour === 0) return `${ms / hour} h`
  if (ms >= minute && ms % minute === 0) return `${ms / minute} min`
  if (ms >= 1000) return `${Math.round(ms / 100) / 10} s`
  return `${ms} ms`
}

export interface Tick {
  x: number
  label: string
}

/** Room for the longest label. */
const labelPx = 44

const endMs = (data: HistogramData): number => Date.parse(data.starts.at(-1) ?? '') + data.bucket_ms
const shiftMs = (atMs: number, zone: Zone): number => (zone === 'utc' ? 0 : -new Date(atMs).getTimezoneOffset() * minute)

const stepFor = (leastMs: number): number =>
  steps.find((one) => one >= leastMs) ?? (daySteps.find((one) => one * day >= leastMs) ?? 36_525) * day
const formOf = (stepMs: number) => (stepMs >= day ? ('date' as const) : stepMs >= minute ? ('minute' as const) : ('second' as const))

/** Marks of the time axis on round times of the zone, at least `spacing` apart. */
export const timeTicks = (data: HistogramData, zone: Zone, width: number, spacing = 64): Tick[] => {
  const startMs = Date.parse(data.starts[0] ?? '')
  const spanMs = endMs(data) - startMs
  if (!(spanMs > 0) || width <= 0) return []
  const step = stepFor((spanMs * spacing) / width)
  const shift = shiftMs(startMs, zone)
  const form = formOf(step)
  const isYears = spanMs > 300 * day
  const ticks: Tick[] = []
  for (let at = Math.ceil((startMs + shift) / step) * step - shift; at < startMs + spanMs; at += step) {
    const label = formatTime(new Date(at).toISOString(), { zone, to: form })
    const x = ((at - startMs) / spanMs) * width
    // A label that would be cut at the edge is left out.
    if (x + labelPx > width && ticks.length > 0) break
    ticks.push({ x, label: isYears ? label.slice(0, 7) : label.slice(5) })
  }
  return ticks
}

/** Which bar is at a place of the plot. */
export const barAt = (x: number, width: number, bars: number): number =>
  Math.max(0, Math.min(bars - 1, Math.floor((x / Math.max(1, width)) * bars)))

/** The range from one bar to another, both included, whichever is first. */
export const rangeOfBars = (data: HistogramData, one: number, other: number): { from: string; to: string } => {
  const [first, last] = one <= other ? [one, other] : [other, one]
  const from = data.starts[first] ?? data.starts[0] ?? ''
  const to = data.starts[last + 1] ?? new Date(endMs(data)).toISOString()
  return { from, to }
}
