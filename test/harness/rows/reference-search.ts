// What the search language means, told a second time and as plainly as can be: row by row, without SQL.
import type { Pattern, Query, Test } from '../../../shared/query/tree.ts'
import { parseMoment, parseNumber } from '../../../shared/query/literals.ts'
import type { TestRow } from '../event-rows.ts'

const none = -2_208_988_800_000_000n

const regexOf = (pattern: Pattern, any: string): string =>
  pattern
    .map((p) => ('wild' in p ? (p.wild === '*' ? `${any}*` : any) : p.text.toLowerCase().replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')))
    .join('')
const isExactly = (value: string, pattern: Pattern): boolean => {
  const source = pattern
    .map((p) => ('wild' in p ? (p.wild === '*' ? '[^]*' : '[^]') : p.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')))
    .join('')
  return new RegExp(`^(?:${source})$`, 'u').test(value)
}
const isWhole = (value: string, pattern: Pattern): boolean => new RegExp(`^(?:${regexOf(pattern, '[^]')})$`, 'u').test(value.toLowerCase())

const ipv4 = (text: string): number | null => {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((p) => /^(0|[1-9]\d{0,2})$/.test(p) && Number(p) < 256)) return null
  return parts.reduce((n, p) => n * 256 + Number(p), 0)
}
const isInNetwork = (value: string, network: string): boolean => {
  const [address = '', bits = ''] = network.split('/')
  const left = ipv4(value)
  const right = ipv4(address)
  if (left === null || right === null) return false
  const size = 2 ** (32 - Number(bits))
  return Math.floor(left / size) === Math.floor(right / size)
}
const literal = (pattern: Pattern): string | null => {
  if (pattern.some((p) => 'wild' in p)) return null
  return pattern.map((p) => ('text' in p ? p.text : '')).join('')
}
const is = (value: string, pattern: Pattern): boolean => {
  if (isWhole(value, pattern)) return true
  const wanted = literal(pattern)
  if (wanted === null) return false
  if (/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(wanted) && isInNetwork(value, wanted)) return true
  if (!/^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(wanted)) return false
  return /^0x/i.test(wanted) ? value === BigInt(wanted).toString() : value.toLowerCase() === `0x${BigInt(wanted).toString(16)}`
}

interface Bound {
  op: string
  value: string
}
const boundsOf = (test: Test): Bound[] => {
  if (test.kind === 'compare') return [test]
  if (test.kind !== 'range') return []
  const bounds: Bound[] = []
  if (test.from !== null) bounds.push({ op: test.includes_from ? '>=' : '>', value: test.from })
  if (test.to !== null) bounds.push({ op: test.includes_to ? '<=' : '<', value: test.to })
  return bounds
}
const holds = (sign: number, op: string): boolean => (op.includes('=') && sign === 0) || (op.startsWith('>') ? sign > 0 : sign < 0)
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

const compareNumbers = (given: string, bound: string): number | null => {
  const value = /^0x[0-9a-f]{1,16}$/i.test(given) ? BigInt(given).toString() : given
  const wanted = parseNumber(bound)
  if (wanted === null) return null
  if (/^[+-]?\d+$/.test(value) && wanted.kind === 'integer') {
    const difference = BigInt(value.replace('+', '')) - BigInt(wanted.digits)
    return difference === 0n ? 0 : difference > 0n ? 1 : -1
  }
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(value)) return null
  const difference = Number(value) - (wanted.kind === 'integer' ? Number(wanted.digits) : wanted.value)
  return Math.sign(difference)
}
const inRange = (value: string, bounds: readonly Bound[]): boolean => {
  const isNumeric = bounds.every((b) => parseNumber(b.value) !== null)
  if (isNumeric)
    return bounds.every((b) => {
      const sign = compareNumbers(value, b.value)
      return sign !== null && holds(sign, b.op)
    })
  if (bounds.every((b) => ipv4(b.value) !== null))
    return bounds.every((b) => {
      const left = ipv4(value)
      return left !== null && holds(left - (ipv4(b.value) ?? 0), b.op)
    })
  return bounds.every((b) => holds(compareBytes(value.toLowerCase(), b.value.toLowerCase()), b.op))
}
const isAt = (at: bigint, bounds: readonly Bound[], nowMs: number): boolean =>
  bounds.every((b) => {
    const moment = parseMoment(b.value, nowMs)
    if (moment === null) return false
    if (b.op === '>') return at >= moment.until
    if (b.op === '>=') return at >= moment.from
    return b.op === '<' ? at < moment.from : at < moment.until
  })
const areMoments = (bounds: readonly Bound[], nowMs: number): boolean => bounds.every((b) => parseMoment(b.value, nowMs) !== null)

const isWrittenAt = (value: string, bounds: readonly Bound[], nowMs: number): boolean => {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/.test(value)) return false
  return isAt(BigInt(Date.parse(value)) * 1000n, bounds, nowMs)
}

const valueFits = (value: string, test: Test): boolean => {
  if (test.kind === 'is') return is(value, test.pattern)
  if (test.kind === 'exact') return isExactly(value, test.pattern)
  if (test.kind === 'regex') return new RegExp(test.source, 'ius').test(value)
  return inRange(value, boundsOf(test))
}

const momentsOf = (test: Test, nowMs: number): readonly Bound[] | null => {
  const wanted = test.kind === 'is' ? literal(test.pattern) : null
  const bounds = wanted === null ? boundsOf(test) : ['>=', '<='].map((op) => ({ op, value: wanted }))
  return bounds.length > 0 && areMoments(bounds, nowMs) ? bounds : null
}

/** A time that the row carries under the name, else one that is written in a value. */
const hasTimeAt = (
  row: TestRow,
  name: string,
  values: readonly string[],
  isThen: { at: (t: bigint) => boolean; written: (v: string) => boolean },
) => {
  const names = (row.time_names ?? []) as string[]
  const times = ((row.time_values ?? []) as bigint[]).filter((_, i) => names[i] === name)
  return names.includes(name) ? times.some(isThen.at) : values.some(isThen.written)
}

const own = (row: TestRow, name: string, test: Test, nowMs: number): boolean => {
  const values = ((row.fields ?? {}) as Record<string, string[]>)[name] ?? []
  if (test.kind === 'exists') return values.some((value) => value !== '[]' && value !== '{}')
  const moments = momentsOf(test, nowMs)
  if (moments === null) return values.some((v) => valueFits(v, test))
  const isThen = { at: (t: bigint) => isAt(t, moments, nowMs), written: (v: string) => isWrittenAt(v, moments, nowMs) }
  return hasTimeAt(row, name, values, isThen) || (test.kind === 'is' && values.some((v) => valueFits(v, test)))
}

const timeFits = (at: bigint, test: Test, nowMs: number): boolean => {
  if (at === none) return false
  if (test.kind === 'exists') return true
  const wanted = test.kind === 'is' ? (literal(test.pattern) ?? '') : ''
  return isAt(at, test.kind === 'is' ? ['>=', '<='].map((op) => ({ op, value: wanted })) : boundsOf(test), nowMs)
}

const numberFits = (value: number | null, test: Test): boolean => {
  if (value === null) return false
  const wanted = test.kind === 'is' ? literal(test.pattern) : null
  if (wanted !== null) return Number(wanted) === value
  return test.kind === 'exists' || valueFits(String(value), test)
}

const textFits = (texts: readonly string[], test: Test): boolean => {
  if ((test.kind === 'is' || test.kind === 'exact') && literal(test.pattern) === '') return texts[0] === ''
  if (texts[0] === '') return false
  return test.kind === 'exists' || texts.some((text) => valueFits(text, test))
}

/** Names whose values have no case. */
const caseless = /^(hash_.*|.*_ip|process_pid|timestamp)$/

const term = (row: TestRow, query: Extract<Query, { kind: 'term' }>, nowMs: number): boolean => {
  const { name } = query.field
  const test = query.test.kind === 'exact' && caseless.test(name) ? { ...query.test, kind: 'is' as const } : query.test
  if (!(name in row)) return own(row, name.replace(/^raw\./, ''), test, nowMs)
  const value = row[name]
  if (name === 'timestamp') return timeFits(value as bigint, test, nowMs)
  if (typeof value === 'number' || value === null) return numberFits(value, test)
  const text = String(value)
  return textFits(name === 'artifact' && row.artifact_source !== '' ? [text, `${text}/${String(row.artifact_source)}`] : [text], test)
}

const word = (row: TestRow, pattern: Pattern): boolean => new RegExp(regexOf(pattern, '[^\\n]'), 'u').test(String(row.text))

/** Whether a row answers a query. A column that the row names is the typed one, any other is the artifact's own. */
export const isFound = (row: TestRow, query: Query, nowMs: number): boolean => {
  switch (query.kind) {
    case 'all':
      return true
    case 'word':
      return word(row, query.pattern)
    case 'term':
      return term(row, query, nowMs)
    case 'not':
      return !isFound(row, query.of, nowMs)
    case 'and':
      return query.of.every((q) => isFound(row, q, nowMs))
    case 'or':
      return query.of.some((q) => isFound(row, q, nowMs))
  }
}
