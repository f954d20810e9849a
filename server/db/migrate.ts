// Plain SQL files, each in its own transaction, under one lock for the whole run: a crash leaves the schema before
// or after a file, never within one, and two processes that start together do not meet.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from 'pg'
import { CannotStart } from '../platform/errors.ts'

export interface RoleNames {
  app: string
  auth: string
}

interface Migration {
  name: string
  up: string
  down: string
  checksum: string
}

/** The schema and this program do not fit together; the message is for whoever started it. */
class SchemaError extends CannotStart {}

const here = dirname(fileURLToPath(import.meta.url))

/** Beside this file in the sources, beside the bundle in a built tree. */
export const migrationsDir = (): string => {
  const folder = [join(here, 'migrations'), join(here, '..', 'migrations')].find((f) => existsSync(join(f, '0001_identity.up.sql')))
  if (folder === undefined) throw new Error(`the migrations of the control plane are missing beside ${here}; build again`)
  return folder
}

export const readMigrations = (folder: string): Migration[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.up.sql'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.up.sql'.length)
      const up = readFileSync(join(folder, file), 'utf8')
      return {
        name,
        up,
        down: readFileSync(join(folder, `${name}.down.sql`), 'utf8'),
        checksum: createHash('sha256').update(up).digest('hex'),
      }
    })

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const filled = (text: string, roles: RoleNames): string =>
  text.replaceAll('{{app}}', quoted(roles.app)).replaceAll('{{auth}}', quoted(roles.auth))

// Any number will do, as long as every version uses the same.
const lockKey = 7_205_113_911

const underLock = async <T>(client: Client, work: () => Promise<T>): Promise<T> => {
  await client.query('select pg_advisory_lock($1)', [lockKey])
  try {
    return await work()
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockKey]).catch(() => undefined)
  }
}

interface Applied {
  name: string
  checksum: string
  applied_at: Date
}

const readApplied = async (client: Client): Promise<Applied[]> => {
  await client.query(
    'create table if not exists schema_migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
  )
  return (await client.query<Applied>('select name, checksum, applied_at from schema_migrations order by name')).rows
}

/** @throws SchemaError when the database was made by a newer version, or a file was changed after it was applied. */
const checked = (known: readonly Migration[], applied: readonly Applied[]): void => {
  const byName = new Map(known.map((m) => [m.name, m]))
  const newer = applied.filter((a) => !byName.has(a.name)).map((a) => a.name)
  if (newer.length > 0)
    throw new SchemaError(
      `The control database was made by a newer VelociCompanion: it has ${newer.join(', ')}, and this version knows up to ` +
        `${known.at(-1)?.name ?? 'nothing'}. Start the newer version, or restore a backup made before it.`,
    )
  const changed = applied.filter((a) => byName.get(a.name)?.checksum !== a.checksum).map((a) => a.name)
  if (changed.length > 0) throw new SchemaError(`These migrations were changed after they were applied: ${changed.join(', ')}.`)
}

const inTransaction = async (client: Client, work: () => Promise<void>): Promise<void> => {
  await client.query('begin')
  try {
    // Rows of tenants are hidden from the owner too; a migration that forgot so would change nothing, silently.
    await client.query('set local row_security = off')
    await work()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

export interface Migrator {
  folder: string
  roles: RoleNames
}

/** Applies what is missing, in order, and names it. */
export const migrateUp = (client: Client, m: Migrator): Promise<string[]> =>
  underLock(client, async () => {
    const known = readMigrations(m.folder)
    const applied = await readApplied(client)
    checked(known, applied)
    const missing = known.filter((k) => !applied.some((a) => a.name === k.name))
    for (const migration of missing)
      await inTransaction(client, async () => {
        await client.query(filled(migration.up, m.roles))
        await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [migration.name, migration.checksum])
      })
    return missing.map((x) => x.name)
  })

/** Takes back the newest `steps` migrations, and with them the data that they hold. */
export const migrateDown = (client: Client, m: Migrator, steps: number): Promise<string[]> =>
  underLock(client, async () => {
    const known = readMigrations(m.folder)
    const applied = await readApplied(client)
    checked(known, applied)
    const undone = known
      .filter((k) => applied.some((a) => a.name === k.name))
      .reverse()
      .slice(0, steps)
    for (const migration of undone)
      await inTransaction(client, async () => {
        await client.query(filled(migration.down, m.roles))
        await client.query('delete from schema_migrations where name = $1', [migration.name])
      })
    return undone.map((x) => x.name)
  })

export const migrationStatus = (client: Client, m: Migrator): Promise<{ name: string; applied_at: string | null }[]> =>
  underLock(client, async () => {
    const applied = new Map((await readApplied(client)).map((a) => [a.name, a.applied_at.toISOString()]))
    const names = new Set([...readMigrations(m.folder).map((k) => k.name), ...applied.keys()])
    return [...names].sort().map((name) => ({ name, applied_at: applied.get(name) ?? null }))
  })
