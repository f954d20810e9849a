// The same product on a server of its own: PostgreSQL on TCP with passwords, an owner that is no superuser.
import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { newId } from '../platform/ids.ts'
import { createLog } from '../platform/log.ts'
import { inAuth } from './auth.ts'
import { findBinaries } from './embedded/binaries.ts'
import { notAsRoot } from './embedded/not-as-root.ts'
import type { ControlPlane } from './open.ts'
import { openControlPlane } from './open.ts'
import { withClient } from './pool.ts'
import { inTenant, tenantIdOf } from './tenant.ts'

const log = createLog('silent')
const secret = 'for tests only, thirty-two characters'
let folder = ''
let port = 0
let server: ChildProcess
const opened: ControlPlane[] = []

const url = (user: string, password: string, database: string): string => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
const asRoot = (statement: string, database = 'postgres'): Promise<unknown> =>
  withClient({ url: url('postgres', 'rootpw', database) }, (client) => client.query(statement))

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vc-external-'))
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  port = (free.address() as AddressInfo).port
  free.close()
  writeFileSync(join(folder, 'pw'), 'rootpw\n', { mode: 0o600 })
  const { initdb, postgres } = findBinaries()
  const data = join(folder, 'data')
  const [init, initArgs] = notAsRoot()(initdb, [
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=scram-sha-256',
    `--pwfile=${join(folder, 'pw')}`,
    '--no-sync',
  ])
  expect(spawnSync(init, initArgs, { stdio: 'ignore' }).status).toBe(0)
  const [program, args] = notAsRoot()(postgres, [
    '-D',
    data,
    '-k',
    '',
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'fsync=off',
  ])
  server = spawn(program, [...args, '-c', 'log_statement=all'], { stdio: ['ignore', 'ignore', 'pipe'] })
  server.stderr?.on('data', (piece: Buffer) => writeFileSync(join(folder, 'log'), piece, { flag: 'a' }))
  for (const end = Date.now() + 30_000; ; await sleep(100)) {
    const answer = await asRoot('select 1').catch((error: Error) => error)
    if (!(answer instanceof Error)) break
    if (Date.now() > end) throw answer
  }
  await asRoot("create role boss login createrole password 'bosspw'")
  await asRoot("create role plain login password 'plainpw'")
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((c) => c.close()))
})
afterAll(async () => {
  server.kill('SIGINT')
  await once(server, 'exit')
  rmSync(folder, { recursive: true, force: true })
})

const freshDatabase = async (owner: string): Promise<string> => {
  const name = `db_${newId().replaceAll('-', '').slice(0, 12)}`
  await asRoot(`create database ${name} owner ${owner}`)
  return name
}
const open = async (o: Partial<Parameters<typeof openControlPlane>[0]>): Promise<ControlPlane> => {
  const control = await openControlPlane({ secret, dataDir: folder, log, ...o })
  opened.push(control)
  return control
}

test('an owner that may create roles makes the two login roles, whose passwords stand in no log', async () => {
  const name = await freshDatabase('boss')
  const control = await open({ databaseUrl: url('boss', 'bosspw', name) })
  expect(control.kind).toBe('external')
  expect(control.pid()).toBeNull()
  await control.migrateUp()
  await control.ping()
  const id = newId()
  await inAuth(control.auth, (q) => q.insertInto('tenants').values({ id, name: 'one', description: null, quota_bytes: null }).execute())
  const db = control.forTenant(id)
  expect(await inTenant(db, (q) => q.selectFrom('tenants').select('id').execute())).toEqual([{ id: tenantIdOf(db) }])
  expect(await inTenant(control.forTenant(newId()), (q) => q.selectFrom('tenants').select('id').execute())).toEqual([])
  expect(await control.bytes()).toBeGreaterThan(1_000_000)
  const written = readFileSync(join(folder, 'log'), 'utf8')
  expect(written).toContain(`create role "${name}_app" login`)
  expect(written).toMatch(/alter role "\w+_app" password 'SCRAM-SHA-256\$4096:/)
  // A second process of the same installation derives the same passwords.
  const second = await open({ databaseUrl: url('boss', 'bosspw', name) })
  await second.ping()
  await control.ping()
})

test('an owner that may not create roles is told what to do', async () => {
  const name = await freshDatabase('plain')
  await expect(open({ databaseUrl: url('plain', 'plainpw', name) })).rejects.toThrow(
    /grant it CREATEROLE, or make two login roles and give DATABASE_APP_URL/,
  )
})

test('given login roles are used as they are, and refused when they would not keep tenants apart', async () => {
  const name = await freshDatabase('plain')
  await asRoot("create role given_app login password 'a'; create role given_auth login password 'b'")
  const given = { databaseUrl: url('plain', 'plainpw', name), appUrl: url('given_app', 'a', name), authUrl: url('given_auth', 'b', name) }
  const control = await open(given)
  await control.migrateUp()
  await control.ping()
  await asRoot('alter role given_app bypassrls')
  await expect(control.migrateUp()).rejects.toThrow('given_app has BYPASSRLS')
  await asRoot('alter role given_app nobypassrls; grant plain to given_app')
  await expect(control.migrateUp()).rejects.toThrow('given_app is the owner or a member of it')
  await asRoot('revoke plain from given_app')
  const same = await open({ ...given, authUrl: given.appUrl })
  await expect(same.migrateUp()).rejects.toThrow('the app and the auth role are the same')
})

test('a server that stops answers as unavailable, and is used again when it is back', async () => {
  const name = await freshDatabase('boss')
  const control = await open({ databaseUrl: url('boss', 'bosspw', name) })
  await control.migrateUp()
  await asRoot(`alter database ${name} allow_connections false`)
  await asRoot(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
  await expect(control.ping()).rejects.toThrow()
  await asRoot(`alter database ${name} allow_connections true`)
  await expect
    .poll(
      () =>
        control.ping().then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true)
})
