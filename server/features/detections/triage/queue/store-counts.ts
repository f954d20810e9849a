import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { DetectionFilter } from '../../../../../shared/domain/detections.ts'
import type { Tables } from '../../../../db/tables.ts'
import { inTenant } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import { narrowed, shownOnes } from './filter.ts'

type Q = Transaction<Tables>

export interface Tallied {
  value: string
  label: string
  detections: number
}

const tallied = 50
const from = sql`from detections d left join hosts h on h.id = d.host_id`

interface By {
  leaves: keyof DetectionFilter
  value: RawBuilder<unknown>
  label: RawBuilder<unknown>
  /** A detection counts under each of several. */
  each?: RawBuilder<unknown>
}

const hostLabel = sql`coalesce(h.hostname, nullif(d.host_key, ''), '(several hosts)')`
const by = {
  by_status: { leaves: 'status', value: sql`d.status`, label: sql`d.status` },
  by_severity: { leaves: 'severity', value: sql`d.severity`, label: sql`d.severity` },
  by_kind: { leaves: 'kind', value: sql`d.kind`, label: sql`d.kind` },
  by_assignee: {
    leaves: 'assignee',
    value: sql`coalesce(d.assignee_id::text, 'none')`,
    label: sql`max(coalesce(d.assignee_name, 'Nobody'))`,
  },
  by_subject: { leaves: 'subject_id', value: sql`d.subject_id`, label: sql`max(d.title)` },
  by_host: {
    leaves: 'host_id',
    value: sql`coalesce(d.host_id::text, '')`,
    label: sql`case when d.host_id is null then '(no known host)' else max(${hostLabel}) end`,
  },
  by_tactic: { leaves: 'tactic', value: sql`x.v`, label: sql`x.v`, each: sql`cross join unnest(d.tactics) as x(v)` },
  by_technique: { leaves: 'technique', value: sql`x.v`, label: sql`x.v`, each: sql`cross join unnest(d.techniques) as x(v)` },
} as const satisfies Record<string, By>
type Name = keyof typeof by

const tally = async (q: Q, one: By, filter: DetectionFilter, me: string | null): Promise<Tallied[]> => {
  const grouped = one.leaves === 'host_id' ? sql`, d.host_id` : sql``
  const { rows } = await sql<Tallied>`
    select ${one.value} as value, ${one.label} as label, count(*) as detections ${from} ${one.each ?? sql``}
    where ${narrowed(filter, me, one.leaves)} group by ${one.value}${grouped} order by count(*) desc, value limit ${tallied}`.execute(q)
  return rows
}

export interface Sums {
  total: number
  silenced: number
  subjects: number
  hosts: number
  techniques: number
}
export interface Views {
  open: number
  mine: number
  unassigned: number
  news: number
  closed: number
}

const isOpen = sql`d.status in ('new', 'in_progress')`

export const countAll = (db: TenantDb, filter: DetectionFilter, me: string | null) =>
  inTenant(db, async (q) => {
    const tallies = {} as Record<Name, Tallied[]>
    for (const name of Object.keys(by) as Name[]) tallies[name] = await tally(q, by[name], filter, me)
    const { rows: sums } = await sql<Sums>`
      select count(*) as total, count(distinct d.subject_id) as subjects, count(distinct coalesce(d.host_id::text, d.host_key)) as hosts,
        (select count(distinct x.v) ${from} cross join unnest(d.techniques) as x(v) where ${narrowed(filter, me)}) as techniques,
        (select count(*) ${from} where ${narrowed({ ...filter, silenced: true }, me)}) as silenced
      ${from} where ${narrowed(filter, me)}`.execute(q)
    const { rows: views } = await sql<Views>`
      select count(*) filter (where ${isOpen}) as open, count(*) filter (where ${isOpen} and d.assignee_id = ${me}::uuid) as mine,
        count(*) filter (where ${isOpen} and d.assignee_id is null) as unassigned, count(*) filter (where not ${isOpen}) as closed,
        count(*) filter (where not ${isOpen} and d.closed_rows < d.rows
          + coalesce((select sum(n.rows) from detections n where n.merged_into = d.id), 0)) as news
      ${from} where ${shownOnes(false)}`.execute(q)
    return { tallies, sums: sums[0], views: views[0] }
  })

export const countDetections = (db: TenantDb, filters: readonly DetectionFilter[], me: string | null): Promise<number[]> =>
  inTenant(db, async (q) => {
    const counts: number[] = []
    for (const filter of filters) {
      const { rows } = await sql<{ n: number }>`select count(*) as n ${from} where ${narrowed(filter, me)}`.execute(q)
      counts.push(rows[0]?.n ?? 0)
    }
    return counts
  })
