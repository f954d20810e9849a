// Which imports there are for rules, up to where each rule has seen them, and the hunts.
import { sql } from 'kysely'
import type { HuntRunsTable } from '../../../db/detect/tables-hunts.ts'
import { inTenant, tenantIdOf } from '../../../db/tenant.ts'
import type { TenantDb } from '../../../platform/ctx.ts'

export interface HuntImport {
  import_id: string
  seq: number
  rows: number
}

/** Imports whose rows are stored and that have no number yet, or of which more rows have come since. */
export const unnumbered = (db: TenantDb): Promise<{ id: string; rows: number }[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ id: string; rows: string }>`
      select i.id, i.rows_stored as rows from imports i left join hunt_imports h on h.import_id = i.id
      where i.state in ('ready', 'partly', 'failed', 'cancelled') and i.rows_stored > 0 and h.rows is distinct from i.rows_stored
      order by i.finished_at nulls last, i.created_at, i.id`.execute(q)
    return rows.map((row) => ({ id: row.id, rows: Number(row.rows) }))
  })

export interface Numbered {
  import_id: string
  rows: number
  stored_from: Date
  stored_to: Date
}

/** Gives imports the next numbers, in their order. */
export const numberImports = (db: TenantDb, imports: readonly Numbered[]): Promise<void> =>
  inTenant(db, async (q) => {
    if (imports.length === 0) return
    const tenant_id = tenantIdOf(db)
    await sql`select pg_advisory_xact_lock(hashtext(${`hunt_imports ${tenant_id}`}))`.execute(q)
    const { rows } = await sql<{ seq: string }>`select coalesce(max(seq), 0) as seq from hunt_imports`.execute(q)
    const last = Number(rows[0]?.seq ?? 0)
    for (const [i, one] of imports.entries())
      await q
        .insertInto('hunt_imports')
        .values({ ...one, tenant_id, seq: last + 1 + i })
        .onConflict((c) => c.columns(['tenant_id', 'import_id']).doUpdateSet({ ...one, seq: last + 1 + i }))
        .execute()
  })

/** In the place of the number of rows: there are none any more, or others will come. */
const gone = -1

export const forgetImport = (db: TenantDb, importId: string): Promise<void> =>
  // its number stays taken: what comes next is new to every rule
  inTenant(db, async (q) => void (await q.updateTable('hunt_imports').set({ rows: gone }).where('import_id', '=', importId).execute()))

/** In the order of their numbers, those above `after`. */
export const importsAfter = (db: TenantDb, after: number): Promise<HuntImport[]> =>
  inTenant(db, async (q) => {
    const rows = await q
      .selectFrom('hunt_imports')
      .select(['import_id', 'seq', 'rows'])
      .where('seq', '>', after)
      .where('rows', '>=', 0)
      .orderBy('seq')
      .execute()
    return rows.map((row) => ({ import_id: row.import_id, seq: Number(row.seq), rows: Number(row.rows) }))
  })

export interface Seen {
  version: number
  mark: string
  through_seq: number
}

export const seenByRules = (db: TenantDb): Promise<Map<string, Seen>> =>
  inTenant(db, async (q) => {
    const rows = await q.selectFrom('hunt_seen').select(['rule_id', 'version', 'mark', 'through_seq']).execute()
    return new Map(rows.map((row) => [row.rule_id, { version: row.version, mark: row.mark, through_seq: Number(row.through_seq) }]))
  })

export const noteSeen = (
  db: TenantDb,
  rules: readonly { id: string; version: number; mark: string }[],
  throughSeq: number,
): Promise<void> =>
  inTenant(db, async (q) => {
    if (rules.length === 0) return
    await sql`
      insert into hunt_seen (tenant_id, rule_id, version, mark, through_seq)
      select ${tenantIdOf(db)}::uuid, r.id, r.version, r.mark, ${throughSeq}
      from unnest(${rules.map((one) => one.id)}::uuid[], ${rules.map((one) => one.version)}::int[], ${rules.map((one) => one.mark)}::text[]) as r (id, version, mark)
      on conflict (tenant_id, rule_id) do update set version = excluded.version, mark = excluded.mark, through_seq = excluded.through_seq`.execute(
      q,
    )
  })

