// What hunts ask of the rows, and where what they find is kept.
import { storedTable, execute, queryRows, table } from '../../../events/query.ts'
import { streamBytes } from '../../../events/stream-bytes.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { join, param, raw, type Sql, sql } from '../../../platform/sql.ts'
import type { KnownClass, Pass } from './messages.ts'

/** Rows that are looked at in one go. */
export interface Slice {
  import_ids: readonly string[]
  /** Batches of a single import that is large, from the first to before the second. */
  batches: { from: number; to: number } | null
  rows: number
}

const timeoutMs = 600_000
const own = (signal: AbortSignal) => ({ signal, isOwnWork: true as const, timeoutMs })

const strings = (values: readonly string[]) => param('Array(String)', [...values])

const inSlice = ({ import_ids, batches }: Slice): Sql => {
  const imports = sql`import_id IN ${param('Array(UUID)', [...import_ids])}`
  if (batches === null) return imports
  return sql`${imports} AND batch >= ${param('UInt32', batches.from)} AND batch < ${param('UInt32', batches.to)}`
}

const classColumns = raw('artifact, artifact_source, winlog_channel, event_code, event_provider, host_os')

export const classesOf = async (events: TenantEvents, slice: Slice, signal: AbortSignal): Promise<KnownClass[]> => {
  const { rows } = await queryRows<Omit<KnownClass, 'rows'> & { rows: string }>(
    events,
    sql`SELECT artifact, artifact_source, winlog_channel AS channel, event_code, event_provider AS provider, host_os AS os,
        count() AS rows, groupUniqArrayArray(mapKeys(fields)) AS names
      FROM ${table(events, 'events')} WHERE ${inSlice(slice)} GROUP BY ${classColumns}`,
    own(signal),
  )
  return rows.map((row) => ({ ...row, rows: Number(row.rows) }))
}

const isOfClasses = (classes: readonly KnownClass[]): Sql => {
  const columns = [
    strings(classes.map((one) => one.artifact)),
    strings(classes.map((one) => one.artifact_source)),
    strings(classes.map((one) => one.channel)),
    strings(classes.map((one) => one.event_code)),
    strings(classes.map((one) => one.provider)),
    strings(classes.map((one) => one.os)),
  ].map((list) => sql`${list}`)
  return sql`(${classColumns}) IN (SELECT arrayJoin(arrayZip(${join(columns, ', ')})))`
}

const chosen = (classes: readonly KnownClass[], places: readonly number[]): KnownClass[] => places.flatMap((at) => classes[at] ?? [])

/** Engines search for so many words at once. */
const wordsAtOnce = 255

const holdsWords = (words: readonly string[] | null): Sql => {
  if (words === null) return raw('1')
  const portions: Sql[] = []
  for (let at = 0; at < words.length; at += wordsAtOnce)
    portions.push(sql`multiSearchAny(text, ${strings(words.slice(at, at + wordsAtOnce))})`)
  return portions.length === 0 ? raw('0') : sql`(${join(portions, ' OR ')})`
}

/** The rows that rules look at, those that are alike in what they look at together, as GroupDecoder reads them. */
export const groupsOf = (
  events: TenantEvents,
  o: { slice: Slice; classes: readonly KnownClass[]; pass: Pass; signal: AbortSignal },
): AsyncGenerator<Uint8Array> => {
  const { names, words } = o.pass
  const classes = chosen(o.classes, o.pass.classes)
  const fields = names === null ? raw('fields') : sql`mapFilter((k, v) -> k IN ${strings(names)}, fields)`
  const isEach = classes.length === o.classes.length
  return streamBytes(
    events,
    sql`SELECT ${classColumns}, ${fields} AS looked_at, groupArray(id) AS ids FROM ${table(events, 'events')}
      WHERE ${inSlice(o.slice)} AND ${holdsWords(words)} AND ${isEach ? raw('1') : isOfClasses(classes)} GROUP BY ${classColumns}, looked_at`,
    own(o.signal),
  )
}

export type MatchKind = 'rule' | 'base' | 'correlation'

export interface Match {
  kind: MatchKind
  subject_id: string
  version: number
  /** In hexadecimal digits. */
  row_id: string
  detail: string
}

/** The values of a statement cross as text: so many matches in one. */
const matchesAtOnce = 20_000

