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

/** The field's different values in a row, as a list; empty where it has none. */
export const eachValue = (field: Field): Sql => {
  if (field.kind !== 'original') return sql`arrayFilter(v -> v != '', [toString(${oneValue(field)})])`
  const lists = field.names.map((name) => sql`fields[${text(name)}]`)
  return sql`arrayDistinct(arrayConcat(${join(lists, ', ')}))`
}
