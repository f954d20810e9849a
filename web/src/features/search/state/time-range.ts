// A range of time as it is kept (RFC 3339, or from now backwards), typed and shown.
import { parseMoment } from '../../../../../shared/query/literals.ts'
import type { Zone } from '../../../ui/preferences.ts'
import { formatTime } from '../../../ui/format/times.ts'

export interface TimeRange {
  from: string | null
  to: string | null
}

export const timePresets: readonly { id: string; label: string; range: TimeRange }[] = [
  { id: 'all', label: 'All time', range: { from: null, to: null } },
  { id: '1h', label: 'Last hour', range: { from: 'now-1h', to: null } },
  { id: '24h', label: 'Last 24 hours', range: { from: 'now-24h', to: null } },
  { id: '7d', label: 'Last 7 days', range: { from: 'now-7d', to: null } },
  { id: '30d', label: 'Last 30 days', range: { from: 'now-30d', to: null } },
  { id: '365d', label: 'Last 365 days', range: { from: 'now-365d', to: null } },
]

const isoOf = (ms: number): string => new Date(ms).toISOString()

/** What is sent: the bound as RFC 3339, or undefined when it is open or is no time. */
export const resolveBound = (bound: string | null, nowMs: number): string | undefined => {
  if (bound === null) return undefined
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?Z$/.test(bound) && !Number.isNaN(Date.parse(bound))) return bound
  const moment = parseMoment(bound, nowMs)
  return moment === null ? undefined : isoOf(Number(moment.from / 1000n))
}

const typed = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?)?$/

type Clock = readonly [year: number, month: number, day: number, hour: number, minute: number, second: number]

/** The moment of a clock in the zone; null for 31 February and for 25 o'clock. */
const momentOf = (clock: Clock, zone: Zone): number | null => {
  const ms = zone === 'utc' ? Date.UTC(...clock) : new Date(...clock).getTime()
  const [, month, day, hour, minute, second] = clock
  const back = new Date(ms)
  const isReal =
    zone === 'utc' ? back.getUTCMonth() === month && back.getUTCDate() === day : back.getMonth() === month && back.getDate() === day
  return isReal && hour < 24 && minute < 60 && second < 60 ? ms : null
}

const isoOfQuery = (text: string): string | null => {
  const moment = parseMoment(text, 0)
  return moment === null ? null : isoOf(Number(moment.from / 1000n))
}

/** `2026-03-06 08:00` in the zone of the page as RFC 3339 in UTC; what already names a zone, or `now-7d`, is taken as it is. */
export const parseTyped = (text: string, zone: Zone): string | null => {
  const trimmed = text.trim()
  if (/^now([+-]\d+(ms|s|m|h|d|w))?$/i.test(trimmed)) return trimmed.toLowerCase()
  const found = typed.exec(trimmed)
  if (found === null) return isoOfQuery(trimmed)
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map((part) => Number(part ?? 0))
  const ms = momentOf([year, month - 1, day, hour, minute, second], zone)
  return ms === null ? null : `${isoOf(ms).slice(0, 19)}${found[7] ?? ''}Z`
}

/** A bound as one would type it: to the second where it has seconds. */
export const showBound = (bound: string | null, zone: Zone): string => {
  if (bound === null) return ''
  if (bound.startsWith('now')) return bound
  const full = formatTime(bound, { zone })
  return full.replace(/\.0+$/, '').replace(/(\d{2}:\d{2}):00$/, '$1')
}

/** The range in words: a preset's name, `03-06 00:00 to 03-13 00:00`, `from ...`, `until ...`. */
export const describeRange = (range: TimeRange, zone: Zone): { from: string; to: string; preset: string | null } => {
  const preset = timePresets.find((one) => one.range.from === range.from && one.range.to === range.to)
  const [from, to] = [showBound(range.from, zone), showBound(range.to, zone)]
  const isOneYear = from.slice(0, 5) === to.slice(0, 5) && /^\d{4}-/.test(from)
  return {
    from: isOneYear ? from.slice(5) : from,
    to: isOneYear ? to.slice(5) : to,
    preset: preset?.label ?? null,
  }
}

/** The range around a moment, RFC 3339 both ends. */
export const around = (time: string, minutes: number): TimeRange => {
  const ms = Date.parse(time)
  return { from: isoOf(ms - minutes * 60_000), to: isoOf(ms + minutes * 60_000) }
}
