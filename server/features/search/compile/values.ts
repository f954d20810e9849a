import { join, param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
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

/** The rows that may hold the field: of an artifact's own column only those of its artifacts, whose columns alone are then read. */
export const mayHold = (field: Field): Sql =>
  field.kind !== 'original' || field.artifacts === null ? raw('true') : sql`artifact IN ${param('Array(String)', field.artifacts)}`

/** What a SELECT needs to see a field's values one by one: a row with several stands for each of them. */
export const unfolded = (field: Field): { one: Sql; present: Sql } => {
  if (field.kind === 'original') return { one: sql`arrayJoin(${eachValue(field)})`, present: mayHold(field) }
  return { one: oneValue(field), present: sql`${oneValue(field)} != ''` }
}

/** The rows that have a value, and the number of different values. */
export const valueSums = (field: Field): Sql => {
  if (field.kind === 'original') {
    const held = eachValue(field)
    return sql`countIf(notEmpty(${held})) AS held, uniqExactArray(${held}) AS different`
  }
  const value = oneValue(field)
  return sql`countIf(${value} != '') AS held, uniqExactIf(${value}, ${value} != '') AS different`
}
