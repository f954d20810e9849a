import { sql } from 'kysely'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import { queryRows, table } from '../../../../events/query.ts'
import type { TenantDb, TenantEvents } from '../../../../platform/ctx.ts'
import { newId } from '../../../../platform/ids.ts'
import { raw, type Sql, sql as eventSql, text } from '../../../../platform/sql.ts'

export interface ExceptionFields {
  subject_kind: 'rule' | 'correlation' | 'indicator' | null
  subject_id: string | null
  query: string
  reason: string
  expires_at: string | null
}
export interface ExceptionRow extends Omit<ExceptionFields, 'expires_at'> {
  id: string
  expires_at: Date | null
  owner_id: string | null
  owner_name: string
  created_at: Date
  changed_by_name: string
  changed_at: Date
  silenced_rows: number | null
  counted_at: Date | null
  subject_title: string | null
}

const title = sql`coalesce(
  (select v.title from rules r join rule_versions v on v.tenant_id = r.tenant_id and v.rule_id = r.id and v.version = r.newest
    where r.id::text = e.subject_id and e.subject_kind <> 'indicator'),
  (select coalesce(i.shown, i.value) from indicators i where i.id::text = e.subject_id and e.subject_kind = 'indicator')) as subject_title`

export const exceptionRows = (db: TenantDb, o: { subject_id?: string | undefined; id?: string }): Promise<ExceptionRow[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<ExceptionRow>`
      select e.*, ${title} from rule_exceptions e
      where (${o.subject_id ?? null}::text is null or e.subject_id = ${o.subject_id ?? null}) and (${o.id ?? null}::uuid is null or e.id = ${o.id ?? null}::uuid)
      order by e.created_at desc, e.id limit 2000`.execute(q)
    return rows
  })

export const hasSubject = (db: TenantDb, o: { kind: 'rule' | 'correlation' | 'indicator'; subject_id: string }): Promise<boolean> =>
  inTenant(db, async (q) => {
    const table = o.kind === 'indicator' ? sql`indicators` : sql`rules`
    const { rows } = await sql`select 1 from ${table} where id::text = ${o.subject_id}`.execute(q)
    return rows.length > 0
  })

/** Those that hold at a moment. */
export const heldExceptions = (db: TenantDb, at: Date): Promise<Pick<ExceptionRow, 'id' | 'subject_kind' | 'subject_id' | 'query'>[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<Pick<ExceptionRow, 'id' | 'subject_kind' | 'subject_id' | 'query'>>`
      select id, subject_kind, subject_id, query from rule_exceptions where expires_at is null or expires_at > ${at} order by id`.execute(q)
    return rows
  })

export const insertException = (
  db: TenantDb,
  o: { fields: ExceptionFields; owner: { id: string | null; name: string }; at: Date },
): Promise<string> =>
  inTenant(db, async (q) => {
    const id = newId()
    const { subject_kind, subject_id, query, reason, expires_at } = o.fields
    await sql`insert into rule_exceptions (tenant_id, id, subject_kind, subject_id, query, reason, expires_at, owner_id, owner_name, created_at,
        changed_by_name, changed_at)
      values (${tenantIdOf(db)}, ${id}, ${subject_kind}, ${subject_id}, ${query}, ${reason}, ${expires_at}, ${o.owner.id}, ${o.owner.name},
        ${o.at}, ${o.owner.name}, ${o.at})`.execute(q)
    return id
  })

export const updateException = (db: TenantDb, id: string, o: { fields: ExceptionFields; by: string; at: Date }): Promise<void> =>
  inTenant(db, async (q) => {
    const { subject_kind, subject_id, query, reason, expires_at } = o.fields
    await sql`update rule_exceptions set subject_kind = ${subject_kind}, subject_id = ${subject_id}, query = ${query}, reason = ${reason},
        expires_at = ${expires_at}, changed_by_name = ${o.by}, changed_at = ${o.at}, silenced_rows = null, counted_at = null
      where id = ${id}`.execute(q)
  })

export const removeException = (db: TenantDb, id: string): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`delete from rule_exceptions where id = ${id}`.execute(q)
  })

export const noteCounted = (db: TenantDb, id: string, o: { rows: number; at: Date }): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`update rule_exceptions set silenced_rows = ${o.rows}, counted_at = ${o.at} where id = ${id}`.execute(q)
  })

/** What detections there are of: those that an exception from everything may concern. */
export const subjectsWithDetections = (db: TenantDb): Promise<{ kind: 'rule' | 'correlation' | 'indicator'; subject_id: string }[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ kind: 'rule' | 'correlation' | 'indicator'; subject_id: string }>`
      select distinct kind, subject_id from detections order by kind, subject_id`.execute(q)
    return rows
  })

/** How many matched rows a condition finds, of one subject or of all. */
export const countSilenced = async (
  events: TenantEvents,
  o: Pick<ExceptionFields, 'subject_kind' | 'subject_id'> & { condition: Sql },
  signal: AbortSignal,
): Promise<number> => {
  const ofSubject =
    o.subject_kind === null ? raw('1') : eventSql`kind = ${text(o.subject_kind)} AND subject_id = ${text(o.subject_id ?? '')}`
  const { rows } = await queryRows<{ n: string }>(
    events,
    eventSql`SELECT count() AS n FROM ${table(events, 'events')}
      WHERE id IN (SELECT row_id FROM ${table(events, 'matches')} WHERE ${ofSubject}) AND (${o.condition})`,
    { signal },
  )
  return Number(rows[0]?.n ?? 0)
}
