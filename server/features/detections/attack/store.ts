import { sql } from 'kysely'
import type { Severity } from '../../../../shared/domain/detections.ts'
import { severities } from '../../../../shared/domain/detections.ts'
import { inTenant } from '../../../db/tenant.ts'
import type { TenantDb } from '../../../platform/ctx.ts'
import type { DetectedCount } from './coverage.ts'

export { revisionOf } from '../../../events/revision.ts'

export interface Window {
  from?: string | undefined
  to?: string | undefined
  host_id?: string | undefined
}

/** Detections that show rows; what is merged is part of another one. */
const within = (o: Window) => sql`d.merged_into is null and d.rows > 0
  and (${o.from ?? null}::timestamptz is null or d.last_at >= ${o.from ?? null}::timestamptz)
  and (${o.to ?? null}::timestamptz is null or d.first_at < ${o.to ?? null}::timestamptz)
  and (${o.host_id ?? null}::uuid is null or d.host_id = ${o.host_id ?? null}::uuid)`

const rank = sql`array_position(${sql.lit(`{${severities.join(',')}}`)}::text[], d.severity)`
const worst = sql`(${sql.lit(`{${severities.join(',')}}`)}::text[])[max(${rank}) filter (where d.status in ('new', 'in_progress', 'true_positive'))]`

export interface Detected {
  techniques: DetectedCount[]
  tactics: Map<string, number>
  without: number
}

export const detectedBy = (db: TenantDb, o: Window): Promise<Detected> =>
  inTenant(db, async (q) => {
    const { rows: techniques } = await sql<DetectedCount>`
      select x.v as technique, count(*) as detections, count(*) filter (where d.status in ('new', 'in_progress')) as open, ${worst} as worst
      from detections d cross join unnest(d.techniques) as x(v) where ${within(o)} group by x.v`.execute(q)
    const { rows: tactics } = await sql<{ tactic: string; n: number }>`
      select x.v as tactic, count(*) as n from detections d cross join unnest(d.tactics) as x(v) where ${within(o)} group by x.v`.execute(q)
    const { rows: sums } = await sql<{ n: number }>`
      select count(*) as n from detections d where ${within(o)} and d.techniques = '{}'`.execute(q)
    return { techniques, tactics: new Map(tactics.map((row) => [row.tactic, row.n])), without: sums[0]?.n ?? 0 }
  })

export interface OfTechnique {
  id: string
  title: string
  severity: Severity
  status: string
  host_id: string | null
  host_name: string
  last_at: Date | null
}

export const detectionsOfTechniques = (
  db: TenantDb,
  o: Window & { techniques: readonly string[]; limit: number },
): Promise<{ rows: OfTechnique[]; total: number; by_subject: Map<string, number> }> =>
  inTenant(db, async (q) => {
    const of = sql`from detections d left join hosts h on h.id = d.host_id where ${within(o)} and d.techniques && ${[...o.techniques]}::text[]`
    const { rows } = await sql<OfTechnique>`
      select d.id, d.title, d.severity, d.status, d.host_id, coalesce(h.hostname, nullif(d.host_key, ''), '(several hosts)') as host_name, d.last_at
      ${of} order by d.last_at desc nulls last, d.id limit ${o.limit}`.execute(q)
    const { rows: subjects } = await sql<{
      subject_id: string
      n: number
    }>`select d.subject_id, count(*) as n ${of} group by d.subject_id`.execute(q)
    return {
      rows,
      total: subjects.reduce((sum, one) => sum + one.n, 0),
      by_subject: new Map(subjects.map((one) => [one.subject_id, one.n])),
    }
  })
