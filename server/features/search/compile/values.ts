import { join, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import type { Field } from './fields.ts'

const noTime = raw("toDateTime64('1900-01-01 00:00:00', 6, 'UTC')")

/** The field's value as text; '' where the row has none; several values side by side. */
export const oneValue = (field: Field): Sql => {
  switch (field.kind) {
    case 'text':
      return field.value
    case 'artifact':
      return raw('artifact')
    case 'number':
      return sql`ifNull(toString(${field.value}), '')`
    case 'time':
      return sql`if(${field.value} = ${noTime}, '', toString(${field.value}))`
    case 'original':
      return sql`arrayStringConcat(${eachValue(field)}, ', ')`
  }
}

/** The different values of an artifact's own column in a row, as a list; empty where it has none. */
export const eachValue = (field: Extract<Field, { kind: 'original' }>): Sql => {
  const lists = field.names.map((name) => sql`fields[${text(name)}]`)
  return sql`arrayDistinct(arrayConcat(${join(lists, ', ')}))`
}

/** What a SELECT needs to see a field's values one by one: a row with several stands for each of them. */
export const unfolded = (field: Field): { one: Sql; present: Sql } => {
  if (field.kind === 'original') return { one: sql`arrayJoin(${eachValue(field)})`, present: raw('true') }
  return { one: oneValue(field), present: sql`${oneValue(field)} != ''` }
}

/** All rows, those without a value, and the number of different values. */
export const valueSums = (field: Field): Sql => {
  const rows = raw('count() AS n')
  if (field.kind === 'original') {
    const held = eachValue(field)
    return sql`${rows}, countIf(empty(${held})) AS missing, uniqExactArray(${held}) AS different`
  }
  const value = oneValue(field)
  return sql`${rows}, countIf(${value} = '') AS missing, uniqExactIf(${value}, ${value} != '') AS different`
}
