// Matches as episodes, and the rows of one: everything that triage asks of the event store's table of matches.
import { queryRows, streamRows, table } from '../../../../events/query.ts'
import { type DetectionKind, episodeGapMs } from '../../../../../shared/domain/detections.ts'
import type { TenantEvents } from '../../../../platform/ctx.ts'
import { join, param, raw, type Sql, sql, text } from '../../../../platform/sql.ts'
import type { Episode } from './episodes.ts'

export interface Subject {
  kind: DetectionKind
  subject_id: string
}

export const subjectKey = (of: Subject): string => `${of.kind}|${of.subject_id}`

/** Which matches an exception silences: a condition on a row of events; without a subject, whatever matched the row. */
export interface Silence {
  subject: Subject | null
  condition: Sql
}

export interface Cut extends Subject {
  host_ref: string
  at_micros: string
}

const any = (parts: readonly Sql[]): Sql => (parts.length === 0 ? raw('0') : sql`(${join(parts, ' OR ')})`)
/** Of an engine that keeps no time for a row. */
const timed = raw("timestamp > toDateTime64('1900-01-01 00:00:00', 6, 'UTC')")

/** In the order of the table, so that other subjects are passed over. */
const ofSubjects = (subjects: readonly Subject[]): Sql =>
  any(
    [...new Set(subjects.map((one) => one.kind))].map((kind) => {
      const ids = subjects.flatMap((one) => (one.kind === kind ? [one.subject_id] : []))
      return sql`(kind = ${text(kind)} AND subject_id IN ${param('Array(String)', ids)})`
    }),
  )

export const hostKeysOf = async (events: TenantEvents, subjects: readonly Subject[], signal: AbortSignal): Promise<string[]> => {
  const { rows } = await queryRows<{ host_key: string }>(
    events,
    sql`SELECT DISTINCT host_key FROM ${table(events, 'matches')} WHERE ${ofSubjects(subjects)}`,
    { signal, isOwnWork: true },
  )
  return rows.map((row) => row.host_key)
}

const isSubject = (of: Subject): Sql => sql`kind = ${text(of.kind)} AND subject_id = ${text(of.subject_id)}`

/** `among`: the matches that are asked of, so that an exception from everything looks at no others. */
const silencedRows = (events: TenantEvents, silences: readonly Silence[], among: Sql): Sql =>
  any(
    silences.map(({ subject, condition }) => {
      const concerned = subject === null ? among : isSubject(subject)
      return sql`(${concerned} AND row_id IN (SELECT id FROM ${table(events, 'events')}
        WHERE id IN (SELECT row_id FROM ${table(events, 'matches')} WHERE ${concerned}) AND (${condition})))`
    }),
  )

const cutBetween = (cuts: readonly Cut[]): Sql =>
  cuts.length === 0
    ? raw('0')
    : sql`arrayExists((k, c) -> k = concat(kind, '|', subject_id, '|', host_ref) AND toInt64(c) > before AND toInt64(c) <= t,
        ${param(
          'Array(String)',
          cuts.map((cut) => `${subjectKey(cut)}|${cut.host_ref}`),
        )}, ${param(
          'Array(String)',
          cuts.map((cut) => cut.at_micros),
        )})`

interface StoredEpisode {
  kind: DetectionKind
  subject_id: string
  host_ref: string
  host_key: string
  import_id: string
  is_timed: number
  span_from: string
  span_to: string
  first_at: string
  last_at: string
  rows: string
  silenced_rows: string
  matched_at: string
  subject_version: number
}

export type SubjectEpisode = Episode & Subject

const shown = (row: StoredEpisode): SubjectEpisode => {
  const isTimed = row.is_timed === 1
  const hasRows = row.rows !== '0'
  return {
    kind: row.kind,
    subject_id: row.subject_id,
    host_ref: row.host_ref,
    host_key: row.host_key,
    span_from: isTimed ? BigInt(row.span_from) : null,
    span_to: isTimed ? BigInt(row.span_to) : null,
    import_id: isTimed ? null : row.import_id,
    first_at: isTimed ? BigInt(hasRows ? row.first_at : row.span_from) : null,
    last_at: isTimed ? BigInt(hasRows ? row.last_at : row.span_to) : null,
    rows: Number(row.rows),
    silenced_rows: Number(row.silenced_rows),
    matched_at: `${row.matched_at.replace(' ', 'T')}Z`,
    subject_version: row.subject_version,
  }
}

export interface EpisodesAsked {
  subjects: readonly Subject[]
  /** Host key → `h:` and the id of its host; others are `k:` and the key. */
  hosts: ReadonlyMap<string, string>
  silences: readonly Silence[]
  cuts: readonly Cut[]
  signal: AbortSignal
}

