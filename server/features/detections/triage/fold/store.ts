import { sql, type Transaction } from 'kysely'
import type { DetectionKind, HostWeight, Severity } from '../../../../../shared/domain/detections.ts'
import type { Tables } from '../../../../db/tables.ts'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import { newId } from '../../../../platform/ids.ts'
import { isoOfMicros } from '../../../../platform/iso-time.ts'
import type { Existing } from './episodes.ts'
import { type Cut, type Subject, subjectKey, type SubjectEpisode } from './store-matches.ts'

type Q = Transaction<Tables>

/** Two folds of one subject take their turns, always in one order; each then finds what the other one left. */
export const lockSubjects = (db: TenantDb, subjects: readonly Subject[]): Promise<void> =>
  inTenant(db, async (q) => {
    for (const key of subjects.map(subjectKey).sort())
      await sql`select pg_advisory_xact_lock(hashtextextended(${`detections:${tenantIdOf(db)}:${key}`}, 0))`.execute(q)
  })

const micros = (column: string) => sql`(extract(epoch from ${sql.ref(column)}) * 1000000)::bigint::text`

export interface KnownDetection extends Existing, Subject {
  severity: Severity
  title: string
  level: Severity | null
  tags: string[]
  closed_rows: number | null
}

interface StoredDetection extends Omit<KnownDetection, 'span_from' | 'span_to' | 'host_ref'> {
  span_from: string | null
  span_to: string | null
  host_id: string | null
  host_key: string
}

const ofSubjects = (subjects: readonly Subject[]) =>
  sql<boolean>`(kind, subject_id) in (select * from unnest(${subjects.map((s) => s.kind)}::text[], ${subjects.map((s) => s.subject_id)}::text[]))`

const refOf = (row: { host_id: string | null; host_key: string }, hosts: ReadonlyMap<string, string>): string =>
  row.host_id === null ? (hosts.get(row.host_key) ?? `k:${row.host_key}`) : `h:${row.host_id}`

/** By their subject. A host that has become known since is named. */
export const detectionsOf = (db: TenantDb, subjects: readonly Subject[], hosts: ReadonlyMap<string, string>): Promise<KnownDetection[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<StoredDetection>`
      select id, kind, subject_id, host_id, host_key, ${micros('span_from')} as span_from, ${micros('span_to')} as span_to, import_id,
        status, severity, title, level, tags, rows, silenced_rows, closed_rows, created_at,
        (version > 1 or exists (select from detection_comments c where c.tenant_id = d.tenant_id and c.detection_id = d.id)) as is_touched
      from detections d where ${ofSubjects(subjects)} order by id for update`.execute(q)
    return rows.map(({ span_from, span_to, ...row }) => ({
      ...row,
      host_ref: refOf(row, hosts),
      span_from: span_from === null ? null : BigInt(span_from),
      span_to: span_to === null ? null : BigInt(span_to),
    }))
  })

export const cutsOf = (db: TenantDb, subjects: readonly Subject[], hosts: ReadonlyMap<string, string>): Promise<Cut[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<Subject & { host_id: string | null; host_key: string; at_micros: string }>`
      select kind, subject_id, host_id, host_key, ${micros('at')} as at_micros from detection_cuts where ${ofSubjects(subjects)}`.execute(q)
    return rows.map(({ host_id, host_key, ...cut }) => ({ ...cut, host_ref: refOf({ host_id, host_key }, hosts) }))
  })

export const weightsOf = (db: TenantDb, hostIds: readonly string[]): Promise<Map<string, HostWeight>> =>
  inTenant(db, async (q) => {
    const rows = await q
      .selectFrom('host_weights')
      .select(['host_id', 'weight'])
      .where(sql<boolean>`host_id = any(${hostIds}::uuid[])`)
      .execute()
    return new Map(rows.map((row) => [row.host_id, row.weight]))
  })

/** A detection as the fold leaves it. */
export interface Folded {
  id: string
  kind: DetectionKind
  subject_id: string
  subject_version: number
  host_id: string | null
  host_key: string
  title: string
  level: Severity | null
  severity: Severity
  tags: string[]
  techniques: string[]
  tactics: string[]
  span_from: string | null
  span_to: string | null
  import_id: string | null
  first_at: string | null
  last_at: string | null
  rows: number
  silenced_rows: number
  matched_at: string
}

export interface Facts {
  title: string
  level: Severity | null
  severity: Severity
  tags: string[]
  techniques: string[]
  tactics: string[]
}

const timeOf = (at: bigint | null): string | null => (at === null ? null : isoOfMicros(at))

export const foldedOf = (id: string, episode: SubjectEpisode, facts: Facts): Folded => ({
  id,
  kind: episode.kind,
  subject_id: episode.subject_id,
  subject_version: episode.subject_version,
  host_id: episode.host_ref.startsWith('h:') ? episode.host_ref.slice(2) : null,
  host_key: episode.host_key,
  ...facts,
  span_from: timeOf(episode.span_from),
  span_to: timeOf(episode.span_to),
  import_id: episode.import_id,
  first_at: timeOf(episode.first_at),
  last_at: timeOf(episode.last_at),
  rows: episode.rows,
  silenced_rows: episode.silenced_rows,
  matched_at: episode.matched_at,
})

