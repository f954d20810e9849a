import { ident, join, param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import { artifactName, type Field } from './fields.ts'
import { eachValue } from './values.ts'

/** One thing that rows are sorted by. Rows without the field come last in either direction. */
export interface OrderKey {
  field: Field
  direction: 'asc' | 'desc'
}
/** From one key on; what is equal in all of them goes by its id, in the direction of the last. */
export type Order = readonly OrderKey[]
/** Where a page ended: the sort values of its last row (null: it had none) and that row's id. */
export interface Place {
  values: readonly (string | null)[]
  id: string
}

/** A sort as a request writes it: `field`, `-field`, `field:desc` or `field:asc`. */
export const readSort = (given: string): { name: string; direction: 'asc' | 'desc' } => {
  const [, dash, name = '', tail] = /^(-?)(.+?)(?::(asc|desc))?$/is.exec(given) ?? []
  const direction = tail === undefined ? (dash === '-' ? 'desc' : 'asc') : tail.toLowerCase() === 'desc' ? 'desc' : 'asc'
  return { name, direction }
}

export const newestFirst: Order = [{ field: { kind: 'time', name: 'timestamp', value: ident('timestamp') }, direction: 'desc' }]

const noTime = raw("toDateTime64('1900-01-01 00:00:00', 6, 'UTC')")

/** The first value, of a column that may have several; '' for none. */
const valueOf = (field: Field): Sql => {
  if (field.kind === 'original') return sql`arrayElement(${eachValue(field)}, 1)`
  return field.kind === 'artifact' ? artifactName : field.value
}

const isAbsent = (field: Field): Sql => {
  if (field.kind === 'number') return sql`isNull(${field.value})`
  return field.kind === 'time' ? sql`${field.value} = ${noTime}` : sql`${valueOf(field)} = ''`
}

/** What is compared: a column of an artifact has no type, so that its numbers go by value and before other text. */
const ranked = (field: Field, value: Sql): Sql => {
  if (field.kind !== 'original') return value
  const number = sql`if(isFinite(ifNull(toFloat64OrNull(${value}), nan)), toFloat64OrNull(${value}), NULL)`
  return sql`tuple(isNull(${number}), ifNull(${number}, 0), ${value})`
}
const comparable = (field: Field): Sql => ranked(field, valueOf(field))

/** The least time stands for none: descending, those rows are last without being told apart, and the table is read in its order. */
const isPlain = ({ field, direction }: OrderKey): boolean => field.kind === 'time' && direction === 'desc'

const signs = { asc: raw('ASC'), desc: raw('DESC') } as const
const beyond = { asc: raw('>'), desc: raw('<') } as const
const lastDirection = (order: Order): 'asc' | 'desc' => order.at(-1)?.direction ?? 'desc'

export const orderBy = (order: Order): Sql => {
  const keys = order.map((key) => {
    const value = sql`${comparable(key.field)} ${signs[key.direction]}`
    return isPlain(key) ? value : sql`${isAbsent(key.field)}, ${value}`
  })
  return sql`${join(keys, ', ')}, id ${signs[lastDirection(order)]}`
}

/**
 * The id of the first row of a group, found without sorting; null where directions differ, for no tuple is then least for the first
 * row.
 */
export const firstBy = (order: Order): Sql | null => {
  const [first] = order
  if (first === undefined || order.some((key) => key.direction !== first.direction)) return null
  const isAscending = first.direction === 'asc'
  const keys = order.map(({ field }) => {
    const absent = isAbsent(field)
    const value = field.kind === 'number' ? sql`ifNull(${field.value}, 0)` : comparable(field)
    return sql`${isAscending ? absent : sql`NOT ${absent}`}, ${value}`
  })
  return sql`${raw(isAscending ? 'argMin' : 'argMax')}(id, tuple(${join(keys, ', ')}, id))`
}

const written = (field: Field): Sql => {
  const value = valueOf(field)
  const asText = field.kind === 'time' ? sql`toString(toUnixTimestamp64Micro(toDateTime64(${value}, 6, 'UTC')))` : sql`toString(${value})`
  return sql`if(${isAbsent(field)}, NULL, ${asText})`
}

/** The sort values as a list of texts, for the next page's place. */
export const placeValues = (order: Order): Sql =>
  sql`[${join(
    order.map((key) => written(key.field)),
    ', ',
  )}]`

const boundOf = (field: Field, value: string): Sql => {
  if (field.kind === 'number') return sql`${param('UInt64', value)}`
  return field.kind === 'time' ? sql`fromUnixTimestamp64Micro(${param('Int64', value)}, 'UTC')` : ranked(field, sql`${text(value)}`)
}

const sameValue = ({ field }: OrderKey, value: string | null): Sql =>
  value === null ? isAbsent(field) : sql`ifNull(${comparable(field)} = ${boundOf(field, value)}, false)`

/** Rows whose value comes behind; none comes behind those that lack it. */
const behind = (key: OrderKey, value: string | null): Sql => {
  if (value === null) return raw('false')
  const further = sql`ifNull(${comparable(key.field)} ${beyond[key.direction]} ${boundOf(key.field, value)}, false)`
  return isPlain(key) ? further : sql`(${isAbsent(key.field)} OR ${further})`
}

/** The rows behind a place. */
export const after = (order: Order, place: Place): Sql => {
  const id = sql`toFixedString(unhex(${text(place.id)}), 16)`
  let found = sql`id ${beyond[lastDirection(order)]} ${id}`
  for (const [at, key] of [...order.entries()].reverse()) {
    const value = place.values[at] ?? null
    found = sql`(${behind(key, value)} OR (${sameValue(key, value)} AND ${found}))`
  }
  const [first] = order
  const value = place.values[0] ?? null
  if (first === undefined || value === null || !isPlain(first)) return found
  // Said once more as a bare range, which the table's own order answers.
  return sql`(${valueOf(first.field)} <= ${boundOf(first.field, value)} AND ${found})`
}