/** Every episode of the subjects. A row that several versions of a rule matched counts once. */
export const episodesOf = async (events: TenantEvents, o: EpisodesAsked): Promise<SubjectEpisode[]> => {
  const [keys, refs] = [[...o.hosts.keys()], [...o.hosts.values()]]
  const byHost = sql`transform(toString(host_key), ${param('Array(String)', keys)}, ${param('Array(String)', refs)}, concat('k:', host_key))`
  const found: SubjectEpisode[] = []
  // An answer that is held whole is cut at a number of bytes, and a rule that matches everything has episodes without number.
  const pages = streamRows<StoredEpisode>(
    events,
    sql`SELECT kind, subject_id, host_ref, any(key) AS host_key, toString(any(imp)) AS import_id, is_timed,
        toString(min(t)) AS span_from, toString(max(t)) AS span_to,
        toString(minIf(t, NOT is_silenced)) AS first_at, toString(maxIf(t, NOT is_silenced)) AS last_at,
        countIf(NOT is_silenced) AS rows, countIf(is_silenced) AS silenced_rows,
        toString(max(matched)) AS matched_at, max(version) AS subject_version
      FROM (
        SELECT *, sum(starts) OVER (PARTITION BY kind, subject_id, host_ref, is_timed ORDER BY t, row_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS episode
        FROM (
          SELECT *, lagInFrame(t, 1, t) OVER (PARTITION BY kind, subject_id, host_ref, is_timed ORDER BY t, row_id
              ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before,
            toUInt8(is_timed = 1 AND (t - before > ${raw(String(episodeGapMs * 1000))} OR ${cutBetween(o.cuts)})) AS starts
          FROM (
            SELECT kind, subject_id, ${byHost} AS host_ref, row_id, any(host_key) AS key, any(import_id) AS imp,
              max(toUnixTimestamp64Micro(timestamp)) AS t, toUInt8(max(${timed})) AS is_timed,
              max(matched_at) AS matched, max(subject_version) AS version, max(${silencedRows(events, o.silences, ofSubjects(o.subjects))}) AS is_silenced
            FROM ${table(events, 'matches')} WHERE ${ofSubjects(o.subjects)}
            GROUP BY kind, subject_id, host_ref, row_id
          )
        )
      )
      GROUP BY kind, subject_id, host_ref, is_timed, episode, if(is_timed = 1, toUUID('00000000-0000-0000-0000-000000000000'), imp)`,
    { signal: o.signal, timeoutMs: 110_000 },
  )
  for await (const rows of pages) for (const row of rows) found.push(shown(row))
  return found
}

/** Where the rows of a detection lie, and of which of its parts when others are merged into it. */
export interface Part extends Subject {
  host_keys: readonly string[]
  from_micros: string | null
  to_micros: string | null
  import_id: string | null
}

const ofPart = (part: Part): Sql => {
  const place =
    part.from_micros === null || part.to_micros === null
      ? sql`NOT ${timed} AND import_id = ${param('UUID', part.import_id)}`
      : sql`timestamp >= fromUnixTimestamp64Micro(toInt64(${text(part.from_micros)}), 'UTC')
          AND timestamp <= fromUnixTimestamp64Micro(toInt64(${text(part.to_micros)}), 'UTC')`
  return sql`(kind = ${text(part.kind)} AND subject_id = ${text(part.subject_id)}
    AND host_key IN ${param('Array(String)', [...part.host_keys])} AND ${place})`
}

/** The ids of the rows of a detection, as a subquery. */
export const matchesOf = (events: TenantEvents, parts: readonly Part[]): Sql =>
  sql`SELECT row_id FROM ${table(events, 'matches')} WHERE ${any(parts.map(ofPart))}`

interface StoredMatch {
  of_row: string
  main_micros: string
  detail: string
  matched_at: string
}

/** Named otherwise in the answer: a column of that name in a condition would be the text of it. */
const matchedRow = ({ of_row, ...row }: StoredMatch): MatchedRow => ({
  ...row,
  row_id: of_row,
  matched_at: `${row.matched_at.replace(' ', 'T')}Z`,
})

export interface MatchedRow {
  row_id: string
  main_micros: string
  detail: string
  matched_at: string
}

/** The matches of a detection in the order of time, each row once. */
export const matchedRows = async (
  events: TenantEvents,
  o: { parts: readonly Part[]; silences: readonly Silence[]; is_silenced: boolean; skip: number; limit: number; signal: AbortSignal },
): Promise<{ rows: MatchedRow[]; total: number }> => {
  const own = any(o.parts.map(ofPart))
  const which = sql`${own} AND ${o.is_silenced ? sql`` : sql`NOT `}(${silencedRows(events, o.silences, own)})`
  const of = sql`FROM ${table(events, 'matches')} WHERE ${which}`
  const [page, sums] = await Promise.all([
    queryRows<StoredMatch>(
      events,
      sql`SELECT lower(hex(row_id)) AS of_row, toString(toUnixTimestamp64Micro(any(timestamp))) AS main_micros, any(detail) AS detail,
          toString(max(matched_at)) AS matched_at
        ${of} GROUP BY row_id ORDER BY any(timestamp), row_id LIMIT ${param('UInt64', o.limit)} OFFSET ${param('UInt64', o.skip)}`,
      { signal: o.signal },
    ),
    queryRows<{ n: string }>(events, sql`SELECT uniqExact(row_id) AS n ${of}`, { signal: o.signal }),
  ])
  return {
    rows: page.rows.map(matchedRow),
    total: Number(sums.rows[0]?.n ?? 0),
  }
}

/** Whether such a row is a match of the detection. */
export const isMatched = async (
  events: TenantEvents,
  o: { parts: readonly Part[]; row_id: string; signal: AbortSignal },
): Promise<MatchedRow | null> => {
  const { rows } = await queryRows<StoredMatch>(
    events,
    sql`SELECT lower(hex(row_id)) AS of_row, toString(toUnixTimestamp64Micro(any(timestamp))) AS main_micros, any(detail) AS detail,
        toString(max(matched_at)) AS matched_at
      FROM ${table(events, 'matches')} WHERE row_id = toFixedString(unhex(${text(o.row_id)}), 16) AND (${any(o.parts.map(ofPart))}) GROUP BY row_id`,
    { signal: o.signal },
  )
  return rows[0] === undefined ? null : matchedRow(rows[0])
}
