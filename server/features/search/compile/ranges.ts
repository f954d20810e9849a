import { param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import { isAddress, type Moment, parseMoment, parseNumber } from '../../../../shared/query/literals.ts'
import type { CompareOp, Test } from '../../../../shared/query/tree.ts'
import { lower, lowered } from './patterns.ts'

/** One side of a range: `value` is compared with the bound by `op`. */
export interface Bound {
  op: CompareOp
  value: string
}

const opSql: Readonly<Record<CompareOp, Sql>> = { '>': raw('>'), '>=': raw('>='), '<': raw('<'), '<=': raw('<=') }

/** The bounds of a comparison or range; null for another test. */
export const boundsOf = (test: Test): readonly Bound[] | null => {
  if (test.kind === 'compare') return [{ op: test.op, value: test.value }]
  if (test.kind !== 'range') return null
  const bounds: Bound[] = []
  if (test.from !== null) bounds.push({ op: test.includes_from ? '>=' : '>', value: test.from })
  if (test.to !== null) bounds.push({ op: test.includes_to ? '<=' : '<', value: test.to })
  return bounds
}

export const all = (parts: readonly Sql[]): Sql => {
  const [first, ...rest] = parts
  if (first === undefined) return raw('true')
  return rest.length === 0 ? first : sql`(${rest.reduce((left, right) => sql`${left} AND ${right}`, first)})`
}

export const momentsOf = (bounds: readonly Bound[], nowMs: number): { op: CompareOp; moment: Moment }[] | null => {
  const found = bounds.flatMap(({ op, value }) => {
    const moment = parseMoment(value, nowMs)
    return moment === null ? [] : [{ op, moment }]
  })
  return found.length === bounds.length ? found : null
}

const leastMicros = -2_208_988_800_000_000n
const mostMicros = 10_413_791_999_999_999n

/** A time as the store takes it, held within what it can hold. */
export const microsParam = (micros: bigint) => {
  const held = micros < leastMicros ? leastMicros : micros > mostMicros ? mostMicros : micros
  const fraction = ((held % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = new Date(Number((held - fraction) / 1000n)).toISOString().slice(0, 19).replace('T', ' ')
  return param("DateTime64(6, 'UTC')", `${seconds}.${String(fraction).padStart(6, '0')}`)
}

/** A written time is a span (a day, a minute, a second): after it is after its end, up to it includes all of it. */
export const compareTime = (value: Sql, op: CompareOp, moment: Moment): Sql => {
  if (op === '>' || op === '>=') return sql`${value} >= ${microsParam(op === '>' ? moment.until : moment.from)}`
  return sql`${value} < ${microsParam(op === '<' ? moment.from : moment.until)}`
}

/** What hexadecimal text stands for, NULL for other text; as wide as hexadecimal numbers in a query are. */
const hexadecimalOf = (value: Sql): Sql => {
  const isHex = sql`((startsWith(${value}, '0x') OR startsWith(${value}, '0X')) AND match(${value}, '^0[xX][0-9a-fA-F]{1,16}$'))`
  return sql`if(${isHex}, reinterpretAsUInt64(reverse(unhex(leftPad(substring(${value}, 3), 16, '0')))), NULL)`
}

const compareDigits = (value: Sql, bound: Bound): Sql => {
  const number = parseNumber(bound.value)
  const op = opSql[bound.op]
  if (number === null) return raw('false')
  if (number.kind === 'float')
    return sql`ifNull(ifNull(toFloat64OrNull(${value}), toFloat64(${hexadecimalOf(value)})) ${op} ${param('Float64', number.value)}, false)`
  // Integers keep all their digits; longer ones than the engine knows would wrap round.
  const integer = sql`if(length(${value}) < 77, toInt256OrNull(${value}), NULL)`
  const asInteger = sql`ifNull(${integer}, toInt256(${hexadecimalOf(value)})) ${op} toInt256(${text(number.digits)})`
  return sql`ifNull(${asInteger}, ifNull(toFloat64OrNull(${value}) ${op} ${param('Float64', Number(number.digits))}, false))`
}

/** Within one family: no address of IPv6 is above or below one of IPv4. */
const compareAddress = (value: Sql, bound: Bound): Sql => {
  const op = opSql[bound.op]
  if (!bound.value.includes(':')) return sql`ifNull(toIPv4OrNull(${value}) ${op} toIPv4(${text(bound.value)}), false)`
  return sql`(isIPv6String(${value}) AND ifNull(toIPv6OrNull(${value}) ${op} toIPv6(${text(bound.value)}), false))`
}

/** A text against bounds: as numbers where all bounds are, else as addresses where all are, else by the alphabet in any case. */
export const compareText = (value: Sql, bounds: readonly Bound[]): Sql => {
  if (bounds.every((b) => parseNumber(b.value) !== null)) return all(bounds.map((b) => compareDigits(value, b)))
  if (bounds.every((b) => isAddress(b.value))) return all(bounds.map((b) => compareAddress(value, b)))
  return all(bounds.map((b) => sql`${lowered(value, [b.value, '\u0080'])} ${opSql[b.op]} ${text(lower(b.value))}`))
}

/** A number column against a bound that is a number. */
export const compareNumber = (value: Sql, bound: Bound): Sql | null => {
  const number = parseNumber(bound.value)
  if (number === null) return null
  const against = number.kind === 'float' ? sql`${param('Float64', number.value)}` : sql`toInt256(${text(number.digits)})`
  return sql`ifNull(${value} ${opSql[bound.op]} ${against}, false)`
}
