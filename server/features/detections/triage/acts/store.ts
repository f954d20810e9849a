import { sql, type Transaction } from 'kysely'
import type { DetectionStatus } from '../../../../../shared/domain/detections.ts'
import type { Tables } from '../../../../db/tables.ts'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import { newId } from '../../../../platform/ids.ts'

type Q = Transaction<Tables>

/** What an act can change, and what undoing it restores. */
export interface Said {
  status: DetectionStatus
  assignee_id: string | null
  assignee_name: string | null
  closed_at: string | null
  closed_rows: number | null
  duplicate_of: string | null
  merged_into: string | null
}

export interface Held extends Said {
  id: string
  title: string
  version: number
  /** Those of what is merged into it too. */
  rows: number
  kind: string
  subject_id: string
  host_id: string | null
  host_key: string
  span_from: string | null
  span_to: string | null
}

const utc = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** Held until the transaction ends, always in one order. */
export const lockDetections = (db: TenantDb, ids: readonly string[]): Promise<Map<string, Held>> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<Held>`
      select id, title, version, status, assignee_id, assignee_name, ${utc('closed_at')} as closed_at, closed_rows, duplicate_of, merged_into,
        rows + coalesce((select sum(m.rows) from detections m where m.merged_into = d.id), 0)::bigint as rows,
        kind, subject_id, host_id, host_key, ${utc('span_from')} as span_from, ${utc('span_to')} as span_to
      from detections d where id = any(${ids}::uuid[]) order by id for update`.execute(q)
    return new Map(rows.map((row) => [row.id, row]))
  })

/** The ids of what is merged into these. */
export const childrenOf = (db: TenantDb, ids: readonly string[]): Promise<{ id: string; merged_into: string }[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ id: string; merged_into: string }>`
      select id, merged_into from detections where merged_into = any(${ids}::uuid[]) order by id`.execute(q)
    return rows
  })

export interface Act {
  act_id: string
  what: string
  by: { id: string | null; name: string }
  at: Date
}
export interface Step {
  id: string
  /** As it is then, whole. */
  said: Said
  facts: Record<string, unknown>
  /** As it was; null: it cannot be undone. */
  before: Record<string, unknown> | null
}

/** Each gets the next version and one entry of its history. */
export const writeSteps = (db: TenantDb, act: Act, steps: readonly Step[]): Promise<Map<string, number>> =>
  inTenant(db, async (q) => {
    if (steps.length === 0) return new Map()
    const { rows } = await sql<{ id: string; version: number }>`
      update detections d set status = n.status, assignee_id = n.assignee_id, assignee_name = n.assignee_name, closed_at = n.closed_at,
        closed_rows = n.closed_rows, duplicate_of = n.duplicate_of, merged_into = n.merged_into, version = d.version + 1,
        updated_at = ${act.at}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(steps.map(({ id, said }) => ({ id, ...said })))}::jsonb)
        as n(id uuid, status text, assignee_id uuid, assignee_name text, closed_at timestamptz, closed_rows bigint, duplicate_of uuid, merged_into uuid)
      where d.id = n.id returning d.id, d.version`.execute(q)
    const versions = new Map(rows.map((row) => [row.id, row.version]))
    await insertEntries(q, { tenantId: tenantIdOf(db), act, steps, versions })
    return versions
  })

const insertEntries = async (
  q: Q,
  o: { tenantId: string; act: Act; steps: readonly Step[]; versions: ReadonlyMap<string, number> },
): Promise<void> => {
  const { tenantId, act } = o
  const entries = o.steps.map(({ id, facts, before }) => ({
    id: newId(),
    detection_id: id,
    facts,
    before,
    version: o.versions.get(id) ?? 0,
  }))
  await sql`insert into detection_history (tenant_id, id, detection_id, act_id, what, facts, before, version, by_id, by_name, at)
    select ${tenantId}::uuid, n.id, n.detection_id, ${act.act_id}::uuid, ${act.what}, n.facts, nullif(n.before, 'null'::jsonb), n.version,
      ${act.by.id}::uuid, ${act.by.name}, ${act.at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as n(id uuid, detection_id uuid, facts jsonb, before jsonb, version integer)`.execute(
    q,
  )
}

