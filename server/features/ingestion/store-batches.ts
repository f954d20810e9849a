import { sql } from 'kysely'
import { inTenant, tenantIdOf } from '../../db/tenant.ts'
import type { TenantDb } from '../../platform/ctx.ts'
import type { BatchFrame } from './parser/frames.ts'

export interface ArtifactTally {
  artifact: string
  rows_stored: number
  rows_duplicate: number
  rows_rejected: number
}

/** The identity scopes of a batch that someone else, or another member of the same import, has delivered before. */
export const seenScopes = (db: TenantDb, importId: string, scopes: readonly { scope: string; index: number }[]): Promise<string[]> =>
  inTenant(db, async (q) => {
    if (scopes.length === 0) return []
    const known = await q
      .selectFrom('row_scopes')
      .select(['scope', 'import_id', 'member_index'])
      .where(
        'scope',
        'in',
        scopes.map((s) => Buffer.from(s.scope, 'hex')),
      )
      .execute()
    const owner = new Map(known.map((k) => [k.scope.toString('hex'), k]))
    const first = new Map<string, number>()
    const seen: string[] = []
    for (const { scope, index } of scopes) {
      const by = owner.get(scope)
      const inThisBatch = first.get(scope)
      if (by !== undefined ? by.import_id !== importId || by.member_index !== index : inThisBatch !== undefined && inThisBatch !== index)
        seen.push(scope)
      if (inThisBatch === undefined) first.set(scope, index)
    }
    return seen
  })

const claimScopes = (db: TenantDb, importId: string, frame: BatchFrame): Promise<void> =>
  inTenant(db, async (q) => {
    const tenant_id = tenantIdOf(db)
    const rows = frame.members.map((m) => ({ tenant_id, scope: Buffer.from(m.scope, 'hex'), import_id: importId, member_index: m.index }))
    for (let i = 0; i < rows.length; i += 1000)
      await q
        .insertInto('row_scopes')
        .values(rows.slice(i, i + 1000))
        .onConflict((c) => c.doNothing())
        .execute()
  })

/** PostgreSQL's text holds no NUL; in names and reasons its picture stands for it. */
const plain = (text: string): string => text.replaceAll('\0', '\u2400')

const insertRejects = (db: TenantDb, importId: string, frame: BatchFrame): Promise<void> =>
  inTenant(db, async (q) => {
    if (frame.rejects.length === 0) return
    const { last } = await q
      .selectFrom('import_rejects')
      .select((e) => e.fn.coalesce(e.fn.max('ordinal'), sql<number>`-1`).as('last'))
      .where('import_id', '=', importId)
      .executeTakeFirstOrThrow()
    const tenant_id = tenantIdOf(db)
    const rows = frame.rejects.map((r, i) => ({
      tenant_id,
      import_id: importId,
      ordinal: Number(last) + 1 + i,
      member: plain(r.member),
      artifact: r.artifact === null ? null : plain(r.artifact),
      row_number: r.row_number,
      reason: plain(r.reason),
      raw: Buffer.from(r.raw, 'utf8'),
      raw_bytes: r.raw_bytes,
    }))
    for (let i = 0; i < rows.length; i += 500)
      await q
        .insertInto('import_rejects')
        .values(rows.slice(i, i + 500))
        .execute()
  })

const addTallies = (db: TenantDb, importId: string, tallies: readonly ArtifactTally[]): Promise<void> =>
  inTenant(db, async (q) => {
    if (tallies.length === 0) return
    const tenant_id = tenantIdOf(db)
    const rows = tallies.map((t) => ({
      tenant_id,
      import_id: importId,
      artifact: plain(t.artifact),
      rows_read: t.rows_stored + t.rows_duplicate + t.rows_rejected,
      rows_stored: t.rows_stored,
      rows_duplicate: t.rows_duplicate,
      rows_rejected: t.rows_rejected,
    }))
    await q
      .insertInto('import_artifacts')
      .values(rows)
      .onConflict((c) =>
        c.columns(['tenant_id', 'import_id', 'artifact']).doUpdateSet({
          rows_read: sql`import_artifacts.rows_read + excluded.rows_read`,
          rows_stored: sql`import_artifacts.rows_stored + excluded.rows_stored`,
          rows_duplicate: sql`import_artifacts.rows_duplicate + excluded.rows_duplicate`,
          rows_rejected: sql`import_artifacts.rows_rejected + excluded.rows_rejected`,
        }),
      )
      .execute()
  })

