// Times keep the precision they are stored with: they are cut as text, never parsed and printed again.
import type { Zone } from '../preferences.ts'

const iso = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2})?)(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/
const two = (value: number) => String(value).padStart(2, '0')

export interface TimeParts {
  date: string
  clock: string
  /** With its point, or empty. */
  fraction: string
}

export const zoneName = (zone: Zone): string =>
  zone === 'utc'
    ? 'UTC'
    : (new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(new Date()).find((part) => part.type === 'timeZoneName')
        ?.value ?? 'local')

/** The pieces of an RFC 3339 time in the zone; null when it is none. */
export const timeParts = (time: string, zone: Zone): TimeParts | null => {
  const match = iso.exec(time)
  if (match === null) return null
  const [, date = '', clock = '', fraction = '', offset = ''] = match
  if (zone === 'utc' && offset === 'Z') return { date, clock: clock.length === 5 ? `${clock}:00` : clock, fraction }
  const at = new Date(`${date}T${clock}${offset}`)
  if (Number.isNaN(at.getTime())) return null
  const local = zone === 'local'
  const [y, mo, d, h, m, s] = local
    ? [at.getFullYear(), at.getMonth(), at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds()]
    : [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()]
  return { date: `${String(y).padStart(4, '0')}-${two(mo + 1)}-${two(d)}`, clock: `${two(h)}:${two(m)}:${two(s)}`, fraction }
}

export interface TimeForm {
  zone?: Zone
  /** Name the zone after the time (single times do, columns say it in their head). */
  named?: boolean
  /** All times around it are of one year: it is not written. */
  isOneYear?: boolean
  to?: 'date' | 'minute' | 'second' | 'stored'
}

const clockOf = ({ clock, fraction }: TimeParts, to: NonNullable<TimeForm['to']>): string =>
  ({ date: '', minute: ` ${clock.slice(0, 5)}`, second: ` ${clock}`, stored: ` ${clock}${fraction}` })[to]

/** Whether all times are of one year, and so need not name it. */
export const shareYear = (times: readonly string[], zone: Zone): boolean =>
  new Set(times.map((time) => timeParts(time, zone)?.date.slice(0, 4) ?? time)).size === 1

/** `2026-03-12 08:42:19.507 UTC`. Text that is no time comes back as it is; null is empty. */
export const formatTime = (time: string | null | undefined, form: TimeForm = {}): string => {
  const { zone = 'utc', named = false, isOneYear = false, to = 'stored' } = form
  const parts = timeParts(time ?? '', zone)
  if (parts === null) return time ?? ''
  return `${isOneYear ? parts.date.slice(5) : parts.date}${clockOf(parts, to)}${named ? ` ${zoneName(zone)}` : ''}`
}

/** How old something is, for freshness only: "4 h", "9 d". */
export const formatAge = (time: string, now: number = Date.now()): string => {
  const seconds = Math.max(0, (now - Date.parse(time)) / 1000)
  if (Number.isNaN(seconds)) return ''
  if (seconds < 60) return '<1 min'
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}

/** 22600 -> "22.6 s"; 84 -> "84 ms"; 3_725_000 -> "1 h 2 min". */
export const formatDuration = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toString()} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** What is left to wait: "about 16 s". */
export const formatLeft = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return 'not known yet'
  if (seconds < 60) return `about ${Math.max(1, Math.round(seconds))} s`
  if (seconds < 3600) return `about ${Math.round(seconds / 60)} min`
  return `about ${(Math.round(seconds / 360) / 10).toString()} h`
}
