// Any time that rows carry as an axis: one moment for each row, the least time of the store where it has none.
import { join, param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import type { Field } from '../compile/fields.ts'

const noTime = raw("toDateTime64('1900-01-01 00:00:00', 6, 'UTC')")
const rfc3339 = '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}'

export interface TimeAxis {
  at: Sql
  has: Sql
}

const axis = (at: Sql): TimeAxis => ({ at, has: sql`${at} > ${noTime}` })

/**
 * Of an artifact's own column: the times that the row carries by its name; where it carries none, its texts that are written times.
 * A row with several stands at the earliest.
 */
const ownTimes = (field: Extract<Field, { kind: 'original' }>): Sql => {
  const names = param('Array(String)', field.names)
  const carried = sql`arrayFilter((t, n) -> has(${names}, n), time_values, time_names)`
  const texts = join(
    field.names.map((name) => sql`fields[${text(name)}]`),
    ', ',
  )
  const read = raw("ifNull(parseDateTime64BestEffortOrNull(v, 6, 'UTC'), toDateTime64('1900-01-01 00:00:00', 6, 'UTC'))")
  const written = sql`arrayFilter(t -> t > ${noTime}, arrayMap(v -> ${read}, arrayFilter(v -> match(v, ${text(rfc3339)}), arrayConcat(${texts}))))`
  return sql`if(hasAny(time_names, ${names}), ${carried}, ${written})`
}

const earliest = (times: Sql): Sql => sql`arrayReduce('min', arrayConcat(${times}, if(empty(${times}), [${noTime}], [])))`

/** Null for a field that holds no times. */
export const timeAxis = (field: Field): TimeAxis | null => {
  if (field.kind === 'time') return axis(field.name === 'timestamp' ? field.value : sql`toDateTime64(${field.value}, 6, 'UTC')`)
  if (field.kind !== 'original') return null
  const at = earliest(ownTimes(field))
  return axis(field.artifacts === null ? at : sql`if(artifact IN ${param('Array(String)', field.artifacts)}, ${at}, ${noTime})`)
}
