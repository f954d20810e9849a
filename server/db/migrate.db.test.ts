import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withControlPlane } from '../../test/harness/control-plane.ts'
import type { Migrator } from './migrate.ts'
import { migrateDown, migrateUp, migrationsDir, migrationStatus, readMigrations } from './migrate.ts'
import { withClient } from './pool.ts'

const plane = withControlPlane({ migrate: false })
const roles = { app: 'velocicompanion_app', auth: 'velocicompanion_auth' }
const asOwner = <T>(work: (client: Client) => Promise<T>): Promise<T> =>
  withClient({ socketDir: join(plane.dataDir, 'postgres', 's'), user: 'velocicompanion_owner', database: 'velocicompanion' }, work)

let folder = ''
let m: Migrator
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vc-migrations-'))
  cpSync(migrationsDir(), folder, { recursive: true })
  m = { folder, roles }
})
afterEach(async () => {
  // Every test begins without a schema.
  await asOwner((c) => migrateDown(c, m, 1000))
  rmSync(folder, { recursive: true, force: true })
})
const add = (name: string, up: string, down = 'select 1'): void => {
  writeFileSync(join(folder, `${name}.up.sql`), up)
  writeFileSync(join(folder, `${name}.down.sql`), down)
}
const everything = (): Promise<unknown[]> =>
  asOwner(async (c) => {
    const { rows } = await c.query<{ what: string }>(`
      select 'table ' || relname || ' ' || coalesce(relacl::text, '') as what from pg_class
        where relnamespace = 'public'::regnamespace and relname not like 'schema_migrations%'
      union all select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable from information_schema.columns where table_schema = 'public' and table_name <> 'schema_migrations'
      union all select 'policy ' || tablename || ' ' || policyname from pg_policies
      union all select 'function ' || proname from pg_proc where pronamespace = 'public'::regnamespace order by 1`)
    return rows.map((r) => r.what)
  })

test('up makes everything, down takes everything back, and up again makes the same', async () => {
  const names = readMigrations(folder).map((x) => x.name)
  expect(names[0]).toBe('0001_identity')
  expect((await plane.control.migrationStatus()).map((s) => s.applied_at)).toEqual(names.map(() => null))
  expect(await plane.control.migrateUp()).toEqual(names)
  const made = await everything()
  expect(made.length).toBeGreaterThan(60)
  expect(await plane.control.migrateUp()).toEqual([])
  const status = await plane.control.migrationStatus()
  expect(status.map((s) => s.name)).toEqual(names)
  for (const one of status) expect(one.applied_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  expect(await plane.control.migrateDown(1)).toEqual(names.slice(-1))
  expect(await plane.control.migrateUp()).toEqual(names.slice(-1))
  expect(await everything()).toEqual(made)
  expect(await plane.control.migrateDown(100)).toEqual([...names].reverse())
  expect(await everything()).toEqual([])
  expect(await plane.control.migrateUp()).toEqual(names)
  expect(await everything()).toEqual(made)
})

test('a migration that fails changes nothing and keeps those before it', async () => {
  add('9001_first', 'create table first_one (n int)', 'drop table first_one')
  add('9002_second', 'create table second_one (n int); select 1/0')
  await expect(asOwner((c) => migrateUp(c, m))).rejects.toThrow(/division by zero/)
  const made = JSON.stringify(await everything())
  expect(made).toContain('first_one')
  expect(made).not.toContain('second_one')
  add('9002_second', 'create table second_one (n int)', 'drop table second_one')
  expect(await asOwner((c) => migrateUp(c, m))).toEqual(['9002_second'])
})

test('a schema that is newer than the program is refused by name, up and down', async () => {
  add('9001_from_the_future', 'create table future (n int)', 'drop table future')
  await asOwner((c) => migrateUp(c, m))
  for (const work of [() => plane.control.migrateUp(), () => plane.control.migrateDown(1)])
    await expect(work()).rejects.toThrow(
      /made by a newer VelociCompanion: it has 9001_from_the_future, and this version knows up to \d+_\w+\./,
    )
  expect((await plane.control.migrationStatus()).at(-1)?.name).toBe('9001_from_the_future')
})

test('a file that was changed after it was applied is refused', async () => {
  await asOwner((c) => migrateUp(c, m))
  const file = join(folder, '0002_hosts.up.sql')
  const original = readFileSync(file, 'utf8')
  writeFileSync(file, `${original}\n-- changed`)
  await expect(asOwner((c) => migrateUp(c, m))).rejects.toThrow('These migrations were changed after they were applied: 0002_hosts.')
  writeFileSync(file, original)
})

test('of several processes that migrate at once one does the work and the others wait for it', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => asOwner((c) => migrateUp(c, m))))
  expect(all.map((names) => names.length).sort((x, y) => x - y)).toEqual([0, 0, 0, readMigrations(folder).length])
})

test('a session that is killed at any moment of a migration leaves the schema before or after a file', async () => {
  const count = readMigrations(folder).length
  for (let delayMs = 0; delayMs < 60; delayMs += 3) {
    await asOwner(async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      const work = migrateUp(client, m).catch(() => null)
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      await asOwner((killer) => killer.query('select pg_terminate_backend($1)', [rows[0]?.pid]))
      await work
    })
    const applied = (await asOwner((c) => migrationStatus(c, m))).filter((s) => s.applied_at !== null).length
    const rest = await asOwner((c) => migrateUp(c, m))
    expect(applied + rest.length).toBe(count)
    await asOwner((c) => migrateDown(c, m, 1000))
  }
})
