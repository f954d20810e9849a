import { param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import { artifactName, type Field, findTyped } from './fields.ts'

/** What rows are sorted by. Rows without the field come last in either direction. */
export interface Order {
  field: Exclude<Field, { kind: 'original' }>
  direction: 'asc' | 'desc'
}
/** Where a page ended: the sort value of its last row (null: it had none) and that row's id. */
export interface Place {
  value: string | null
  id: string
}

/** `field`, `-field`, `field:desc` or `field:asc`; null when the field is none that rows can be sorted by. */
export const parseOrder = (given: string | undefined): Order | null => {
  const [, dash, name = '', tail] = /^(-?)(.+?)(?::(asc|desc))?$/is.exec(given ?? '-timestamp') ?? []
  const field = findTyped(name)
  if (field === null || field.kind === 'original') return null
  const direction = tail === undefined ? (dash === '-' ? 'desc' : 'asc') : tail.toLowerCase() === 'desc' ? 'desc' : 'asc'
  return { field, direction }
}

const noTime = raw("toDateTime64('1900-01-01 00:00:00', 6, 'UTC')")
const valueOf = (field: Order['field']): Sql => (field.kind === 'artifact' ? artifactName : field.value)

const isAbsent = (field: Order['field']): Sql => {
  if (field.kind === 'number') return sql`isNull(${field.value})`
  return field.kind === 'time' ? sql`${field.value} = ${noTime}` : sql`${valueOf(field)} = ''`
}

/** The least time stands for none: descending, those rows are last without being told apart, and the table is read in its order. */
const isPlain = ({ field, direction }: Order): boolean => field.kind === 'time' && direction === 'desc'

const signs = { asc: raw('ASC'), desc: raw('DESC') } as const
const beyond = { asc: raw('>'), desc: raw('<') } as const

export const orderBy = (order: Order): Sql => {
  const sign = signs[order.direction]
  const keys = sql`${valueOf(order.field)} ${sign}, id ${sign}`
  return isPlain(order) ? keys : sql`${isAbsent(order.field)}, ${keys}`
}

/** The sort value as text, for the next page's place. */
export const placeValue = ({ field }: Order): Sql => {
  const value = valueOf(field)
  const written = field.kind === 'time' ? sql`toString(toUnixTimestamp64Micro(toDateTime64(${value}, 6, 'UTC')))` : sql`toString(${value})`
  return sql`if(${isAbsent(field)}, NULL, ${written})`
}

const boundOf = (field: Order['field'], value: string): Sql => {
  if (field.kind === 'number') return sql`${param('UInt64', value)}`
  return field.kind === 'time' ? sql`fromUnixTimestamp64Micro(${param('Int64', value)}, 'UTC')` : sql`${text(value)}`
}

/** The rows behind a place. */
export const after = (order: Order, place: Place): Sql => {
  const { field, direction } = order
  const id = sql`toFixedString(unhex(${text(place.id)}), 16)`
  const next = sql`id ${beyond[direction]} ${id}`
  if (place.value === null) return sql`(${isAbsent(field)} AND ${next})`
  const value = valueOf(field)
  const bound = boundOf(field, place.value)
  if (isPlain(order)) return sql`(${value} <= ${bound} AND (${value} < ${bound} OR ${next}))`
  return sql`(${isAbsent(field)} OR ifNull(${value} ${beyond[direction]} ${bound}, false) OR (ifNull(${value} = ${bound}, false) AND ${next}))`
}