/** Keeps matches, with host, time and import of their rows. Under one token the same ones are kept once. */
export const storeMatches = async (
  events: TenantEvents,
  matches: readonly Match[],
  o: { within: Slice | null; token: string; signal: AbortSignal },
): Promise<void> => {
  const within = o.within === null ? raw('1') : inSlice(o.within)
  for (let at = 0; at < matches.length; at += matchesAtOnce) {
    const some = matches.slice(at, at + matchesAtOnce)
    const ids = strings([...new Set(some.map((one) => one.row_id))])
    const zipped = join(
      [
        sql`${strings(some.map((one) => one.kind))}`,
        sql`${strings(some.map((one) => one.subject_id))}`,
        sql`${strings(some.map((one) => String(one.version)))}`,
        sql`${strings(some.map((one) => one.row_id))}`,
        sql`${strings(some.map((one) => one.detail))}`,
      ],
      ', ',
    )
    await execute(
      events,
      sql`INSERT INTO ${table(events, 'matches')} (kind, subject_id, subject_version, row_id, host_key, timestamp, import_id, detail, matched_at)
        SELECT m.found.1, m.found.2, toUInt32(m.found.3), e.id, e.host_key, e.timestamp, e.import_id, m.found.5, now64(3)
        FROM (SELECT id, host_key, timestamp, import_id FROM ${table(events, 'events')}
            WHERE ${within} AND id IN (SELECT toFixedString(unhex(arrayJoin(${ids})), 16))) AS e
          INNER JOIN (SELECT arrayJoin(arrayZip(${zipped})) AS found, toFixedString(unhex(found.4), 16) AS id) AS m ON e.id = m.id
        WHERE (m.found.1, m.found.2, toUInt32(m.found.3), e.id, m.found.5) NOT IN (SELECT kind, subject_id, subject_version, row_id, detail
          FROM ${table(events, 'matches')} WHERE subject_id IN ${strings([...new Set(some.map((one) => one.subject_id))])})
        ORDER BY m.found.1, m.found.2, e.host_key, e.timestamp, e.id`,
      { token: `${o.token} ${at}`, signal: o.signal, timeoutMs },
    )
  }
}

/** When the rows of imports were stored, and how many there are. */
export const spansOf = async (
  events: TenantEvents,
  importIds: readonly string[],
): Promise<{ import_id: string; rows: number; batches: number; stored_from: Date; stored_to: Date }[]> => {
  const { rows } = await queryRows<{ of_import: string; rows: string; batches: number; first: string; last: string }>(
    events,
    sql`SELECT toString(import_id) AS of_import, count() AS rows, max(batch) AS batches,
        toString(toUnixTimestamp64Milli(min(ingested_at))) AS first, toString(toUnixTimestamp64Milli(max(ingested_at))) AS last
      FROM ${table(events, 'events')} WHERE import_id IN ${param('Array(UUID)', [...importIds])} GROUP BY import_id`,
    { isOwnWork: true, timeoutMs },
  )
  return rows.map((row) => ({
    import_id: row.of_import,
    rows: Number(row.rows),
    batches: row.batches + 1,
    stored_from: new Date(Number(row.first)),
    stored_to: new Date(Number(row.last)),
  }))
}

/** What was matched in an import whose rows are gone: matches of rows that another import delivered too become that one's. */
export const dropMatches = async (events: TenantEvents, importId: string): Promise<{ kind: string; subject_id: string }[]> => {
  const id = param('UUID', importId)
  const { rows } = await queryRows<{ kind: string; subject_id: string }>(
    events,
    sql`SELECT DISTINCT kind, subject_id FROM ${table(events, 'matches')} WHERE import_id = ${id}`,
    { isOwnWork: true, timeoutMs },
  )
  if (rows.length === 0) return []
  const mine = sql`SELECT row_id FROM ${table(events, 'matches')} WHERE import_id = ${id}`
  await execute(
    events,
    sql`INSERT INTO ${table(events, 'matches')} (kind, subject_id, subject_version, row_id, host_key, timestamp, import_id, detail, matched_at)
      SELECT m.kind, m.subject_id, m.subject_version, m.row_id, m.host_key, m.timestamp, e.import_id, m.detail, m.matched_at
      FROM (SELECT * FROM ${table(events, 'matches')} WHERE import_id = ${id}) AS m
        INNER JOIN (SELECT id, import_id FROM ${table(events, 'events')} WHERE id IN (${mine}) AND import_id != ${id}) AS e ON m.row_id = e.id`,
    { timeoutMs },
  )
  await execute(events, sql`DELETE FROM ${storedTable(events, 'matches')} WHERE import_id = ${id}`, { timeoutMs })
  return rows
}
