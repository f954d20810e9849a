import { isAddress, isNetworkLiteral, parseMoment, parseNumber } from '../../../../shared/query/literals.ts'
import { literalOf, type Pattern, type Test } from '../../../../shared/query/tree.ts'
import { join, param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import { artifactName, type Field } from './fields.ts'
import { lower, matches, matchesExactly, matchesRegex, never } from './patterns.ts'
import { all, type Bound, boundsOf, compareNumber, compareText, compareTime, momentsOf } from './ranges.ts'

/** What a field cannot be compared with; the caller puts it at its place. */
export interface Misfit {
  misfit: string
  expected: string[]
}
export type Compiled = Sql | Misfit
export const isMisfit = (compiled: Compiled): compiled is Misfit => 'misfit' in compiled

export const anyOf = (parts: readonly Sql[]): Sql => {
  const [only] = parts
  if (only === undefined) return never
  return parts.length === 1 ? only : sql`(${join(parts, ' OR ')})`
}

const element = raw('v')
const rfc3339 = '^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?$'

/** The same number as others write it: 999 and 0x3e7. */
export const otherSpelling = (literal: string): string | null => {
  const number = parseNumber(literal)
  if (number?.kind !== 'integer' || !/^(0x[0-9a-f]+|\d{1,20})$/i.test(literal)) return null
  return /^0x/i.test(literal) ? number.digits : `0x${BigInt(number.digits).toString(16)}`
}

const inNetwork = (value: Sql, network: string): Sql => {
  const isOne = sql`(isIPv4String(${value}) OR isIPv6String(${value}))`
  return sql`(${isOne} AND isIPAddressInRange(if(${isOne}, ${value}, '::'), ${text(network)}))`
}

/** One value against the pattern of `field:pattern`; a network stands for its addresses too. */
const valueIs = (value: Sql, pattern: Pattern): Sql => {
  const literal = literalOf(pattern)
  if (literal === null) return matches(value, pattern)
  const other = otherSpelling(literal)
  const found = [matches(value, pattern)]
  if (other !== null) found.push(matches(value, [{ text: other }]))
  if (isNetworkLiteral(literal)) found.push(inNetwork(value, literal))
  return anyOf(found)
}

const lowerIs = (value: Sql, pattern: Pattern): Sql => {
  const literal = literalOf(pattern)
  if (literal === null) return matches(value, pattern)
  const same = sql`${value} = ${text(lower(literal))}`
  return isNetworkLiteral(literal) ? anyOf([same, inNetwork(value, literal)]) : same
}

const textTest = (value: Sql, test: Test): Sql => {
  if (test.kind === 'is') return valueIs(value, test.pattern)
  if (test.kind === 'exact') return matchesExactly(value, test.pattern)
  if (test.kind === 'exists') return sql`${value} != ''`
  const present = sql`${value} != ''`
  if (test.kind === 'regex') return sql`(${present} AND ${matchesRegex(value, test.source)})`
  return sql`(${present} AND ${compareText(value, boundsOf(test) ?? [])})`
}

const artifactTest = (test: Test): Sql => {
  const plain = raw('artifact')
  const literal = test.kind === 'is' || test.kind === 'exact' ? literalOf(test.pattern) : null
  if (test.kind === 'exists' || (literal !== null && !literal.includes('/'))) return textTest(plain, test)
  return anyOf([textTest(plain, test), textTest(artifactName, test)])
}

const numberTest = (name: string, value: Sql, test: Test): Compiled => {
  const misfit: Misfit = { misfit: `${name} holds numbers`, expected: ['a number'] }
  const asText = sql`ifNull(toString(${value}), '')`
  const bounds = boundsOf(test)
  if (test.kind === 'exists') return sql`${value} IS NOT NULL`
  if (test.kind === 'regex') return textTest(asText, test)
  if (test.kind === 'is') {
    const literal = literalOf(test.pattern)
    if (literal === null) return matches(asText, test.pattern)
    const number = parseNumber(literal)
    if (number === null) return misfit
    if (number.kind === 'float') return sql`ifNull(${value} = ${param('Float64', number.value)}, false)`
    const fits = number.digits.length <= 20 && BigInt(number.digits) >= 0n && BigInt(number.digits) < 2n ** 64n
    return fits ? sql`ifNull(${value} = ${param('UInt64', number.digits)}, false)` : never
  }
  const compared = (bounds ?? []).map((b) => compareNumber(value, b))
  return compared.some((c) => c === null) ? misfit : all(compared.filter((c) => c !== null))
}

/** The least time stands for none, and is in no range. */
const hasTime = (value: Sql): Sql => sql`${value} > toDateTime64('1900-01-01 00:00:00', 6, 'UTC')`

const timeTest = (name: string, value: Sql, test: Test, nowMs: number): Compiled => {
  if (test.kind === 'exists') return hasTime(value)
  const literal = test.kind === 'is' ? literalOf(test.pattern) : null
  const moment = literal === null ? null : parseMoment(literal, nowMs)
  const moments = moment !== null ? spanOf(moment) : momentsOf(boundsOf(test) ?? [], nowMs)
  if (moments === null || moments.length === 0)
    return { misfit: `${name} is a time`, expected: ['2026-03-10', '2026-03-10T08:42:19Z', 'now-7d'] }
  return sql`(${hasTime(value)} AND ${all(moments.map((m) => compareTime(value, m.op, m.moment)))})`
}

const spanOf = (moment: { from: bigint; until: bigint }) => [
  { op: '>=' as const, moment },
  { op: '<=' as const, moment },
]

const namedTimes = (names: readonly string[], moments: NonNullable<ReturnType<typeof momentsOf>>): Sql => {
  const inRange = all(moments.map((m) => compareTime(raw('t'), m.op, m.moment)))
  return sql`arrayExists((n, t) -> has(${param('Array(String)', names)}, n) AND ${inRange}, time_names, time_values)`
}

/**
 * Where the rows do not carry the column as a time: its texts that are RFC 3339. The least time, also of what the engine cannot
 * read, is in no range.
 */
const writtenTimes = (names: readonly string[], moments: NonNullable<ReturnType<typeof momentsOf>>): Sql => {
  const at = raw("ifNull(parseDateTime64BestEffortOrNull(v, 6, 'UTC'), toDateTime64('1900-01-01 00:00:00', 6, 'UTC'))")
  const isTime = sql`(match(v, ${text(rfc3339)}) AND ${hasTime(at)} AND ${all(moments.map((m) => compareTime(at, m.op, m.moment)))})`
  return sql`(NOT hasAny(time_names, ${param('Array(String)', names)}) AND ${existsIn(names, isTime)})`
}

const atTimes = (names: readonly string[], moments: NonNullable<ReturnType<typeof momentsOf>>): Sql[] => [
  namedTimes(names, moments),
  writtenTimes(names, moments),
]

const existsIn = (names: readonly string[], condition: Sql): Sql =>
  anyOf(names.map((name) => sql`arrayExists(v -> ${condition}, fields[${text(name)}])`))

const originalIs = (names: readonly string[], pattern: Pattern, nowMs: number): Sql => {
  const literal = literalOf(pattern)
  const moment = literal === null ? null : parseMoment(literal, nowMs)
  const found = existsIn(names, valueIs(element, pattern))
  return moment === null ? found : anyOf([found, ...atTimes(names, spanOf(moment))])
}

const originalTest = (names: readonly string[], test: Test, nowMs: number): Sql => {
  if (test.kind === 'is') return originalIs(names, test.pattern, nowMs)
  // an empty list or object holds no value
  if (test.kind === 'exists') return existsIn(names, raw("v NOT IN ('[]', '{}')"))
  if (test.kind === 'exact') return existsIn(names, matchesExactly(element, test.pattern))
  if (test.kind === 'regex') return existsIn(names, matchesRegex(element, test.source))
  const bounds: readonly Bound[] = boundsOf(test) ?? []
  const moments = momentsOf(bounds, nowMs)
  return moments !== null ? anyOf(atTimes(names, moments)) : existsIn(names, compareText(element, bounds))
}

const within = (artifacts: readonly string[] | null, found: Sql): Sql =>
  artifacts === null ? found : sql`(artifact IN ${param('Array(String)', artifacts)} AND ${found})`

/** Numbers and times have no case, and what is stored in lower case was written in any. */
const caseless = (field: Field): boolean =>
  field.kind === 'number' || field.kind === 'time' || (field.kind === 'text' && field.is_lower === true)

/** Whether a test can find an address: what else would never do is more likely a mistake. */
const isOfAddresses = (test: Test): boolean => {
  const literal = test.kind === 'is' ? literalOf(test.pattern) : null
  if (literal !== null) return literal === '' || isAddress(literal) || isNetworkLiteral(literal)
  return (boundsOf(test) ?? []).every((bound) => isAddress(bound.value))
}
const noAddress = (name: string): Misfit => ({
  misfit: `${name} holds addresses`,
  expected: ['10.1.2.3', '10.0.0.0/8', '10.1.*', '[10.0.0.1 TO 10.0.0.99]'],
})

/** The condition that one `field:test` puts on a row. It is never NULL, so that NOT can stand before it. */
export const compileTest = (field: Field, given: Test, nowMs: number): Compiled => {
  const test = caseless(field) && given.kind === 'exact' ? { ...given, kind: 'is' as const } : given
  switch (field.kind) {
    case 'text':
      if (field.is_address === true && !isOfAddresses(test)) return noAddress(field.name)
      return field.is_lower === true && test.kind === 'is' ? lowerIs(field.value, test.pattern) : textTest(field.value, test)
    case 'artifact':
      return artifactTest(test)
    case 'number':
      return numberTest(field.name, field.value, test)
    case 'time':
      return timeTest(field.name, field.value, test, nowMs)
    case 'original':
      return within(field.artifacts, originalTest(field.names, test, nowMs))
  }
}

/** Several whole values of one field at once: `field:(a OR b OR ...)` with any number of values. */
export const compileAnyValue = (field: Field, literals: readonly string[]): Sql | null => {
  const isPlain = literals.every(
    (l) => l !== '' && otherSpelling(l) === null && !isNetworkLiteral(l) && !/^\d{4}-/.test(l) && !/^now/i.test(l),
  )
  if (!isPlain || (field.kind === 'text' && field.is_address === true && !literals.every(isAddress))) return null
  const wanted = param('Array(String)', literals.map(lower))
  if (field.kind === 'text') return field.is_lower === true ? sql`${field.value} IN ${wanted}` : sql`lowerUTF8(${field.value}) IN ${wanted}`
  if (field.kind !== 'original') return null
  return within(field.artifacts, existsIn(field.names, sql`has(${wanted}, lowerUTF8(v))`))
}
