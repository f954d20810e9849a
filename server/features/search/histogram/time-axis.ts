// Any time that rows carry as an axis: one moment for each row, the least time of the store where it has none.
import { join, param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import type { Field } from '../compile/fields.ts'
import { mayHold } from '../compile/values.ts'

const noTime = raw("toDateTime64('1900-01-01 00:00:00', 6, 'UTC')")
const rfc3339 = '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}'

/** Where the moment of a row stands; a row is in one part at most. */
export interface AxisPart {
  moment: Sql
  /** Beside the condition of the question. */
  where: Sql
}

export interface TimeAxis {
  parts: readonly AxisPart[]
  /** The parts hold all rows of the question. */
  isWhole: boolean
}

const earliest = (times: Sql): Sql => sql`if(empty(${times}), ${noTime}, arrayReduce('min', ${times}))`

/**
 * Of an artifact's own column: the times that the row carries by its name; where it carries none, its texts that are written times.
 * A row with several stands at the earliest. Apart, so that the columns of rows that carry the time are not read.
 */
const ownTimes = (field: Extract<Field, { kind: 'original' }>): AxisPart[] => {
  const names = param('Array(String)', field.names)
  const carries = sql`hasAny(time_names, ${names})`
  const carried = sql`arrayFilter((t, n) -> has(${names}, n), time_values, time_names)`
  const texts = join(
    field.names.map((name) => sql`fields[${text(name)}]`),
    ', ',
  )
  const read = raw("ifNull(parseDateTime64BestEffortOrNull(v, 6, 'UTC'), toDateTime64('1900-01-01 00:00:00', 6, 'UTC'))")
  const written = sql`arrayFilter(t -> t > ${noTime}, arrayMap(v -> ${read}, arrayFilter(v -> match(v, ${text(rfc3339)}), arrayConcat(${texts}))))`
  return [
    { moment: earliest(carried), where: carries },
    { moment: earliest(written), where: sql`${mayHold(field)} AND NOT ${carries}` },
  ]
}

/** Null for a field that holds no times. */
export const timeAxis = (field: Field): TimeAxis | null => {
  if (field.kind === 'original') return { parts: ownTimes(field), isWhole: false }
  if (field.kind !== 'time') return null
  const moment = field.name === 'timestamp' ? field.value : sql`toDateTime64(${field.value}, 6, 'UTC')`
  return { parts: [{ moment, where: raw('true') }], isWhole: true }
}

/** A moment that is one. */
export const isMoment = sql`moment > ${noTime}`
