// Dates that are not RFC 3339: US and European spreadsheets, yyyymmdd of installers, WMI, mail headers, ctime.
export interface OtherDate {
  seconds: number
  micros: number
  hasZone: boolean
}

const slashed = /^(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?)?)?$/
const compact = /^(\d{4})(\d{2})(\d{2})(?:[T-]?(\d{2})(\d{2})(\d{2})(?:\.(\d{6})([+-]\d{3})|(Z))?)?$/

const secondsOf = (date: readonly [number, number, number], clock: readonly [number, number, number]): number => {
  const [year, month, day] = date
  const [hour, minute, second] = clock
  const at = new Date(0)
  at.setUTCFullYear(year, month - 1, day)
  const exists = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && hour < 24 && minute < 60 && second < 61
  return exists ? at.getTime() / 1000 + hour * 3600 + minute * 60 + second : Number.NaN
}

const hourOf = (hour: number, half: string | undefined): number => {
  if (half === undefined) return hour
  if (hour < 1 || hour > 12) return Number.NaN
  return (hour % 12) + (/^p/i.test(half) ? 12 : 0)
}

/** 7/21/2019 5:23 PM; 21.7.2019 17:23; 21/7/2019 where the first cannot be a month. */
const parseSlashed = (match: RegExpExecArray): OtherDate => {
  const a = Number(match[1])
  const b = Number(match[3])
  const isDayFirst = match[2] === '.' || a > 12
  const clock = [hourOf(Number(match[5] ?? 0), match[9]), Number(match[6] ?? 0), Number(match[7] ?? 0)] as const
  const seconds = secondsOf([Number(match[4]), isDayFirst ? b : a, isDayFirst ? a : b], clock)
  return { seconds, micros: Number((match[8] ?? '').slice(0, 6).padEnd(6, '0')), hasZone: false }
}

/** 20190721, 20190721172300, 20190721172300.000000+120 (WMI: minutes from UTC). */
const parseCompact = (match: RegExpExecArray): OtherDate => {
  const clock = [Number(match[4] ?? 0), Number(match[5] ?? 0), Number(match[6] ?? 0)] as const
  const seconds = secondsOf([Number(match[1]), Number(match[2]), Number(match[3])], clock)
  return {
    seconds: seconds - Number(match[8] ?? 0) * 60,
    micros: Number(match[7] ?? 0),
    hasZone: match[8] !== undefined || match[9] !== undefined,
  }
}

/** 05 Mar 2024, 5-Mar-2024, Mar 5, 2024; a clock and GMT, UTC or an offset behind them. */
const withMonth =
  /^(?:[a-z]{3,9},?\s+)?(?:(\d{1,2})[\s-]([a-z]{3,9})[\s-]|([a-z]{3,9})\s+(\d{1,2}),?\s+)(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*(?:(GMT|UTC|Z)|([+-])(\d{2}):?(\d{2})))?)?$/i
/** Tue Mar  5 06:07:08 2024, with or without UTC before the year. */
const ctime = /^(?:[a-z]{3,9},?\s+)?([a-z]{3,9})\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})\s+(?:(GMT|UTC)\s+)?(\d{4})$/i
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const longMonths = 'january february march april may june july august september october november december sept'.split(' ')

/** 1 to 12, 0 when it is no month. */
const monthOf = (name: string): number =>
  name.length === 3 || longMonths.includes(name.toLowerCase()) ? months.indexOf(name.slice(0, 3).toLowerCase()) + 1 : 0

const parseWithMonth = (match: RegExpExecArray): OtherDate => {
  const date = [Number(match[5]), monthOf(match[2] ?? match[3] ?? ''), Number(match[1] ?? match[4])] as const
  const clock = [Number(match[6] ?? 0), Number(match[7] ?? 0), Number(match[8] ?? 0)] as const
  const offset = (Number(match[11] ?? 0) * 3600 + Number(match[12] ?? 0) * 60) * (match[10] === '-' ? -1 : 1)
  return { seconds: secondsOf(date, clock) - offset, micros: 0, hasZone: match[9] !== undefined || match[10] !== undefined }
}

const parseCtime = (match: RegExpExecArray): OtherDate => {
  const date = [Number(match[7]), monthOf(match[1] ?? ''), Number(match[2])] as const
  const seconds = secondsOf(date, [Number(match[3]), Number(match[4]), Number(match[5])])
  return { seconds, micros: 0, hasZone: match[6] !== undefined }
}

const parseNamedMonth = (text: string): OtherDate | null => {
  const match = withMonth.exec(text)
  if (match !== null) return parseWithMonth(match)
  const atEnd = ctime.exec(text)
  return atEnd === null ? null : parseCtime(atEnd)
}

/** null when it is none of these, or no day of the calendar. Eight digits count only in a column known to hold times. */
export const parseOtherDate = (text: string, isKnown: boolean): OtherDate | null => {
  const slashedMatch = slashed.exec(text)
  const compactMatch = slashedMatch === null ? compact.exec(text) : null
  if (compactMatch !== null && !isKnown && text.length === 8) return null
  const date =
    slashedMatch !== null ? parseSlashed(slashedMatch) : compactMatch !== null ? parseCompact(compactMatch) : parseNamedMonth(text)
  return date === null || Number.isNaN(date.seconds) ? null : date
}
