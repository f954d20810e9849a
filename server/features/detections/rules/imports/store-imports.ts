import { sql } from 'kysely'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import type { GivenFile } from '../reading/pack-files.ts'
import type { Difference } from './store-staged.ts'

export interface ImportRow {
  id: string
  asked_in: string
  pack_id: string | null
  pack_name: string
  source: string
  source_url: string | null
  license: string | null
  license_text: string | null
  applies_at_once: boolean
  is_on: boolean
  state: 'queued' | 'reading' | 'ready' | 'applied' | 'discarded' | 'failed'
  size_bytes: number
  files: number
  files_read: number
  skipped: number
  skips: { path: string; why: string }[]
  rules: number
  added: number
  changed: number
  unchanged: number
  gone: number
  not_running: number
  base_version: number
  content_hash: string | null
  error: string | null
  created_by: string | null
  created_by_name: string
  created_at: Date
  ended_at: Date | null
}

export type NewImport = Pick<
  ImportRow,
  'id' | 'pack_id' | 'pack_name' | 'source' | 'source_url' | 'applies_at_once' | 'is_on' | 'created_by' | 'created_by_name'
>

const plain = (text: string): string => text.toWellFormed().replaceAll('\0', '\u2400')

export const insertImport = (db: TenantDb, o: NewImport, files: readonly GivenFile[]): Promise<void> =>
  inTenant(db, async (q) => {
    const size = files.reduce((sum, file) => sum + file.content.length, 0)
    await sql`insert into rule_imports (tenant_id, id, asked_in, pack_id, pack_name, source, source_url, applies_at_once, is_on, size_bytes,
        created_by, created_by_name)
      values (${tenantIdOf(db)}, ${o.id}, ${tenantIdOf(db)}, ${o.pack_id}, ${plain(o.pack_name)}, ${plain(o.source)}, ${o.source_url},
        ${o.applies_at_once}, ${o.is_on}, ${size}, ${o.created_by}, ${o.created_by_name})`.execute(q)
    for (const [seq, file] of files.entries())
      await sql`insert into rule_import_files (tenant_id, import_id, seq, path, content)
        values (${tenantIdOf(db)}, ${o.id}, ${seq}, ${plain(file.path)}, ${file.content})`.execute(q)
  })

export const filesOf = (db: TenantDb, importId: string): Promise<GivenFile[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<GivenFile>`select path, content from rule_import_files where import_id = ${importId} order by seq`.execute(q)
    return rows
  })

export const importById = (db: TenantDb, id: string, o: { lock?: boolean } = {}): Promise<ImportRow | undefined> =>
  inTenant(db, async (q) => {
    const lock = o.lock === true ? sql`for update` : sql``
    const { rows } = await sql<ImportRow>`select * from rule_imports where id = ${id} ${lock}`.execute(q)
    return rows[0]
  })

export const listImportRows = (db: TenantDb, o: { skip: number; limit: number }): Promise<{ total: number; rows: ImportRow[] }> =>
  inTenant(db, async (q) => {
    const { rows: total } = await sql<{ n: number }>`select count(*) as n from rule_imports`.execute(q)
    const { rows } =
      await sql<ImportRow>`select * from rule_imports order by created_at desc, id offset ${o.skip} limit ${o.limit}`.execute(q)
    return { total: total[0]?.n ?? 0, rows }
  })

export interface Opened {
  files: number
  license: { name: string; text: string } | null
  skipped: number
  skips: { path: string; why: string }[]
}

/** From the beginning, also after a crash. False: it is not to be read any more. */
export const beginReading = (db: TenantDb, id: string): Promise<boolean> =>
  inTenant(db, async (q) => {
    const { rows } = await sql`update rule_imports set state = 'reading', files_read = 0, rules = 0
      where id = ${id} and state in ('queued', 'reading') returning 1`.execute(q)
    if (rows.length > 0) await sql`delete from rule_staged where import_id = ${id}`.execute(q)
    return rows.length > 0
  })

export const noteOpened = (db: TenantDb, id: string, o: Opened): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`update rule_imports set files = ${o.files}, license = ${o.license?.name ?? null}, license_text = ${o.license?.text ?? null},
      skipped = ${o.skipped}, skips = ${plain(JSON.stringify(o.skips))}::jsonb where id = ${id}`.execute(q)
  })

export const noteRead = (db: TenantDb, id: string, o: { files_read: number; rules: number }): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`update rule_imports set files_read = ${o.files_read}, rules = ${o.rules} where id = ${id}`.execute(q)
  })

export const noteReady = (db: TenantDb, id: string, o: Difference): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`update rule_imports set state = 'ready', rules = ${o.rules}, added = ${o.added}, changed = ${o.changed},
      unchanged = ${o.unchanged}, gone = ${o.gone}, not_running = ${o.not_running}, base_version = ${o.base_version},
      content_hash = ${o.content_hash} where id = ${id} and state = 'reading'`.execute(q)
  })

/** What it held is given up with it. False: it has ended already. */
export const endImport = (
  db: TenantDb,
  id: string,
  o: { state: 'discarded' | 'failed' | 'applied'; error?: string; pack_id?: string; at: Date },
): Promise<boolean> =>
  inTenant(db, async (q) => {
    const { rows } = await sql`update rule_imports set state = ${o.state}, error = ${o.error ?? null},
        pack_id = coalesce(${o.pack_id ?? null}::uuid, pack_id), ended_at = ${o.at}::timestamptz
      where id = ${id} and state in ('queued', 'reading', 'ready') returning 1`.execute(q)
    if (rows.length === 0) return false
    await sql`delete from rule_import_files where import_id = ${id}`.execute(q)
    await sql`delete from rule_staged where import_id = ${id}`.execute(q)
    return true
  })

/** Packs that are named so, whatever the case. */
export const isNameTaken = (db: TenantDb, name: string): Promise<boolean> =>
  inTenant(db, async (q) => {
    const { rows } = await sql`select 1 from rule_packs where lower(name) = lower(${name})`.execute(q)
    return rows.length > 0
  })

export const openPack = (db: TenantDb, id: string): Promise<{ name: string; kind: string; is_own: boolean } | undefined> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ name: string; kind: string; is_own: boolean }>`
      select name, kind, tenant_id = current_tenant() as is_own from rule_packs where id = ${id}`.execute(q)
    return rows[0]
  })
