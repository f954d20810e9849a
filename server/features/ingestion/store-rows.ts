import { createHash, randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import { columns } from '../../events/columns.data.ts'
import { blockDirOf, execute, insertBlockFile, insertOnce, queryRows, storedTable, table, tenantBytes } from '../../events/query.ts'
import type { TenantEvents } from '../../platform/ctx.ts'
import { newSecret } from '../../platform/ids.ts'
import type { Sql } from '../../platform/sql.ts'
import { ident, join, param, sql } from '../../platform/sql.ts'

const names = columns.map((c) => c.name)
const allColumns = join(names.map(ident), ', ')

/** One token for one batch of one attempt: the engine stores what it has seen under a token once. */
const tokenOf = (batch: { import_id: string; attempt: number; batch: number }, step: string): string =>
  createHash('sha256').update(`${batch.import_id}|${batch.attempt}|${batch.batch}|${step}`).digest('hex')

export interface BatchKey {
  import_id: string
  attempt: number
  batch: number
}

/** A folder for the blocks of one reading; the parser makes it. */
export const blockFolderFor = (events: TenantEvents): string => joinPath(blockDirOf(events), randomUUID())
/** With the blocks in it that nobody wants any more. */
export const dropBlockFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true })

/** A block that is stored, or not wanted any more. */
export const dropBlock = (events: TenantEvents, block: string): Promise<void> => rm(joinPath(blockDirOf(events), block), { force: true })

/** How many rows of a batch the store has. */
const rowsOfBatch = async (events: TenantEvents, key: BatchKey): Promise<number> => {
  const { rows } = await queryRows<{ n: string }>(
    events,
    sql`SELECT count() AS n FROM ${table(events, 'events')} WHERE import_id = ${param('UUID', key.import_id)} AND batch = ${param('UInt32', key.batch)}`,
    { isOwnWork: true },
  )
  return Number(rows[0]?.n ?? 0)
}

const dropBatch = async (events: TenantEvents, key: BatchKey): Promise<void> => {
  const of = sql`WHERE import_id = ${param('UUID', key.import_id)} AND batch = ${param('UInt32', key.batch)}`
  await execute(events, sql`DELETE FROM ${storedTable(events, 'events')} ${of}`)
  await execute(events, sql`DELETE FROM ${storedTable(events, 'deliveries')} ${of}`)
}

/**
 * Stores a batch of scopes that nobody delivered before. Resolves when it is on the disk. A batch that may have been sent
 * before (`isRepeat`) is looked for first: the engine syncs rows but not what it remembers of tokens, so after a power cut
 * the rows may be there and the token not.
 */
export const storeFresh = async (
  events: TenantEvents,
  key: BatchKey,
  batch: { block: string; rows: number; isRepeat: boolean },
): Promise<void> => {
  const there = batch.isRepeat ? await rowsOfBatch(events, key) : 0
  if (there === batch.rows) return
  if (there > 0) await dropBatch(events, key)
  await insertOnce((token) => insertBlockFile(events, 'events', batch.block, token), {
    token: there > 0 ? newSecret() : tokenOf(key, 'events'),
    isRepeat: batch.isRepeat,
    isThere: async () => (await rowsOfBatch(events, key)) > 0,
  })
}

const hasNone = async (events: TenantEvents, from: Sql): Promise<boolean> => {
  const { rows } = await queryRows<{ n: string }>(events, sql`SELECT count() AS n FROM ${from}`, { isOwnWork: true })
  return rows[0]?.n === '0'
}

/**
 * Stores of a batch only the rows that are not there yet, and notes the others as delivered by this import too.
 * The block goes through the staging table; imports of one tenant run one after the other, so it is ours alone.
 */
export const storeNew = async (
  events: TenantEvents,
  key: BatchKey,
  o: { block: string; isRepeat: boolean },
): Promise<{ artifact: string; stored: number }[]> => {
  const isThere = o.isRepeat && (await rowsOfBatch(events, key)) > 0
  if (isThere) await dropBatch(events, key)
  // under its old token the engine would pass over what was just removed
  const token = (step: string): string => (isThere ? newSecret() : tokenOf(key, step))
  const staging = table(events, 'events_staging')
  const stored = table(events, 'events')
  const id = param('UUID', key.import_id)
  const batch = param('UInt32', key.batch)
  await execute(events, sql`TRUNCATE TABLE ${storedTable(events, 'events_staging')}`)
  await insertBlockFile(events, 'events_staging', o.block, newSecret())
  // rows of this same batch are there when a crash repeats it: they are not "before"
  const before = sql`SELECT id FROM ${stored} WHERE id IN (SELECT id FROM ${staging}) AND NOT (import_id = ${id} AND batch = ${batch})`
  const newRows = sql`INSERT INTO ${stored} (${allColumns}) SELECT ${allColumns} FROM ${staging} WHERE id NOT IN (${before}) ORDER BY id, row_number LIMIT 1 BY id`
  await insertOnce((t) => execute(events, newRows, { token: t }), {
    token: token('new'),
    isRepeat: o.isRepeat,
    isThere: () => hasNone(events, sql`${staging} WHERE id NOT IN (SELECT id FROM ${stored} WHERE id IN (SELECT id FROM ${staging}))`),
  })
  const ofOthers = sql`id IN (SELECT id FROM ${stored} WHERE id IN (SELECT id FROM ${staging}) AND import_id != ${id})`
  const delivered = table(events, 'deliveries')
  const newDeliveries = sql`INSERT INTO ${delivered} (id, import_id, batch, file_sha256, file_name_uploaded, member, row_number)
      SELECT id, import_id, batch, file_sha256, file_name_uploaded, member, row_number FROM ${staging}
      WHERE ${ofOthers} ORDER BY id, row_number LIMIT 1 BY id`
  await insertOnce((t) => execute(events, newDeliveries, { token: t }), {
    token: token('deliveries'),
    isRepeat: o.isRepeat,
    isThere: () =>
      hasNone(
        events,
        sql`${staging} WHERE ${ofOthers} AND id NOT IN (SELECT id FROM ${delivered} WHERE import_id = ${id} AND batch = ${batch})`,
      ),
  })
  const kept = await queryRows<{ artifact: string; stored: string }>(
    events,
    sql`SELECT if(artifact_source = '', artifact, concat(artifact, '/', artifact_source)) AS artifact, count() AS stored
      FROM ${stored} WHERE import_id = ${id} AND batch = ${batch} GROUP BY artifact, artifact_source`,
    { isOwnWork: true },
  )
  await execute(events, sql`TRUNCATE TABLE ${storedTable(events, 'events_staging')}`)
  return kept.rows.map((r) => ({ artifact: r.artifact, stored: Number(r.stored) }))
}

