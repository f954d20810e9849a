// Aliases never carry the name of a column: the engine would take the alias for the column in WHERE.
import { queryRows, table } from '../../../events/query.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { param, raw, type Sql, sql } from '../../../platform/sql.ts'
import type { ProcessRecord } from './record.ts'

const isSysmon = "(startsWith(winlog_channel, 'Microsoft-Windows-Sysmon') OR event_provider = 'Microsoft-Windows-Sysmon')"
const isSecurity = "(winlog_channel = 'Security' OR event_provider = 'Microsoft-Windows-Security-Auditing')"
const isEnd = `((event_code = '5' AND ${isSysmon}) OR (event_code = '4689' AND ${isSecurity}))`
/** A record of a start, or a row of a list of processes: one that has the parent's id and, unless it is known to be of processes, a time of creation. */
const isStart = `((event_code = '1' AND ${isSysmon}) OR (event_code = '4688' AND ${isSecurity})
  OR (event_code = '' AND process_parent_pid IS NOT NULL AND (event_category = 'process' OR match(time_field, '(?i)creat|start'))))`

/** Event data under the names that artifacts give them: below EventData, beside the record, or below _Event. */
const eventData = (name: string): string =>
  `concat(fields['EventData.${name}'], fields['${name}'], fields['_Event.EventData.${name}'], fields['Event.EventData.${name}'])[1]`
const timeNamed = (names: readonly string[]): string =>
  `coalesce(${names
    .map((name) => `if(has(time_names, '${name}'), toUnixTimestamp64Micro(time_values[indexOf(time_names, '${name}')]), NULL)`)
    .join(', ')}, NULL)`
const rowTime = "if(timestamp > toDateTime64('1900-01-01 00:00:00', 6, 'UTC'), toUnixTimestamp64Micro(timestamp), NULL)"
const utcTime = `toUnixTimestamp64Micro(parseDateTime64BestEffortOrNull(${eventData('UtcTime')}, 6, 'UTC'))`
/** When what a record tells of took place. Sysmon says it to the millisecond, in its own field. */
const recordTime = `if(${isSysmon}, coalesce(${utcTime}, ${rowTime}), ${rowTime})`

const record = raw(`
  multiIf(${isEnd}, 'end', ${isStart}, 'start', 'seen') AS record_kind,
  process_pid AS of_pid,
  if(record_kind = 'end', NULL, process_parent_pid) AS of_parent_pid,
  if(record_kind = 'start', coalesce(${timeNamed(['StartTime', 'CreateTime', 'CreationTime'])}, ${recordTime}), NULL) AS started,
  multiIf(record_kind = 'end', ${recordTime}, record_kind = 'start', ${timeNamed(['EndTime', 'ExitTime'])}, NULL) AS ended,
  ${rowTime} AS row_at,
  process_name AS of_name,
  process_executable AS of_executable,
  if(record_kind = 'start', process_command_line, '') AS of_command,
  if(record_kind = 'start', if(process_parent_name = '', process_parent_executable, process_parent_name), '') AS of_parent_name,
  if(record_kind = 'start' AND event_code = '' OR ${isSysmon}, user_name, if(user_target_name IN ('', '-'), user_name, user_target_name)) AS of_user,
  if(${isSysmon}, ${eventData('ProcessGuid')}, '') AS of_guid,
  if(${isSysmon}, ${eventData('ParentProcessGuid')}, '') AS of_parent_guid,
  multiIf(event_code != '' AND ${isSysmon}, concat('Sysmon ', event_code), event_code != '' AND ${isSecurity}, concat('Security ', event_code),
    event_code != '' AND winlog_channel != '', concat(winlog_channel, ' ', event_code), artifact) AS of_source`)

const identity = `record_kind, of_pid, of_parent_pid, started, ended, of_name, of_executable, of_command, of_parent_name, of_user, of_guid,
  of_parent_guid, of_source`

interface Found {
  record_kind: ProcessRecord['kind']
  of_pid: number
  of_parent_pid: number | null
  started: string | null
  ended: string | null
  first_at: string | null
  last_at: string | null
  of_name: string
  of_executable: string
  command: string
  command_length: string
  of_parent_name: string
  of_user: string
  of_guid: string
  of_parent_guid: string
  of_source: string
  n: string
  row_id: string
}

export interface ProcessQuestion {
  keys: readonly string[]
  before_micros: bigint | null
  /** Only starts and ends of processes with these ids; null is all. */
  pids: readonly number[] | null
  /** Records at most, the latest first. */
  limit: number
  longest_command_line: number
}

const recordsOf = (events: TenantEvents, { keys, before_micros, pids }: ProcessQuestion): Sql => {
  const before = before_micros === null ? sql`` : sql` AND coalesce(started, ended, row_at, -1) < ${param('Int64', String(before_micros))}`
  const only = pids === null ? sql`` : sql` AND record_kind != 'seen' AND of_pid IN ${param('Array(UInt64)', [...pids])}`
  return sql`(SELECT * FROM (SELECT id, ${record} FROM ${table(events, 'events')}
    PREWHERE host_key IN ${param('Array(String)', [...keys])} WHERE process_pid IS NOT NULL AND (process_pid > 0 OR event_category = 'process'))
    WHERE 1${before}${only})`
}

const noGuid = /^[{}0-]*$/
const guidOf = (text: string): string => (noGuid.test(text) ? '' : text.toUpperCase())
const orNull = (micros: string | null): number | null => (micros === null ? null : Number(micros))

const toRecord = (r: Found): ProcessRecord => ({
  kind: r.record_kind,
  pid: r.of_pid,
  parent_pid: r.of_parent_pid,
  start: orNull(r.started),
  end: orNull(r.ended),
  first: orNull(r.first_at),
  last: orNull(r.last_at),
  name: r.of_name,
  executable: r.of_executable,
  command_line: r.command,
  command_line_length: Number(r.command_length),
  parent_name: r.of_parent_name.slice(Math.max(r.of_parent_name.lastIndexOf('/'), r.of_parent_name.lastIndexOf('\\')) + 1),
  user: r.of_user,
  guid: guidOf(r.of_guid),
  parent_guid: guidOf(r.of_parent_guid),
  source: r.of_source,
  rows: Number(r.n),
  row_id: r.row_id,
})

/** The latest records of processes, each with the rows that say the same. */
export const latestRecords = async (events: TenantEvents, question: ProcessQuestion, signal: AbortSignal): Promise<ProcessRecord[]> => {
  const { rows } = await queryRows<Found>(
    events,
    sql`SELECT ${raw(identity)}, min(row_at) AS first_at, max(row_at) AS last_at, count() AS n, lower(hex(min(id))) AS row_id,
        substringUTF8(of_command, 1, ${param('UInt32', question.longest_command_line)}) AS command, lengthUTF8(of_command) AS command_length
      FROM ${recordsOf(events, question)} GROUP BY ${raw(identity)}
      ORDER BY coalesce(started, ended, last_at, -1) DESC, of_pid, row_id LIMIT ${param('UInt32', question.limit)}`,
    { signal },
  )
  return rows.map(toRecord)
}

/** Different records in all. */
export const countRecords = async (events: TenantEvents, question: ProcessQuestion, signal: AbortSignal): Promise<number> => {
  const { rows } = await queryRows<{ n: string }>(
    events,
    sql`SELECT count() AS n FROM (SELECT 1 FROM ${recordsOf(events, question)} GROUP BY ${raw(identity)})`,
    { signal },
  )
  return Number(rows[0]?.n ?? 0)
}
