// Times as Velociraptor, Windows, browsers and spreadsheets write them. Written by hand, for it runs several times a row.
import { ExactNumber, type Json } from '../../reading.ts'
import { parseOtherDate } from './other-dates.ts'
import { Zone } from './zones.ts'

const leastSeconds = -2_208_988_800 // 1900-01-01, which itself stands for no time
const endSeconds = 10_413_792_000 // 2300-01-01
/** Beginnings of 1601, 1970 and 1980: what a clock says that was never set. */
const sentinels = new Set([-11_644_473_600, 0, 315_532_800])
const fileTimeEpoch = 11_644_473_600
/** 2^63 - 1, as a double too: what Windows writes where something never happens. */
const never = '92233720368547758'

/** How far a value may be from the usual shape: `named` columns only look like times by their name, `mapped` ones are known. */
export type TimeTrust = 'named' | 'mapped'

const decimal = /^(\d{1,20})(?:\.(\d+))?$/
const scientific = /^(\d)(?:\.(\d{1,40}))?[eE]\+?(\d{1,2})$/

/** 1.7e+09, as a spreadsheet or a printed float has it, without its exponent; '' when it is none, or no number of a time. */
const plainDigits = (text: string): string => {
  const match = scientific.exec(text)
  const exponent = Number(match?.[3])
  if (match === null || exponent < 8 || exponent > 19) return ''
  const fraction = (match[2] ?? '').padEnd(exponent, '0')
  const rest = fraction.slice(exponent)
  return `${match[1]}${fraction.slice(0, exponent)}${rest === '' ? '' : `.${rest}`}`
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57

const isLetter = (code: number): boolean => (code | 32) > 96 && (code | 32) < 123
/** - or / */
const isIsoMark = (code: number): boolean => code === 45 || code === 47

/** Two digits, or NaN. */
const two = (text: string, at: number): number => {
  const tens = text.charCodeAt(at)
  const ones = text.charCodeAt(at + 1)
  return isDigit(tens) && isDigit(ones) ? (tens - 48) * 10 + ones - 48 : Number.NaN
}

/** Days from 1970-01-01 in the Gregorian calendar; NaN for a day that does not exist. */
export const daysOf = (year: number, month: number, day: number): number => {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return Number.NaN
  if (day > 28 && day > monthDays(year, month)) return Number.NaN
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

const monthDays = (year: number, month: number): number => {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** After `parse` answered true, `seconds` (since 1970, UTC) and `micros` (0 to 999,999) hold the time; finer digits are cut. */
export class TimeParser {
  seconds = 0
  micros = 0
  private readonly zone: Zone
  private readonly utc = new Zone(null)

  /** `timeZone`: an IANA name for times without a zone; null is UTC. Throws RangeError when it is unknown. */
  constructor(timeZone: string | null) {
    this.zone = new Zone(timeZone)
  }

  /** `isUtc`: the column says that its times are UTC (UtcTime). */
  parse(value: Json, trust: TimeTrust, isUtc: boolean): boolean {
    if (typeof value === 'string') return this.parseText(value, trust, isUtc ? this.utc : this.zone)
    if (typeof value === 'number') return this.parseNumber(value, trust)
    return value instanceof ExactNumber && this.parseDigits(value.digits, trust)
  }

  private accept(seconds: number, micros: number): boolean {
    if (!(seconds >= leastSeconds && seconds < endSeconds)) return false
    if (micros === 0 && (sentinels.has(seconds) || seconds === leastSeconds)) return false
    this.seconds = seconds
    this.micros = micros
    return true
  }

  private parseText(text: string, trust: TimeTrust, zone: Zone): boolean {
    const length = text.length
    const first = text.charCodeAt(0)
    if (length < 8 || length > 64) return length > 2 && length < 8 && this.parseScientific(text, trust)
    if (isIsoMark(text.charCodeAt(4)) && text.charCodeAt(7) === text.charCodeAt(4)) return this.parseIso(text, zone)
    if (first === 32) return this.parseText(text.trim(), trust, zone)
    return (isDigit(first) || (isLetter(first) && length > 10)) && this.parseOther(text.trim(), trust, zone)
  }

  private parseOther(trimmed: string, trust: TimeTrust, zone: Zone): boolean {
    if (/^\d{9,20}(\.\d+)?$/.test(trimmed) && this.parseDigits(trimmed, trust)) return true
    if (this.parseScientific(trimmed, trust)) return true
    const other = parseOtherDate(trimmed, trust === 'mapped')
    if (other === null) return false
    return this.accept(other.hasZone ? other.seconds : zone.toUtc(other.seconds), other.micros)
  }

  /** Also with slashes: 2020-08-01[T ]09:17:02[.123456789][Z|+10:00|+1000|+10| UTC| +0000 UTC], or the date alone. */
  private parseIso(text: string, zone: Zone): boolean {
    const days = daysOf(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8))
    if (Number.isNaN(days)) return false
    if (text.length === 10) return this.accept(zone.toUtc(days * 86_400), 0)
    const between = text.charCodeAt(10)
    if (between !== 84 && between !== 32 && between !== 116) return false
    const minutes = two(text, 14)
    const clock = two(text, 11) * 3600 + minutes * 60
    const hasSeconds = text.charCodeAt(16) === 58
    const seconds = hasSeconds ? two(text, 17) : 0
    if (text.charCodeAt(13) !== 58 || !(minutes < 60 && clock < 86_400) || !(seconds <= 60)) return false
    return this.parseFraction(text, hasSeconds ? 19 : 16, days * 86_400 + clock + seconds, zone)
  }

  private parseFraction(text: string, from: number, wall: number, zone: Zone): boolean {
    let at = from
    let micros = 0
    const mark = text.charCodeAt(at)
    if (mark === 46 || mark === 44) {
      let scale = 100_000
      for (at++; isDigit(text.charCodeAt(at)); at++) {
        micros += (text.charCodeAt(at) - 48) * scale
        scale = Math.floor(scale / 10)
      }
    }
    if (text.length === at) return this.accept(zone.toUtc(wall), micros)
    if (text.length === at + 1 && (text.charCodeAt(at) | 32) === 122) return this.accept(wall, micros)
    const offset = offsetSeconds(text.slice(at))
    return offset !== null && this.accept(wall - offset, micros)
  }

  private parseNumber(value: number, trust: TimeTrust): boolean {
    if (!Number.isFinite(value) || value <= 0) return false
    if (Number.isInteger(value)) return this.parseWhole(value, 0, trust)
    // the decimal text is what was written; the double beside it may be a little less
    return this.parseDigits(String(value), trust)
  }

  private parseScientific(text: string, trust: TimeTrust): boolean {
    const second = text.charCodeAt(1)
    if (!isDigit(text.charCodeAt(0)) || (second !== 46 && (second | 32) !== 101)) return false
    const digits = plainDigits(text)
    return digits !== '' && this.parseDigits(digits, trust)
  }

  private parseDigits(digits: string, trust: TimeTrust): boolean {
    const match = decimal.exec(digits) ?? decimal.exec(plainDigits(digits))
    if (match === null) return false
    const fraction = Number((match[2] ?? '').slice(0, 6).padEnd(6, '0'))
    const whole = match[1] as string
    if (whole.startsWith(never)) return false
    // 19 digits are nanoseconds: what a double loses of them is less than a microsecond only when cut as text
    if (whole.length === 19) return this.accept(Number(whole.slice(0, 10)), Number(whole.slice(10, 16)))
    if (whole.length === 18) return this.parseEighteen(whole)
    return this.parseWhole(Number(whole), fraction, trust)
  }

  private parseEighteen(whole: string): boolean {
    if (Number(whole) > 2.5e17) return this.accept(Number(whole.slice(0, 9)), Number(whole.slice(9, 15)))
    return this.accept(Number(whole.slice(0, 11)) - fileTimeEpoch, Number(whole.slice(11, 17)))
  }

  /** By magnitude: seconds, ms, us, microseconds since 1601 (browsers), FILETIME, ns. */
  private parseWhole(value: number, fraction: number, trust: TimeTrust): boolean {
    if (value >= 1e19) return false
    if (value >= 1e17) return this.parseDigits(BigInt(value).toString(), trust) // 18 or 19 digits: no way back here
    if (value >= 1.15e16) return this.accept(Math.floor(value / 1e6) - fileTimeEpoch, value % 1e6)
    if (value >= 1e14) return this.accept(Math.floor(value / 1e6), value % 1e6)
    if (value >= 1e11) return this.accept(Math.floor(value / 1e3), (value % 1e3) * 1000 + Math.floor(fraction / 1000))
    if (value >= 3e8) return this.accept(value, fraction)
    if (trust !== 'mapped') return false
    const date = parseOtherDate(String(value), true)
    return date === null ? this.accept(value, fraction) : this.accept(date.seconds, 0)
  }
}

const offsetSeconds = (text: string): number | null => {
  if (text === ' UTC' || text === ' Z') return 0
  const match = /^ ?([+-])(\d\d)(?::?(\d\d))?(?: [A-Za-z+\-0-9]{1,6})?$/.exec(text)
  if (match === null) return null
  const size = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60
  return match[1] === '-' ? -size : size
}
