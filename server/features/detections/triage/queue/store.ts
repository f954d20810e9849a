import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Detection } from '../../../../../shared/contract/detect/detections.ts'
import { type DetectionFilter, type DetectionSort, isClosed } from '../../../../../shared/domain/detections.ts'
import type { Tables } from '../../../../db/tables.ts'
import { inTenant } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import { iso } from '../../../../platform/iso-time.ts'
import { narrowed, severityRank } from './filter.ts'

type Q = Transaction<Tables>

const exactTime = (of: RawBuilder<unknown>) => sql<string | null>`to_char(${of} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

export interface ShownRow
  extends Pick<
    Detection,
    | 'id'
    | 'kind'
    | 'subject_id'
    | 'title'
    | 'level'
    | 'severity'
    | 'status'
    | 'host_id'
    | 'tags'
    | 'techniques'
    | 'tactics'
    | 'rows'
    | 'silenced_rows'
  > {
  subject_version: number
  host_key: string
  host_name: string | null
  host_weight: Detection['host_weight']
  merged: number
  comments: number
  first_at: string | null
  last_at: string | null
  import_id: string | null
  assignee_id: string | null
  assignee_name: string | null
  duplicate_of: string | null
  merged_into: string | null
  closed_at: Date | null
  closed_rows: number | null
  created_at: Date
  matched_at: Date
  updated_at: Date
  version: number
}

/** Of several hosts, or of one that rows name and nobody knows. */
const nameOf = (row: ShownRow): string => row.host_name ?? (row.host_key === '' ? '(several hosts)' : row.host_key)

const trimmed = (time: string | null): string | null => time?.replace(/000Z$/, 'Z') ?? null

export const shownDetection = (row: ShownRow): Detection => ({
  id: row.id,
  kind: row.kind,
  subject_id: row.subject_id,
  title: row.title,
  level: row.level,
  severity: row.severity,
  status: row.status,
  host_id: row.host_id,
  host_name: nameOf(row),
  host_weight: row.host_weight,
  tags: row.tags,
  techniques: row.techniques,
  tactics: row.tactics,
  rows: row.rows,
  silenced_rows: row.silenced_rows,
  new_rows: isClosed(row.status) && row.closed_rows !== null ? Math.max(0, row.rows - row.closed_rows) : 0,
  first_at: trimmed(row.first_at),
  last_at: trimmed(row.last_at),
  import_id: row.import_id,
  assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' },
  comments: row.comments,
  merged: row.merged,
  duplicate_of: row.duplicate_of,
  closed_at: iso(row.closed_at),
  created_at: iso(row.created_at),
  matched_at: iso(row.matched_at),
  updated_at: iso(row.updated_at),
  version: row.version,
})

const columns = sql`d.id, d.kind, d.subject_id, d.subject_version, d.title, d.level, d.severity, d.status, d.host_id, d.host_key,
  h.hostname as host_name, coalesce(w.weight, 'normal') as host_weight, d.tags, d.techniques, d.tactics,
  d.rows + m.rows as rows, d.silenced_rows + m.silenced_rows as silenced_rows, m.n as merged,
  ${exactTime(sql`least(d.first_at, m.first_at)`)} as first_at, ${exactTime(sql`greatest(d.last_at, m.last_at)`)} as last_at, d.import_id,
  d.assignee_id, d.assignee_name, (select count(*) from detection_comments c where c.detection_id = d.id) as comments,
  d.duplicate_of, d.merged_into, d.closed_at, d.closed_rows, d.created_at, greatest(d.matched_at, m.matched_at) as matched_at,
  d.updated_at, d.version`

const beside = sql`left join hosts h on h.id = d.host_id left join host_weights w on w.host_id = d.host_id
  left join lateral (select count(*) as n, coalesce(sum(o.rows), 0)::bigint as rows, coalesce(sum(o.silenced_rows), 0)::bigint as silenced_rows,
    min(o.first_at) as first_at, max(o.last_at) as last_at, max(o.matched_at) as matched_at
    from detections o where o.merged_into = d.id) m on true`

const sorts: Readonly<Record<DetectionSort, RawBuilder<unknown>>> = {
  severity: severityRank,
  last_at: sql`d.last_at`,
  first_at: sql`d.first_at`,
  rows: sql`d.rows + m.rows`,
  created_at: sql`d.created_at`,
  title: sql`lower(d.title)`,
}

export interface ListAsked {
  filter: DetectionFilter
  sort: DetectionSort
  order: 'asc' | 'desc'
  group_by_host: boolean
  skip: number
  limit: number
}

const hostGroup = sql`coalesce(d.host_id::text, d.host_key)`
/** The host with the most severe detection first, then the one that was heard of last. */
const byHost = sql`max(${severityRank}) over (partition by ${hostGroup}) desc, max(d.last_at) over (partition by ${hostGroup}) desc nulls last,
  ${hostGroup},`

export const detectionsPage = (db: TenantDb, o: ListAsked, me: string | null): Promise<{ rows: ShownRow[]; total: number }> =>
  inTenant(db, async (q) => {
    const where = narrowed(o.filter, me)
    const way = sql.raw(o.order === 'asc' ? 'asc nulls last' : 'desc nulls last')
    const { rows } = await sql<ShownRow>`select ${columns} from detections d ${beside} where ${where}
      order by ${o.group_by_host ? byHost : sql``} ${sorts[o.sort]} ${way}, d.last_at desc nulls last, d.id
      limit ${o.limit} offset ${o.skip}`.execute(q)
    const { rows: sums } = await sql<{ n: number }>`select count(*) as n from detections d left join hosts h on h.id = d.host_id
      where ${where}`.execute(q)
    return { rows, total: sums[0]?.n ?? 0 }
  })

const readShown = async (q: Q, where: RawBuilder<boolean>, limit: number): Promise<ShownRow[]> =>
  (
    await sql<ShownRow>`select ${columns} from detections d ${beside} where ${where} order by d.first_at nulls last, d.id limit ${limit}`.execute(
      q,
    )
  ).rows

export const detectionById = (db: TenantDb, id: string): Promise<ShownRow | undefined> =>
  inTenant(db, async (q) => (await readShown(q, sql<boolean>`d.id = ${id}`, 1))[0])

export const mergedInto = (db: TenantDb, id: string): Promise<ShownRow[]> =>
  inTenant(db, (q) => readShown(q, sql<boolean>`d.merged_into = ${id}`, 1000))

/** Others of the host that lie within so many milliseconds of it. */
export const detectionsNear = (
  db: TenantDb,
  o: { id: string; host_id: string; from: string; to: string; gapMs: number; limit: number },
): Promise<ShownRow[]> =>
  inTenant(db, (q) => {
    const gap = sql`make_interval(secs => ${o.gapMs / 1000})`
    return readShown(
      q,
      sql<boolean>`d.host_id = ${o.host_id} and d.id <> ${o.id} and d.merged_into is null and d.rows > 0
        and d.last_at >= ${o.from}::timestamptz - ${gap} and d.first_at <= ${o.to}::timestamptz + ${gap}`,
      o.limit,
    )
  })

/** In microseconds; null where the rows have no time. */
export const spansOf = (
  db: TenantDb,
  ids: readonly string[],
): Promise<Map<string, { from_micros: string | null; to_micros: string | null }>> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ id: string; from_micros: string | null; to_micros: string | null }>`
      select id, (extract(epoch from span_from) * 1000000)::bigint::text as from_micros, (extract(epoch from span_to) * 1000000)::bigint::text as to_micros
      from detections where id = any(${ids}::uuid[])`.execute(q)
    return new Map(rows.map((row) => [row.id, row]))
  })

export interface Before {
  detections: number
  hosts: number
  first_at: Date | null
  closed_as: { status: Detection['status']; detections: number }[]
  duplicates: number
}

/** What came of the same subject before, and what is called a duplicate of this one. */
export const seenBefore = (db: TenantDb, o: { id: string; kind: string; subject_id: string }): Promise<Before> =>
  inTenant(db, async (q) => {
    const { rows: sums } = await sql<Omit<Before, 'closed_as'>>`
      select count(*) as detections, count(distinct coalesce(host_id::text, host_key)) as hosts, min(first_at) as first_at,
        (select count(*) from detections where duplicate_of = ${o.id}) as duplicates
      from detections where kind = ${o.kind} and subject_id = ${o.subject_id}`.execute(q)
    const { rows: closed_as } = await sql<{ status: Detection['status']; detections: number }>`
      select status, count(*) as detections from detections where kind = ${o.kind} and subject_id = ${o.subject_id} and closed_at is not null
      group by status order by count(*) desc, status`.execute(q)
    return { ...(sums[0] ?? { detections: 0, hosts: 0, first_at: null, duplicates: 0 }), closed_as }
  })
