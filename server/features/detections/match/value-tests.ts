// One test of a rule as a function of one value. `folded` is the value as it is compared without regard to case.
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { RE2JS } from 're2js'
import type { Compare, Part, Test, TimePart } from '../sigma/rule.ts'
import { fold } from './fold.ts'
import { globTest } from './glob.ts'

export type ValueTest = (value: string, folded: string) => boolean

const foldedParts = (parts: readonly Part[]): Part[] =>
  parts.map((part) => (part.kind === 'text' ? { kind: 'text', text: fold(part.text) } : part))

const compares: Readonly<Record<Exclude<Compare, 'neq'>, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
}

const decimal = /^[-+]?\d+(\.\d*)?([eE][-+]?\d+)?$/

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** Addresses only: anything else is in no network. One of IPv4 written as IPv6 is the one of IPv4. */
const networkTest = (network: string): ValueTest => {
  const list = new BlockList()
  const [address = '', bits] = network.split('/')
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  list.addSubnet(address, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family)
  return (value) => {
    const plain = mapped.exec(value)?.[1] ?? value
    if (isIPv4(plain)) return family === 'ipv4' && list.check(plain, 'ipv4')
    return family === 'ipv6' && isIPv6(plain) && list.check(plain, 'ipv6')
  }
}

const dayMs = 86_400_000

/** The week that holds the year's first Thursday is its first. ISO 8601. */
const isoWeek = (at: Date): number => {
  const day = (at.getUTCDay() + 6) % 7
  const thursday = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() - day + 3))
  return 1 + Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / dayMs / 7)
}

const partOf: Readonly<Record<TimePart, (at: Date) => number>> = {
  minute: (at) => at.getUTCMinutes(),
  hour: (at) => at.getUTCHours(),
  day: (at) => at.getUTCDate(),
  week: isoWeek,
  month: (at) => at.getUTCMonth() + 1,
  year: (at) => at.getUTCFullYear(),
}

const written = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?:\s?UTC|(Z|[+-]\d{2}:?\d{2}))?$/

/** `2026-11-24T07:51:41Z` and what stands without a zone, which is UTC; null for anything else. */
export const timeOf = (value: string): Date | null => {
  const found = written.exec(value)
  if (found === null) return null
  const at = new Date(`${found[1]}T${found[2]}${found[3] ?? 'Z'}`)
  return Number.isNaN(at.getTime()) ? null : at
}

const flagBits: Readonly<Record<string, number>> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL }

export const regexFlags = (flags: string): number => [...flags].reduce((bits, flag) => bits | (flagBits[flag] ?? 0), 0)

const regexTest = (pattern: string, flags: string): ValueTest => {
  const compiled = RE2JS.compile(pattern, regexFlags(flags))
  return (value) => compiled.matcher(value).find()
}

/** Of tests that look at a value; null, exists and fieldref look at the field instead. */
export const valueTest = (test: Test): ValueTest => {
  switch (test.kind) {
    case 'like': {
      const glob = globTest(test.is_cased ? test.parts : foldedParts(test.parts))
      return test.is_cased ? (value) => glob(value) : (_value, folded) => glob(folded)
    }
    case 'number': {
      const holds = compares[test.compare]
      return (value) => decimal.test(value) && holds(Number(value), test.value)
    }
    case 'regex':
      return regexTest(test.pattern, test.flags)
    case 'cidr':
      return networkTest(test.network)
    case 'time': {
      const holds = compares[test.compare]
      return (value) => {
        const at = timeOf(value)
        return at !== null && holds(partOf[test.part](at), test.value)
      }
    }
    default:
      throw new Error(`${test.kind} is no test of a value`)
  }
}

export const refTests: Readonly<Record<'equals' | 'startswith' | 'endswith' | 'contains', (a: string, b: string) => boolean>> = {
  equals: (a, b) => a === b,
  startswith: (a, b) => a.startsWith(b),
  endswith: (a, b) => a.endsWith(b),
  contains: (a, b) => a.includes(b),
}
