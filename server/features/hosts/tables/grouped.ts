// A table of a host's page: its rows grouped by what makes them one entry. Pure; the store runs it.
import { printName, printValue } from '../../../../shared/query/print.ts'
import { join, raw, type Sql, sql } from '../../../platform/sql.ts'

/** Text of our own code: an expression over the columns of the event store. */
type Ours = string

export interface TableShape {
  /** Which rows belong to the table at all. */
  where: Ours
  /** What kind of entry a row is; '' is none. */
  kind: Ours
  /** What makes two rows one entry, by the name that the answer gives it. Names carry a prefix where a column has the same. */
  parts: Readonly<Record<string, Ours>>
  /** What is told of an entry beside that: aggregates. */
  facts: Readonly<Record<string, Ours>>
}

export interface GroupRow {
  of_kind: string
  n: string
  row_id: string
  first_at: string | null
  last_at: string | null
}

const named = (expressions: Readonly<Record<string, Ours>>): Sql[] =>
  Object.entries(expressions).map(([name, expression]) => raw(`${expression} AS ${name}`))
const list = (parts: readonly Sql[]): Sql => join(parts, ', ')
const rowAt = "if(timestamp > toDateTime64('1900-01-01 00:00:00', 6, 'UTC'), toUnixTimestamp64Micro(timestamp), NULL)"

/** One line for each entry, with its rows: `from` is a table and the condition that picks the host. */
export const groups = (shape: TableShape, from: Sql): Sql => {
  const parts = Object.keys(shape.parts)
  const facts = named(shape.facts)
  return sql`SELECT of_kind, ${raw(parts.join(', '))}, count() AS n, lower(hex(min(id))) AS row_id, min(row_at) AS first_at, max(row_at) AS last_at
      ${facts.length === 0 ? sql`` : sql`, ${list(facts)}`}
    FROM (SELECT *, ${raw(rowAt)} AS row_at, ${raw(shape.kind)} AS of_kind, ${list(named(shape.parts))}
      FROM ${from} AND (${raw(shape.where)})) WHERE of_kind != '' GROUP BY of_kind, ${raw(parts.join(', '))}`
}

/** Entries of every kind and the rows behind them. */
export const kindsOf = (shape: TableShape, from: Sql): Sql =>
  sql`SELECT of_kind, toString(uniqExact(tuple(${raw(Object.keys(shape.parts).join(', '))}))) AS entries, toString(count()) AS n
    FROM (SELECT ${raw(shape.kind)} AS of_kind, ${list(named(shape.parts))} FROM ${from} AND (${raw(shape.where)}))
    WHERE of_kind != '' GROUP BY of_kind ORDER BY count() DESC, of_kind`

/** Values longer than this are left out of the query that finds an entry's rows: an address must hold it. */
const longestValue = 600

/** The query that finds the rows of an entry, by the columns that tell it from others; an empty one must be empty. */
export const queryFor = (terms: readonly (readonly [field: string, value: string | number | null])[]): string =>
  terms
    .filter(([, value]) => String(value).length <= longestValue)
    .map(([field, value]) => {
      const name = printName(field)
      return value === null || value === '' ? `NOT ${name}:*` : `${name}:${printValue(String(value))}`
    })
    .join(' ')