const addNames = (db: TenantDb, importId: string, frame: BatchFrame): Promise<void> =>
  inTenant(db, async (q) => {
    const tenant_id = tenantIdOf(db)
    const names = frame.fields.flatMap((f) => f.names.map((name) => ({ tenant_id, artifact: plain(f.artifact), name: plain(name) })))
    for (let i = 0; i < names.length; i += 1000)
      await q
        .insertInto('field_names')
        .values(names.slice(i, i + 1000))
        .onConflict((c) => c.doNothing())
        .execute()
    const hosts = [...new Set(frame.hosts.map((h) => h.key))].map((key) => ({ tenant_id, import_id: importId, host_key: plain(key) }))
    for (let i = 0; i < hosts.length; i += 1000)
      await q
        .insertInto('import_hosts')
        .values(hosts.slice(i, i + 1000))
        .onConflict((c) => c.doNothing())
        .execute()
  })

const ends = (frame: BatchFrame): { from: string | null; to: string | null } => {
  let from: string | null = null
  let to: string | null = null
  for (const m of frame.members) {
    if (m.time_from !== null && (from === null || m.time_from < from)) from = m.time_from
    if (m.time_to !== null && (to === null || m.time_to > to)) to = m.time_to
  }
  return { from, to }
}

/**
 * Writes down that a batch is stored: counts, receipt lines, ledger, scopes, names, all or nothing. The event store has
 * fsynced its rows before; a crash between the two repeats the batch under the same token, which stores nothing twice.
 */
export const commitBatch = (
  db: TenantDb,
  importId: string,
  batch: { frame: BatchFrame; tallies: readonly ArtifactTally[]; reading_ms: number },
): Promise<void> =>
  inTenant(db, async (q) => {
    const { frame, tallies } = batch
    const sum = (of: (t: ArtifactTally) => number): number => tallies.reduce((total, t) => total + of(t), 0)
    const stored = sum((t) => t.rows_stored)
    const duplicate = sum((t) => t.rows_duplicate)
    const rejected = sum((t) => t.rows_rejected)
    const { from, to } = ends(frame)
    await claimScopes(db, importId, frame)
    await insertRejects(db, importId, frame)
    await addTallies(db, importId, tallies)
    await addNames(db, importId, frame)
    const done = await q
      .updateTable('imports')
      .set({
        next_batch: frame.batch + 1,
        rows_read: sql`rows_read + ${stored + duplicate + rejected}`,
        rows_stored: sql`rows_stored + ${stored}`,
        rows_duplicate: sql`rows_duplicate + ${duplicate}`,
        rows_rejected: sql`rows_rejected + ${rejected}`,
        bytes_read: frame.bytes_read,
        current: frame.current === null ? null : plain(frame.current),
        reading_ms: batch.reading_ms,
        time_from: sql`least(time_from, ${from}::timestamptz)`,
        time_to: sql`greatest(time_to, ${to}::timestamptz)`,
        hosts: sql`(SELECT count(*) FROM import_hosts WHERE import_id = ${importId}::uuid)`,
        warnings: sql`warnings || ${plain(JSON.stringify(frame.warnings)).replaceAll('\\u0000', '\u2400')}::jsonb`,
      })
      .where('id', '=', importId)
      // a reader that has lost its lease to another must not count a batch twice
      .where('next_batch', '<=', frame.batch)
      .executeTakeFirst()
    if (done.numUpdatedRows !== 1n) throw new Error(`batch ${frame.batch} of import ${importId} is written down already`)
  })

export const setArtifactHosts = (db: TenantDb, importId: string, hosts: readonly { artifact: string; hosts: number }[]): Promise<void> =>
  inTenant(db, async (q) => {
    for (const of of hosts)
      await q
        .updateTable('import_artifacts')
        .set({ hosts: of.hosts })
        .where('import_id', '=', importId)
        .where('artifact', '=', of.artifact)
        .execute()
  })