/** Rows that stand under an import: its own, and those that a deletion elsewhere put there. */
export const rowsOf = async (events: TenantEvents, importId: string): Promise<number> => {
  const { rows } = await queryRows<{ n: string }>(
    events,
    sql`SELECT count() AS n FROM ${table(events, 'events')} WHERE import_id = ${param('UUID', importId)}`,
    { isOwnWork: true },
  )
  return Number(rows[0]?.n ?? 0)
}

export const hostsByArtifact = async (events: TenantEvents, importId: string): Promise<{ artifact: string; hosts: number }[]> => {
  const { rows } = await queryRows<{ name: string; hosts: string }>(
    events,
    sql`SELECT if(artifact_source = '', artifact, concat(artifact, '/', artifact_source)) AS name, uniqExact(host_key) AS hosts
      FROM ${table(events, 'events')} WHERE import_id = ${param('UUID', importId)} GROUP BY artifact, artifact_source`,
    { isOwnWork: true },
  )
  return rows.map((r) => ({ artifact: r.name, hosts: Number(r.hosts) }))
}

const fromDelivery = new Set(['import_id', 'batch', 'file_sha256', 'file_name_uploaded', 'member', 'row_number'])

// An import is removed in two steps, and the caller writes down between them that the first is done. The rows that another
// import delivered too wait in a table of their own under the id of the removed one, so that neither a crash nor another
// removal in between can lose them.

/** Sets aside the rows of an import that another one delivered too, as that one's: with its file, member and row number. */
export const setAsideShared = async (events: TenantEvents, importId: string): Promise<void> => {
  const id = param('UUID', importId)
  const moving = table(events, 'events_moving')
  await execute(events, sql`DELETE FROM ${storedTable(events, 'events_moving')} WHERE from_import = ${id}`)
  const moved = join(
    names.map((n) => (fromDelivery.has(n) ? sql`d.${ident(n)} AS ${ident(n)}` : sql`e.${ident(n)} AS ${ident(n)}`)),
    ', ',
  )
  await execute(
    events,
    sql`INSERT INTO ${moving} (${allColumns}, from_import) SELECT ${moved}, ${id} AS from_import FROM ${table(events, 'events')} AS e
      INNER JOIN (SELECT * FROM ${table(events, 'deliveries')} WHERE import_id != ${id} ORDER BY id, import_id LIMIT 1 BY id) AS d ON e.id = d.id
      WHERE e.import_id = ${id}`,
    { token: newSecret() },
  )
}

/** Removes the rows of an import for good and puts back those that were set aside. Can be repeated. */
export const removeRows = async (events: TenantEvents, importId: string): Promise<void> => {
  const id = param('UUID', importId)
  const stored = table(events, 'events')
  const moving = table(events, 'events_moving')
  await execute(events, sql`DELETE FROM ${storedTable(events, 'events')} WHERE import_id = ${id}`)
  const mine = sql`SELECT id FROM ${moving} WHERE from_import = ${id}`
  await execute(
    events,
    sql`INSERT INTO ${stored} (${allColumns}) SELECT ${allColumns} FROM ${moving}
      WHERE from_import = ${id} AND id NOT IN (SELECT id FROM ${stored} WHERE id IN (${mine}))`,
    { token: newSecret() },
  )
  await execute(events, sql`DELETE FROM ${storedTable(events, 'deliveries')} WHERE import_id = ${id}`)
  await execute(
    events,
    sql`DELETE FROM ${storedTable(events, 'deliveries')} WHERE (id, import_id) IN (SELECT id, import_id FROM ${moving} WHERE from_import = ${id})`,
  )
  await execute(events, sql`DELETE FROM ${storedTable(events, 'events_moving')} WHERE from_import = ${id}`)
}

/** Removes the rows of an import before they are made anew: nothing is put under another import. Can be repeated. */
export const dropRows = async (events: TenantEvents, importId: string): Promise<void> => {
  const id = param('UUID', importId)
  await execute(events, sql`DELETE FROM ${storedTable(events, 'events')} WHERE import_id = ${id}`)
  await execute(events, sql`DELETE FROM ${storedTable(events, 'deliveries')} WHERE import_id = ${id}`)
}

/** Rows of the tenant, and their bytes on the disk. */
export const eventUse = async (events: TenantEvents): Promise<{ rows: number; bytes: number }> => {
  const { rows } = await queryRows<{ n: string }>(events, sql`SELECT count() AS n FROM ${table(events, 'events')}`)
  return { rows: Number(rows[0]?.n ?? 0), bytes: await tenantBytes(events) }
}
