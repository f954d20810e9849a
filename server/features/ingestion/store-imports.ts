import { type Selectable, sql } from 'kysely'
import type { ImportState } from '../../../shared/contract/ingestion.ts'
import type { ImportArtifactsTable, ImportRejectsTable, ImportsTable } from '../../db/tables-ingestion.ts'
import { inTenant, tenantIdOf } from '../../db/tenant.ts'
import type { TenantDb } from '../../platform/ctx.ts'
import { notFound } from '../../platform/errors.ts'

export type ImportRow = Selectable<ImportsTable>
export type ImportArtifactRow = Selectable<ImportArtifactsTable>
export type RejectRow = Selectable<ImportRejectsTable>

export interface NewImport {
  id: string
  state: ImportState
  file_name: string
  file_sha256: string | null
  file_size: number
  kind?: ImportRow['kind']
  hostname: string | null
  time_zone: string | null
  artifact: string | null
  sealed_secret: string | null
  created_by: string | null
  created_by_name: string | null
}

const openStates: ImportState[] = ['uploading', 'queued', 'locked', 'reading', 'deleting']
const troubleStates: ImportState[] = ['locked', 'partly', 'failed', 'cancelled']

export const insertImport = (db: TenantDb, row: NewImport): Promise<ImportRow> =>
  inTenant(db, (q) =>
    q
      .insertInto('imports')
      .values({ ...row, tenant_id: tenantIdOf(db), kind: row.kind ?? null })
      .returningAll()
      .executeTakeFirstOrThrow(),
  )

export const findImport = (db: TenantDb, id: string): Promise<ImportRow | undefined> =>
  inTenant(db, (q) => q.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst())

/** @throws AppError not_found */
export const getImport = async (db: TenantDb, id: string): Promise<ImportRow> => {
  const row = await findImport(db, id)
  if (row === undefined) throw notFound('import')
  return row
}

/** The one that is read next, as far as can be told. */
export const nextQueued = (db: TenantDb): Promise<ImportRow | undefined> =>
  inTenant(db, (q) =>
    q.selectFrom('imports').selectAll().where('state', '=', 'queued').orderBy('created_at').orderBy('id').executeTakeFirst(),
  )

/** The row, held until the transaction ends, so that two that change its state go one after the other. */
export const lockImport = async (db: TenantDb, id: string): Promise<ImportRow> => {
  const row = await inTenant(db, (q) => q.selectFrom('imports').selectAll().where('id', '=', id).forUpdate().executeTakeFirst())
  if (row === undefined) throw notFound('import')
  return row
}

export const listImports = (
  db: TenantDb,
  o: { skip: number; limit: number; state: 'all' | 'open' | 'trouble' },
): Promise<{ items: ImportRow[]; total: number }> =>
  inTenant(db, async (q) => {
    const among = o.state === 'open' ? openStates : o.state === 'trouble' ? troubleStates : null
    let list = q.selectFrom('imports').selectAll()
    let counted = q.selectFrom('imports').select((e) => e.fn.countAll<number>().as('total'))
    if (among !== null) {
      list = list.where('state', 'in', among)
      counted = counted.where('state', 'in', among)
    }
    const items = await list.orderBy('created_at', 'desc').orderBy('id').offset(o.skip).limit(o.limit).execute()
    const { total } = await counted.executeTakeFirstOrThrow()
    return { items, total: Number(total) }
  })

export const artifactsOf = (db: TenantDb, importIds: readonly string[]): Promise<ImportArtifactRow[]> =>
  importIds.length === 0
    ? Promise.resolve([])
    : inTenant(db, (q) =>
        q
          .selectFrom('import_artifacts')
          .selectAll()
          .where('import_id', 'in', [...importIds])
          .orderBy('artifact')
          .execute(),
      )

export const listRejects = (
  db: TenantDb,
  importId: string,
  o: { skip: number; limit: number },
): Promise<{ items: RejectRow[]; total: number }> =>
  inTenant(db, async (q) => {
    const of = q.selectFrom('import_rejects').where('import_id', '=', importId)
    const items = await of.selectAll().orderBy('ordinal').offset(o.skip).limit(o.limit).execute()
    const { total } = await of.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
    return { items, total: Number(total) }
  })

export type ImportChange = Partial<
  Pick<
    ImportRow,
    | 'state'
    | 'kind'
    | 'file_sha256'
    | 'file_size'
    | 'members'
    | 'members_ignored'
    | 'sealed_secret'
    | 'attempt'
    | 'normaliser_version'
    | 'next_batch'
    | 'bytes_read'
    | 'reading_ms'
    | 'error'
    | 'needs'
    | 'current'
    | 'started_at'
    | 'finished_at'
    | 'hosts'
  >
>

export const updateImport = (db: TenantDb, id: string, change: ImportChange): Promise<void> =>
  inTenant(db, async (q) => {
    await q.updateTable('imports').set(change).where('id', '=', id).execute()
  })