export interface Entry {
  id: string
  detection_id: string
  act_id: string
  what: string
  facts: Record<string, unknown>
  before: Record<string, unknown> | null
  version: number
  undone_at: Date | null
  by_id: string | null
  by_name: string
  at: Date
}

export const entriesOfAct = (db: TenantDb, actId: string): Promise<Entry[]> =>
  inTenant(db, (q) => q.selectFrom('detection_history').selectAll().where('act_id', '=', actId).orderBy('detection_id').execute())

export const markUndone = (db: TenantDb, entryIds: readonly string[], at: Date): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`update detection_history set undone_at = ${at}::timestamptz where id = any(${entryIds}::uuid[])`.execute(q)
  })

/** What somebody did last with each, to tell whoever comes too late. */
export const lastActs = (db: TenantDb, ids: readonly string[]): Promise<Map<string, Entry>> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<Entry>`select distinct on (detection_id) * from detection_history
      where detection_id = any(${ids}::uuid[]) and by_id is not null order by detection_id, at desc`.execute(q)
    return new Map(rows.map((row) => [row.detection_id, row]))
  })

export const historyOf = (
  db: TenantDb,
  id: string,
  o: { skip: number; limit: number },
): Promise<{ rows: (Entry & { is_last: boolean })[]; total: number }> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<Entry & { is_last: boolean }>`
      select h.*, h.version = d.version as is_last from detection_history h join detections d on d.id = h.detection_id
      where h.detection_id = ${id} order by h.at desc, h.id desc limit ${o.limit} offset ${o.skip}`.execute(q)
    const { rows: sums } = await sql<{ n: number }>`select count(*) as n from detection_history where detection_id = ${id}`.execute(q)
    return { rows, total: sums[0]?.n ?? 0 }
  })

export const insertCut = (
  db: TenantDb,
  o: { id: string; of: Held; at: string; by: { id: string | null; name: string }; now: Date },
): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`insert into detection_cuts (tenant_id, id, kind, subject_id, host_id, host_key, at, created_by, created_by_name, created_at)
      values (${tenantIdOf(db)}::uuid, ${o.id}::uuid, ${o.of.kind}, ${o.of.subject_id}, ${o.of.host_id}::uuid, ${o.of.host_key}, ${o.at}::timestamptz,
        ${o.by.id}::uuid, ${o.by.name}, ${o.now}::timestamptz)`.execute(q)
  })

export const removeCut = (db: TenantDb, id: string): Promise<void> =>
  inTenant(db, async (q) => {
    await q.deleteFrom('detection_cuts').where('id', '=', id).execute()
  })

/** Divides the span of a detection, so that the fold finds both parts; their counts are the fold's. */
export const divideSpan = (db: TenantDb, o: { id: string; made: string; at: string; now: Date }): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`insert into detections (tenant_id, id, kind, subject_id, subject_version, host_id, host_key, title, level, severity, tags, techniques, tactics,
        span_from, span_to, first_at, last_at, rows, matched_at, status, assignee_id, assignee_name, created_at, updated_at)
      select tenant_id, ${o.made}::uuid, kind, subject_id, subject_version, host_id, host_key, title, level, severity, tags, techniques, tactics,
        ${o.at}::timestamptz, span_to, ${o.at}::timestamptz, span_to, 0, matched_at, 'new', assignee_id, assignee_name, ${o.now}::timestamptz, ${o.now}::timestamptz
      from detections where id = ${o.id}::uuid`.execute(q)
    await sql`update detections set span_to = ${o.at}::timestamptz - interval '1 microsecond',
        last_at = least(last_at, ${o.at}::timestamptz - interval '1 microsecond') where id = ${o.id}::uuid`.execute(q)
  })

export const rowsOf = (db: TenantDb, ids: readonly string[]): Promise<Map<string, number>> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ id: string; rows: number }>`select id, rows from detections where id = any(${ids}::uuid[])`.execute(q)
    return new Map(rows.map((row) => [row.id, row.rows]))
  })

export interface Person {
  id: string
  name: string
}

/** Members who may triage, by name. */
export const assignablePeople = (db: TenantDb): Promise<Person[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<Person>`select u.id, u.username as name from memberships m join users u on u.id = m.user_id
      where m.is_active and m.role <> 'viewer' order by lower(u.username), u.id`.execute(q)
    return rows
  })