const asRecords = (
  rows: readonly Folded[],
) => sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(id uuid, kind text, subject_id text,
  subject_version integer, host_id uuid, host_key text, title text, level text, severity text, tags text[], techniques text[], tactics text[],
  span_from timestamptz, span_to timestamptz, import_id uuid, first_at timestamptz, last_at timestamptz, rows bigint, silenced_rows bigint,
  matched_at timestamptz)`

const columns = sql.raw(`kind, subject_id, subject_version, host_id, host_key, title, level, severity, tags, techniques, tactics,
  span_from, span_to, import_id, first_at, last_at, rows, silenced_rows, matched_at`)
const given = `n.kind, n.subject_id, n.subject_version, n.host_id, n.host_key, n.title, n.level, n.severity, n.tags, n.techniques,
  n.tactics, n.span_from, n.span_to, n.import_id, n.first_at, n.last_at, n.rows, n.silenced_rows, n.matched_at`

const held = sql.raw(given.replaceAll('n.', 'd.'))

/** A parameter is one text, and a fold can have very many. */
const rowsPerStatement = 2000
const inChunks = <T>(rows: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / rowsPerStatement) }, (_, n) => rows.slice(n * rowsPerStatement, (n + 1) * rowsPerStatement))

export const insertFolded = async (q: Q, tenantId: string, all: readonly Folded[], at: Date): Promise<void> => {
  for (const rows of inChunks(all))
    await sql`insert into detections (tenant_id, id, ${columns}, created_at, updated_at)
    select ${tenantId}::uuid, n.id, ${sql.raw(given)}, ${at}::timestamptz, ${at}::timestamptz from ${asRecords(rows)}`.execute(q)
}

export const updateFolded = async (q: Q, all: readonly Folded[], at: Date): Promise<void> => {
  for (const rows of inChunks(all))
    await sql`update detections d set (${columns}) = (select ${sql.raw(given)}), updated_at = ${at}::timestamptz
    from ${asRecords(rows)} where d.id = n.id and row(${held}) is distinct from row(${sql.raw(given)})`.execute(q)
}

/** What stood alone after rows between were deleted is called what the whole was called. */
export const inheritTriage = async (q: Q, pairs: readonly { id: string; from: string }[]): Promise<void> => {
  if (pairs.length === 0) return
  await sql`update detections d set status = f.status, assignee_id = f.assignee_id, assignee_name = f.assignee_name,
      closed_at = f.closed_at, closed_rows = case when f.closed_at is null then null else d.rows end
    from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as p(id uuid, "from" uuid)
      join detections f on f.id = p."from" where d.id = p.id`.execute(q)
}

/** What people wrote about a detection that is one with another now stands with that one. */
export const joinInto = async (q: Q, pairs: readonly { id: string; into: string }[]): Promise<void> => {
  if (pairs.length === 0) return
  const given = sql`jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as p(id uuid, "into" uuid)`
  await sql`update detection_comments c set detection_id = p."into" from ${given} where c.detection_id = p.id`.execute(q)
  // Nothing of it can be undone any more: what it was said of is no more.
  await sql`update detection_history h set detection_id = p."into", before = null from ${given} where h.detection_id = p.id`.execute(q)
  await sql`update detections d set merged_into = nullif(p."into", d.id) from ${given} where d.merged_into = p.id`.execute(q)
  await sql`update detections d set duplicate_of = nullif(p."into", d.id) from ${given} where d.duplicate_of = p.id`.execute(q)
  await sql`delete from detections d using ${given} where d.id = p.id`.execute(q)
}

export const removeDetections = async (q: Q, ids: readonly string[]): Promise<void> => {
  if (ids.length > 0) await sql`delete from detections where id = any(${ids}::uuid[])`.execute(q)
}
export const emptyDetections = async (q: Q, ids: readonly string[], at: Date): Promise<void> => {
  if (ids.length > 0)
    await sql`update detections set rows = 0, silenced_rows = 0, updated_at = ${at}::timestamptz where id = any(${ids}::uuid[])`.execute(q)
}

export interface Happened {
  detection_id: string
  what: string
  facts: Record<string, unknown>
}

/** What came of matches, by nobody. Rows that come again and again within an hour are one entry. */
export const noteHappened = async (q: Q, tenantId: string, all: readonly Happened[], at: Date): Promise<void> => {
  for (const entries of inChunks(all)) await noteChunk(q, tenantId, entries, at)
}

const noteChunk = async (q: Q, tenantId: string, entries: readonly Happened[], at: Date): Promise<void> => {
  const given = (of: readonly object[]) =>
    sql`jsonb_to_recordset(${JSON.stringify(of)}::jsonb) as n(id uuid, act_id uuid, detection_id uuid, what text, facts jsonb)`
  const { rows: grown } = await sql<{ detection_id: string }>`
    update detection_history h set facts = n.facts || jsonb_build_object('before', h.facts->'before'), at = ${at}::timestamptz
    from ${given(entries.filter((entry) => entry.what === 'more_rows'))}
    where h.detection_id = n.detection_id and h.what = 'more_rows' and h.at > ${at}::timestamptz - interval '1 hour'
      and h.facts->'since_closed' = n.facts->'since_closed'
      and h.at = (select max(l.at) from detection_history l where l.detection_id = h.detection_id)
    returning h.detection_id`.execute(q)
  const noted = new Set(grown.map((row) => row.detection_id))
  const rest = entries.filter((entry) => entry.what !== 'more_rows' || !noted.has(entry.detection_id))
  await sql`insert into detection_history (tenant_id, id, detection_id, act_id, what, facts, version, by_name, at)
    select ${tenantId}::uuid, n.id, n.detection_id, n.act_id, n.what, n.facts, d.version, 'VelociCompanion', ${at}::timestamptz
    from ${given(rest.map((entry) => ({ id: newId(), act_id: newId(), ...entry })))} join detections d on d.id = n.detection_id`.execute(q)
}
