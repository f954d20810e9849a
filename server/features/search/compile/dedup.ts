import { join, type Sql, sql } from '../../../platform/sql.ts'
import { artifactName, type Field } from './fields.ts'
import { firstBy, type Order, orderBy } from './order.ts'
import { eachValue } from './values.ts'

/** What makes two rows alike: the same values, with case; having none is one more value. */
const alike = (field: Field): Sql => {
  switch (field.kind) {
    case 'artifact':
      return artifactName
    case 'original':
      return eachValue(field)
    // A NULL would leave its row out of the count.
    case 'number':
      return sql`tuple(isNull(${field.value}), ifNull(${field.value}, 0))`
    default:
      return field.value
  }
}

const keysOf = (fields: readonly Field[]): Sql => join(fields.map(alike), ', ')

/** Of rows that are alike in the fields, only the first in the order. `from` is the table. */
export const firstOfEach = (from: Sql, where: Sql, fields: readonly Field[], order: Order): Sql => {
  const first = firstBy(order)
  const ids =
    first === null
      ? sql`SELECT id FROM ${from} WHERE ${where} ORDER BY ${orderBy(order)} LIMIT 1 BY ${keysOf(fields)}`
      : sql`SELECT ${first} FROM ${from} WHERE ${where} GROUP BY ${keysOf(fields)}`
  return sql`(${where} AND id IN (${ids}))`
}

/** How many combinations of values there are. */
export const combinations = (fields: readonly Field[]): Sql => sql`uniqExact(tuple(${keysOf(fields)}))`
