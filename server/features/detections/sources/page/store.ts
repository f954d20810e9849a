import { queryRows, table } from '../../../../events/query.ts'
import type { TenantEvents } from '../../../../platform/ctx.ts'
import { join, param, raw, type Sql, sql } from '../../../../platform/sql.ts'
import type { RowClass } from '../row-view.ts'
import type { Source } from '../source.ts'
import { mayBeGuessed, whereOf } from '../where.ts'

/** Milliseconds since 1970; null: none of the rows has a time. */
export interface Counted {
  rows: number
  first_ms: number | null
  last_ms: number | null
  stored_ms: number
}

const dated = "timestamp > toDateTime64('1900-01-01 00:00:00', 6, 'UTC')"
const measures = (where: string): string =>
  [
    `countIf(${where})`,
    `toUnixTimestamp64Milli(minIf(timestamp, (${where}) AND ${dated}))`,
    `toUnixTimestamp64Milli(maxIf(timestamp, (${where}) AND ${dated}))`,
    `countIf((${where}) AND ${dated})`,
    `toUnixTimestamp64Milli(maxIf(ingested_at, ${where}))`,
  ].join(', ')

/** Numbers as text: how the engine writes 64 bits. */
type Measured = readonly [string, string, string, string, string]
const countedOf = ([rows, first, last, withTime, stored]: Measured): Counted => ({
  rows: Number(rows),
  first_ms: Number(withTime) === 0 ? null : Number(first),
  last_ms: Number(withTime) === 0 ? null : Number(last),
  stored_ms: Number(stored),
})

/** Rows by what decides of which sources they are; a few thousand classes at most, for nothing in them is free text but names of logs. */
export const rowsByClass = async (events: TenantEvents, signal: AbortSignal): Promise<{ of: RowClass; counted: Counted }[]> => {
  const { rows } = await queryRows<RowClass & { measured: Measured }>(
    events,
    sql`SELECT artifact, artifact_source, winlog_channel AS channel, event_code, event_provider AS provider, host_os AS os,
      tuple(${raw(measures('1'))}) AS measured FROM ${table(events, 'events')}
      GROUP BY artifact, artifact_source, channel, event_code, provider, os`,
    { signal },
  )
  return rows.map(({ measured, ...of }) => ({ of, counted: countedOf(measured) }))
}

const classOf = "concat(artifact, '\\n', artifact_source, '\\n', winlog_channel, '\\n', event_code)"
const ofClasses = (classes: readonly RowClass[]): Sql => {
  const keys = classes.map((of) => [of.artifact, of.artifact_source, of.channel, of.event_code].join('\n'))
  return sql`${raw(classOf)} IN ${param('Array(String)', [...new Set(keys)])}`
}

/** Of sources that ask each row for its fields, all in one pass over the rows of the classes that may be of them. */
export const rowsByFields = async (
  events: TenantEvents,
  sources: readonly Source[],
  classes: readonly RowClass[],
  signal: AbortSignal,
): Promise<Counted[]> => {
  if (sources.length === 0) return []
  const columns = sources.map((source, at): Sql => sql`${whereOf(source, raw('may_be_guessed'))} AS ${raw(`is_${at}`)}`)
  const measured = sources.map((_, at): Sql => raw(`tuple(${measures(`is_${at}`)}) AS of_${at}`))
  const { rows } = await queryRows<Record<string, Measured>>(
    events,
    sql`SELECT ${join(measured, ', ')} FROM (SELECT timestamp, ingested_at, ${mayBeGuessed} AS may_be_guessed, ${join(columns, ', ')} FROM ${table(events, 'events')}
      WHERE ${ofClasses(classes)})`,
    { signal },
  )
  return sources.map((_, at) => countedOf(rows[0]?.[`of_${at}`] ?? ['0', '0', '0', '0', '0']))
}

/** Names of fields in some rows of the source. */
export const namesInSome = async (
  events: TenantEvents,
  source: Source,
  limit: number,
  signal: AbortSignal,
): Promise<{ rows: number; names: Set<string> }> => {
  const { rows } = await queryRows<{ n: string; names: string[] }>(
    events,
    sql`SELECT count() AS n, groupUniqArrayArray(50000)(of_row) AS names
      FROM (SELECT mapKeys(fields) AS of_row FROM ${table(events, 'events')} WHERE ${whereOf(source)} LIMIT ${param('UInt32', limit)})`,
    { signal },
  )
  return { rows: Number(rows[0]?.n ?? 0), names: new Set(rows[0]?.names ?? []) }
}