/** Changes the state only while it is one of `from`; false when someone was faster. */
export const moveImport = (db: TenantDb, id: string, from: readonly ImportState[], change: ImportChange): Promise<boolean> =>
  inTenant(db, async (q) => {
    const done = await q
      .updateTable('imports')
      .set(change)
      .where('id', '=', id)
      .where('state', 'in', [...from])
      .executeTakeFirst()
    return done.numUpdatedRows === 1n
  })

/** Forgets every batch, so that the next reading begins at the first row. Rows of the event store are not touched here. */
export const forgetProgress = (db: TenantDb, id: string): Promise<void> =>
  inTenant(db, async (q) => {
    await q.deleteFrom('import_artifacts').where('import_id', '=', id).execute()
    await q.deleteFrom('import_rejects').where('import_id', '=', id).execute()
    await q.deleteFrom('import_hosts').where('import_id', '=', id).execute()
    await q
      .updateTable('imports')
      .set({
        attempt: sql`attempt + 1`,
        next_batch: 0,
        hosts: 0,
        rows_read: 0,
        rows_stored: 0,
        rows_duplicate: 0,
        rows_rejected: 0,
        bytes_read: 0,
        reading_ms: 0,
        time_from: null,
        time_to: null,
        warnings: '[]',
        error: null,
        needs: null,
        current: null,
      })
      .where('id', '=', id)
      .execute()
  })

export const removeImportRow = (db: TenantDb, id: string): Promise<void> =>
  inTenant(db, async (q) => {
    await q.deleteFrom('imports').where('id', '=', id).execute()
  })

/**
 * Until the transaction ends, nobody else takes a file of the tenant into use, gives one up, or sets quota aside: each of
 * these looks first and acts then, and in between another must not.
 */
export const lockFiles = (db: TenantDb): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`files of ${tenantIdOf(db)}`}, 0))`.execute(q)
  })

/** Every file that an import refers to. */
export const filesOfImports = (db: TenantDb): Promise<Set<string>> =>
  inTenant(db, async (q) => {
    const rows = await q.selectFrom('imports').select('file_sha256').distinct().where('file_sha256', 'is not', null).execute()
    return new Set(rows.flatMap((row) => row.file_sha256 ?? []))
  })

/** When the newest import was made; null where there is none. */
export const newestImportAt = (db: TenantDb): Promise<Date | null> =>
  inTenant(
    db,
    async (q) =>
      (await q.selectFrom('imports').select('created_at').orderBy('created_at', 'desc').limit(1).executeTakeFirst())?.created_at ?? null,
  )

/** Imports that keep this file. */
export const importsWithFile = (db: TenantDb, sha256: string): Promise<number> =>
  inTenant(db, async (q) => {
    const row = await q
      .selectFrom('imports')
      .select((e) => e.fn.countAll<number>().as('n'))
      .where('file_sha256', '=', sha256)
      .executeTakeFirstOrThrow()
    return Number(row.n)
  })

export interface EvidenceUse {
  bytes: number
  files: number
  quota_bytes: number | null
}

/** What the tenant keeps, each file once, and bytes promised to uploads that still run. */
export const evidenceUse = (db: TenantDb): Promise<EvidenceUse> =>
  inTenant(db, async (q) => {
    const kept = await sql<{ bytes: string; files: string }>`
      SELECT coalesce(sum(file_size), 0) AS bytes, count(*) AS files
      FROM (SELECT coalesce(file_sha256, id::text) AS file, max(file_size) AS file_size FROM imports
        WHERE file_sha256 IS NOT NULL OR state = 'uploading' GROUP BY 1) AS each_once`.execute(q)
    const tenant = await q.selectFrom('tenants').select('quota_bytes').executeTakeFirst()
    const row = kept.rows[0]
    return { bytes: Number(row?.bytes ?? 0), files: Number(row?.files ?? 0), quota_bytes: tenant?.quota_bytes ?? null }
  })

export const largestImports = (db: TenantDb, limit: number): Promise<ImportRow[]> =>
  inTenant(db, (q) => q.selectFrom('imports').selectAll().orderBy('file_size', 'desc').orderBy('id').limit(limit).execute())

/** Imports that were read and whose file is kept, oldest first. */
export const importsToRebuild = (db: TenantDb): Promise<ImportRow[]> =>
  inTenant(db, (q) =>
    q
      .selectFrom('imports')
      .selectAll()
      .where('state', 'in', ['ready', 'partly', 'failed'])
      .where('file_sha256', 'is not', null)
      .orderBy('created_at')
      .orderBy('id')
      .execute(),
  )

/** Uploads that have not arrived whole. */
export const openUploads = (db: TenantDb): Promise<ImportRow[]> =>
  inTenant(db, (q) => q.selectFrom('imports').selectAll().where('state', '=', 'uploading').execute())
