// Which times of a row are its moments. A row stands once for each different one, however many columns hold it.
import { param, raw, type Sql, sql, text } from '../../platform/sql.ts'
import { all, type Field, hasTime, microsParam } from '../search/index.ts'

export interface Reach {
  from_micros: bigint | null
  to_micros: bigint | null
}

/** What a statement needs to see the moments of rows within a reach. */
export interface Times {
  /** Rows that have one. */
  rows: Sql
  /** In a SELECT: a line for each. */
  each: Sql
  /** How many a row of `rows` has, the first and the last. */
  count: Sql
  first: Sql
  last: Sql
}

export interface TimeSource {
  /** The columns whose times they are; null for every one. */
  names: readonly string[] | null
  /** It is the main time alone. */
  is_main: boolean
  /** Rows without any, whatever the reach. */
  none: Sql
  within: (reach: Reach) => Times
}

const inReach = (value: Sql, { from_micros, to_micros }: Reach): Sql[] => [
  ...(from_micros === null ? [] : [sql`${value} >= ${microsParam(from_micros)}`]),
  ...(to_micros === null ? [] : [sql`${value} < ${microsParam(to_micros)}`]),
]

/** One column of its own: read alone, and in the order of the table where it is the main time. */
const ofColumn = (value: Sql, o: { isThere: Sql; none: Sql; is_main: boolean }): TimeSource => ({
  names: null,
  is_main: o.is_main,
  none: o.none,
  within: (reach) => ({
    rows: all([o.isThere, ...inReach(value, reach)]),
    each: value,
    count: raw('toUInt64(1)'),
    first: value,
    last: value,
  }),
})

const mainTime = ofColumn(raw('timestamp'), {
  isThere: hasTime,
  none: raw("timestamp = toDateTime64('1900-01-01 00:00:00', 6, 'UTC')"),
  is_main: true,
})
const ingestTime = ofColumn(raw("toDateTime64(ingested_at, 6, 'UTC')"), { isThere: raw('true'), none: raw('false'), is_main: false })

const ofLists = (names: readonly string[] | null, within: TimeSource['within'], none: Sql): TimeSource => ({
  names,
  is_main: false,
  none,
  within,
})

const fromList = (rows: Sql, list: Sql): Times => ({
  rows,
  each: sql`arrayJoin(${list})`,
  count: sql`length(${list})`,
  first: sql`arrayMin(${list})`,
  last: sql`arrayMax(${list})`,
})

const everyTime = ofLists(
  null,
  (reach) => {
    const bounds = inReach(raw('t'), reach)
    if (bounds.length === 0) return fromList(raw('notEmpty(time_values)'), raw('arrayDistinct(time_values)'))
    const isIn = all(bounds)
    return fromList(sql`arrayExists(t -> ${isIn}, time_values)`, sql`arrayDistinct(arrayFilter(t -> ${isIn}, time_values))`)
  },
  raw('empty(time_values)'),
)

const namedTimes = (names: readonly string[]): TimeSource => {
  const list = param('Array(String)', names)
  return ofLists(
    names,
    (reach) => {
      const isIn = all([sql`has(${list}, n)`, ...inReach(raw('t'), reach)])
      return fromList(
        sql`arrayExists((t, n) -> ${isIn}, time_values, time_names)`,
        sql`arrayDistinct(arrayFilter((t, n) -> ${isIn}, time_values, time_names))`,
      )
    },
    sql`NOT hasAny(time_names, ${list})`,
  )
}

/** Null for a field that holds no time. */
export const timesOf = (field: Field | null): TimeSource | null => {
  if (field === null) return everyTime
  if (field.kind === 'original') return namedTimes(field.names)
  if (field.kind !== 'time') return null
  return field.name === 'timestamp' ? mainTime : ingestTime
}

/** The rows of a host that is not known as one: those under its key, or under its name where rows came without a key. */
export const sameHost = (hostKey: string, hostName: string): Sql =>
  hostKey === '' ? sql`host_name = ${text(hostName)}` : sql`host_key = ${text(hostKey)}`
