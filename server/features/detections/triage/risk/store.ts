import { sql } from 'kysely'
import { type HostWeight, levelWhereNone, severities, type Severity } from '../../../../../shared/domain/detections.ts'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import { queryRows, table } from '../../../../events/query.ts'
import type { TenantDb, TenantEvents } from '../../../../platform/ctx.ts'
import { newId } from '../../../../platform/ids.ts'
import { param, sql as events } from '../../../../platform/sql.ts'

export interface WeightRow {
  weight: HostWeight
  reason: string
  set_by_name: string
  set_at: Date
}

/** Undefined: nobody said anything. Null: there is no such host. */
export const weightOf = (db: TenantDb, hostId: string): Promise<WeightRow | undefined | null> =>
  inTenant(db, async (q) => {
    const host = await q.selectFrom('hosts').select('id').where('id', '=', hostId).executeTakeFirst()
    if (host === undefined) return null
    return q
      .selectFrom('host_weights')
      .select(['weight', 'reason', 'set_by_name', 'set_at'])
      .where('host_id', '=', hostId)
      .executeTakeFirst()
  })

export const putWeight = (
  db: TenantDb,
  o: { host_id: string; weight: HostWeight; reason: string; by: { id: string | null; name: string }; at: Date },
): Promise<void> =>
  inTenant(db, async (q) => {
    const said = { weight: o.weight, reason: o.reason, set_by: o.by.id, set_by_name: o.by.name, set_at: o.at }
    await q
      .insertInto('host_weights')
      .values({ tenant_id: tenantIdOf(db), host_id: o.host_id, ...said })
      .onConflict((c) => c.columns(['tenant_id', 'host_id']).doUpdateSet(said))
      .execute()
  })

const names = sql.lit(`{${severities.join(',')}}`)

/** Each is one step from its rule's level, never beyond the ends. @returns how many moved */
export const moveSeverities = (db: TenantDb, o: { host_id: string; step: number; at: Date }): Promise<number> =>
  inTenant(db, async (q) => {
    const wanted = sql`(${names}::text[])[least(greatest(array_position(${names}::text[], coalesce(d.level, ${levelWhereNone})) + ${o.step}, 1), ${severities.length})]`
    const { rows } = await sql<{ id: string; was: Severity; is: Severity; version: number }>`
      update detections d set severity = ${wanted}, updated_at = ${o.at}::timestamptz
      from (select id, severity as was from detections where host_id = ${o.host_id} order by id for update) b
      where d.id = b.id and b.was <> ${wanted} returning d.id, b.was, d.severity as is, d.version`.execute(q)
    const entries = rows.map((row) => ({
      id: newId(),
      act_id: newId(),
      detection_id: row.id,
      version: row.version,
      facts: { severity: { from: row.was, to: row.is }, why: 'weight' },
    }))
    await sql`insert into detection_history (tenant_id, id, detection_id, act_id, what, facts, version, by_name, at)
      select ${tenantIdOf(db)}::uuid, n.id, n.detection_id, n.act_id, 'severity', n.facts, n.version, 'VelociCompanion', ${o.at}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as n(id uuid, act_id uuid, detection_id uuid, version integer, facts jsonb)`.execute(
      q,
    )
    return rows.length
  })

export interface HostDetection {
  id: string
  title: string
  severity: Severity
  status: string
  techniques: string[]
  tactics: string[]
  first_ms: number | null
  last_ms: number | null
}

/** Those that show rows, the most severe first; what is merged counts as the one that it is merged into. */
export const detectionsOfHost = (db: TenantDb, hostId: string): Promise<HostDetection[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<HostDetection>`
      select id, title, severity, status, techniques, tactics,
        floor(extract(epoch from first_at) * 1000)::bigint as first_ms, floor(extract(epoch from last_at) * 1000)::bigint as last_ms
      from detections where host_id = ${hostId} and merged_into is null and rows > 0
      order by array_position(${names}::text[], severity) desc, last_at desc nulls last, id`.execute(q)
    return rows
  })

export interface RareNames {
  /** Of the host, that no other host has; at most 20. */
  names: string[]
  alone: number
  distinct: number
  hosts: number
  rows: number
}

/** Names of processes that are on this host and on no other. */
export const rareNames = async (store: TenantEvents, keys: readonly string[], signal: AbortSignal): Promise<RareNames> => {
  const own = events`host_key IN ${param('Array(String)', [...keys])}`
  const { rows } = await queryRows<{ names: string[]; alone: string; distinct: string; hosts: string; rows: string }>(
    store,
    events`SELECT groupArrayIf(20)(name, others = 0) AS names, countIf(others = 0) AS alone, count() AS distinct,
        (SELECT uniqExact(host_key) FROM ${table(store, 'events')}) AS hosts,
        (SELECT count() FROM ${table(store, 'events')} WHERE ${own}) AS rows
      FROM (
        SELECT lowerUTF8(process_name) AS name, countIf(NOT (${own})) AS others FROM ${table(store, 'events')}
        WHERE process_name != '' GROUP BY name HAVING countIf(${own}) > 0 ORDER BY name
      )`,
    { signal },
  )
  const [found] = rows
  return {
    names: found?.names ?? [],
    alone: Number(found?.alone ?? 0),
    distinct: Number(found?.distinct ?? 0),
    hosts: Number(found?.hosts ?? 0),
    rows: Number(found?.rows ?? 0),
  }
}

export const lastMatchAt = async (store: TenantEvents, keys: readonly string[], signal: AbortSignal): Promise<string | null> => {
  const { rows } = await queryRows<{ at: string; n: string }>(
    store,
    events`SELECT toString(max(matched_at)) AS at, count() AS n FROM ${table(store, 'matches')} WHERE host_key IN ${param('Array(String)', [...keys])}`,
    { signal },
  )
  const [found] = rows
  return found === undefined || found.n === '0' ? null : `${found.at.replace(' ', 'T')}Z`
}
