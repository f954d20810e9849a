// What a value means once it is known what it is compared with: a number, a time, a network.

/** Microseconds since 1970; `until` is the first moment after what was written ("2021-11-21" is a whole day). */
export interface Moment {
  from: bigint
  until: bigint
}

const decimal = /^[+-]?(\d{1,100}(\.\d{0,100})?|\.\d{1,100})([eE][+-]?\d{1,3})?$/
const hexadecimal = /^0x[0-9a-f]{1,16}$/i
const integer = /^[+-]?\d{1,76}$/

export type NumberLiteral = { kind: 'integer'; digits: string } | { kind: 'float'; value: number }

/** A decimal or hexadecimal number; integers keep all their digits. */
export const parseNumber = (text: string): NumberLiteral | null => {
  if (integer.test(text) || hexadecimal.test(text)) return { kind: 'integer', digits: BigInt(text.replace(/^\+/, '')).toString() }
  if (!decimal.test(text)) return null
  const value = Number(text)
  return Number.isFinite(value) ? { kind: 'float', value } : null
}

const moment = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i
const relative = /^now(?:([+-])(\d{1,9})(ms|s|m|h|d|w))?$/i
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

const spanOf = (parts: { hour?: string; minute?: string; second?: string; fraction?: string }): bigint => {
  if (parts.hour === undefined) return 86_400_000_000n
  if (parts.minute === undefined) return 3_600_000_000n
  if (parts.second === undefined) return 60_000_000n
  return parts.fraction === undefined ? 1_000_000n : 10n ** BigInt(6 - Math.min(6, parts.fraction.length))
}

const offsetMs = (zone: string | undefined): number => {
  if (zone === undefined || /^z$/i.test(zone)) return 0
  const digits = zone.replace(/\D/g, '')
  return (zone.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4))) * 60_000
}

const parseRelative = (text: string, nowMs: number): Moment | null => {
  const found = relative.exec(text)
  if (found === null) return null
  const [, sign = '+', amount = '0', unit = 's'] = found
  const awayMs = Number(amount) * (unitMs[unit.toLowerCase()] ?? 0)
  const from = BigInt(Math.round(nowMs + (sign === '-' ? -awayMs : awayMs))) * 1000n
  return { from, until: from + 1n }
}

const parseAbsolute = (text: string): Moment | null => {
  const found = moment.exec(text)
  if (found === null) return null
  const [, year, month, day, hour, minute, second, fraction = '', zone] = found
  const written = `${year}-${month}-${day}T${[hour, minute, second].map((n) => n ?? '00').join(':')}`
  const ms = Date.parse(`${written}Z`)
  // Date.parse takes 24:00, and some engines roll 31 February over into March.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== written) return null
  const from = BigInt(ms - offsetMs(zone)) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
  return { from, until: from + spanOf({ hour, minute, second, fraction: found[7] }) }
}

/** RFC 3339, or the start of it (a day, an hour, a minute), in UTC where no zone is given; or `now`, `now-7d` (ms s m h d w). */
export const parseMoment = (text: string, nowMs: number): Moment | null => parseRelative(text, nowMs) ?? parseAbsolute(text)

const ipv4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/
const ipv6 = /^(?=.*:)[0-9a-f:]{2,39}$/i

const isIpv6 = (text: string): boolean => {
  if (!ipv6.test(text)) return false
  const halves = text.split('::')
  const groups = halves.flatMap((h) => (h === '' ? [] : h.split(':')))
  return (
    halves.length <= 2 && groups.every((g) => /^[0-9a-f]{1,4}$/i.test(g)) && (halves.length === 2 ? groups.length < 8 : groups.length === 8)
  )
}

export const isAddress = (text: string): boolean => ipv4.test(text) || isIpv6(text)

/** An address and how many of its first bits count, as `10.0.0.0/8` or `fe80::/10` say. */
export const isNetworkLiteral = (text: string): boolean => {
  const [, address = '', digits = ''] = /^([0-9a-f.:]{2,39})\/(\d{1,3})$/i.exec(text) ?? []
  const bits = Number(digits)
  return (ipv4.test(address) && bits <= 32) || (isIpv6(address) && bits <= 128)
}