/** They have seen nothing; null: none of them has. */
export const forgetSeen = (db: TenantDb, ruleIds: readonly string[] | null): Promise<void> =>
  inTenant(db, async (q) => {
    const all = q.deleteFrom('hunt_seen')
    await (ruleIds === null ? all : all.where('rule_id', 'in', [...ruleIds])).execute()
  })

export type RunRow = Omit<HuntRunsTable, 'created_at' | 'started_at' | 'finished_at' | 'tenant_id'> & {
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}

const columns = [
  'id',
  'kind',
  'import_id',
  'rule_ids',
  'state',
  'rules',
  'rows_seen',
  'rows_total',
  'matches',
  'took_ms',
  'error',
  'asked_by',
  'asked_by_name',
  'created_at',
  'started_at',
  'finished_at',
] as const

export interface NewRun {
  id: string
  kind: 'import' | 'history'
  import_id: string | null
  rule_ids: string[] | null
  state: 'queued' | 'running'
  asked_by: string | null
  asked_by_name: string
}

export const insertRun = (db: TenantDb, run: NewRun): Promise<void> =>
  inTenant(db, async (q) => {
    await q
      .insertInto('hunt_runs')
      .values({ ...run, tenant_id: tenantIdOf(db), rules: 0, rows_seen: 0, rows_total: 0, matches: 0, took_ms: 0, error: null })
      .execute()
  })

export type RunChange = Partial<
  Pick<RunRow, 'state' | 'rules' | 'rows_seen' | 'rows_total' | 'matches' | 'took_ms' | 'error' | 'started_at' | 'finished_at'>
>

/** False when it was in none of the states. */
export const changeRun = (db: TenantDb, id: string, from: readonly RunRow['state'][], change: RunChange): Promise<boolean> =>
  inTenant(db, async (q) => {
    const done = await q
      .updateTable('hunt_runs')
      .set(change)
      .where('id', '=', id)
      .where('state', 'in', [...from])
      .executeTakeFirst()
    return done.numUpdatedRows === 1n
  })

export const findRun = (db: TenantDb, id: string): Promise<RunRow | undefined> =>
  inTenant(db, (q) => q.selectFrom('hunt_runs').select(columns).where('id', '=', id).executeTakeFirst() as Promise<RunRow | undefined>)

export interface RunsAsked {
  skip: number
  limit: number
  import_id?: string | undefined
  state?: RunRow['state'] | undefined
  kind?: RunRow['kind'] | undefined
}

export const findRuns = (db: TenantDb, o: RunsAsked): Promise<{ rows: RunRow[]; total: number }> =>
  inTenant(db, async (q) => {
    let found = q.selectFrom('hunt_runs')
    if (o.import_id !== undefined) found = found.where('import_id', '=', o.import_id)
    if (o.state !== undefined) found = found.where('state', '=', o.state)
    if (o.kind !== undefined) found = found.where('kind', '=', o.kind)
    const { total } = await found.select((e) => e.fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
    const rows = (await found
      .select(columns)
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .offset(o.skip)
      .limit(o.limit)
      .execute()) as RunRow[]
    return { rows, total: Number(total) }
  })

/** A history hunt for whatever is enabled that waits or runs. */
export const openRun = (db: TenantDb): Promise<string | null> =>
  inTenant(db, async (q) => {
    const row = await q
      .selectFrom('hunt_runs')
      .select('id')
      .where('kind', '=', 'history')
      .where('rule_ids', 'is', null)
      .where('state', '=', 'queued')
      .limit(1)
      .executeTakeFirst()
    return row?.id ?? null
  })

export const runOfImport = (db: TenantDb, importId: string): Promise<{ id: string; state: RunRow['state'] } | null> =>
  inTenant(db, async (q) => {
    const row = await q
      .selectFrom('hunt_runs')
      .select(['id', 'state'])
      .where('import_id', '=', importId)
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row ?? null
  })

export const hasNumber = (db: TenantDb, importId: string): Promise<boolean> =>
  inTenant(
    db,
    async (q) =>
      (await q.selectFrom('hunt_imports').select('seq').where('import_id', '=', importId).where('rows', '>=', 0).executeTakeFirst()) !==
      undefined,
  )
