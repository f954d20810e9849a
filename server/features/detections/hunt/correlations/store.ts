// Base matches with what correlations group and count by, and what was found of a correlation before.
import { execute, queryRows, storedTable, streamRows, table } from '../../../../events/query.ts'
import type { TenantEvents } from '../../../../platform/ctx.ts'
import { param, sql, text } from '../../../../platform/sql.ts'
import type { CorrelatedRow } from '../messages.ts'

const timeoutMs = 600_000

interface Stored extends Omit<CorrelatedRow, 'at'> {
  micros: string
}

/** 1900: a row without a time. */
const noTime = '-2208988800000000'

export const baseRows = async (
  events: TenantEvents,
  ruleIds: readonly string[],
  of: { keys: readonly string[]; endings: readonly string[] },
  signal: AbortSignal,
): Promise<CorrelatedRow[]> => {
  if (ruleIds.length === 0) return []
  const matched = sql`FROM ${table(events, 'matches')} WHERE kind IN ('rule', 'base') AND subject_id IN ${param('Array(String)', [...ruleIds])}`
  const found: CorrelatedRow[] = []
  const portions = streamRows<Stored>(
    events,
    sql`SELECT m.subject_id AS key, lower(hex(e.id)) AS row_id, toString(toUnixTimestamp64Micro(e.timestamp)) AS micros, e.artifact AS artifact,
        e.artifact_source AS artifact_source, e.winlog_channel AS channel, e.event_code AS event_code, e.event_provider AS provider, e.host_os AS os,
        mapFilter((k, v) -> k IN ${param('Array(String)', [...of.keys])} OR arrayExists(s -> endsWith(k, s), ${param('Array(String)', [...of.endings])}), e.fields) AS fields
      FROM (SELECT * FROM ${table(events, 'events')} WHERE id IN (SELECT row_id ${matched})) AS e
        INNER JOIN (SELECT DISTINCT subject_id, row_id ${matched}) AS m ON e.id = m.row_id`,
    { signal, isOwnWork: true, timeoutMs },
  )
  for await (const rows of portions)
    for (const { micros, ...row } of rows) found.push({ ...row, at: micros === noTime ? null : Number(micros) })
  return found
}

export const correlationMatches = async (
  events: TenantEvents,
  id: string,
  signal: AbortSignal,
): Promise<{ row_id: string; detail: string }[]> => {
  const found: { row_id: string; detail: string }[] = []
  const portions = streamRows<{ row_id: string; detail: string }>(
    events,
    sql`SELECT DISTINCT lower(hex(row_id)) AS row_id, detail FROM ${table(events, 'matches')} WHERE kind = 'correlation' AND subject_id = ${text(id)}`,
    { signal, isOwnWork: true, timeoutMs },
  )
  for await (const rows of portions) found.push(...rows)
  return found
}

export const dropCorrelation = (events: TenantEvents, id: string): Promise<void> =>
  execute(events, sql`DELETE FROM ${storedTable(events, 'matches')} WHERE kind = 'correlation' AND subject_id = ${text(id)}`)

/** Matches of versions of these rules that are no more. */
export const dropOlder = async (
  events: TenantEvents,
  rules: readonly { id: string; version: number }[],
): Promise<{ subject_id: string }[]> => {
  const ids = param(
    'Array(String)',
    rules.map((one) => one.id),
  )
  const versions = param(
    'Array(String)',
    rules.map((one) => String(one.version)),
  )
  const older = sql`kind IN ('rule', 'base') AND subject_id IN ${ids}
    AND subject_version < toUInt32(transform(subject_id, ${ids}, ${versions}, '0'))`
  const { rows } = await queryRows<{ subject_id: string }>(
    events,
    sql`SELECT DISTINCT subject_id FROM ${table(events, 'matches')} WHERE ${older}`,
    { isOwnWork: true, timeoutMs },
  )
  if (rows.length > 0) await execute(events, sql`DELETE FROM ${storedTable(events, 'matches')} WHERE ${older}`)
  return rows
}
