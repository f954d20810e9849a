import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog } from '../../platform/log.ts'
import { inAuth } from '../auth.ts'
import type { ControlPlane } from '../open.ts'
import { openControlPlane } from '../open.ts'
import { makeLibraryLinks } from './binaries.ts'
import { isAlive } from './stale.ts'

const log = createLog('silent')
const secret = 'for tests only, thirty-two characters'
let dataDir = ''
const opened: ControlPlane[] = []
const children: ChildProcess[] = []
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vc-embedded-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await Promise.all(opened.splice(0).map((c) => c.close()))
  await expect.poll(() => postmasterPid(), { timeout: 15_000 }).toBeNull()
  rmSync(dataDir, { recursive: true, force: true })
})

const open = async (): Promise<ControlPlane> => {
  const control = await openControlPlane({ dataDir, secret, log })
  opened.push(control)
  return control
}
const lockFile = (): string => join(dataDir, 'postgres', 'data', 'postmaster.pid')
const postmasterPid = (): number | null => {
  const pid = existsSync(lockFile()) ? Number(readFileSync(lockFile(), 'utf8').split('\n')[0]) : 0
  return pid > 1 && isAlive(pid) ? pid : null
}
const addTenant = (control: ControlPlane, name: string): Promise<unknown> =>
  inAuth(control.auth, (q) => sql`insert into tenants (id, name) values (gen_random_uuid(), ${name})`.execute(q))
const tenantNames = (control: ControlPlane): Promise<string[]> =>
  inAuth(control.auth, async (q) => (await q.selectFrom('tenants').select('name').orderBy('name').execute()).map((r) => r.name))

/** A product in a process of its own that opens the folder, stores tenants one after the other and says each that is acknowledged. */
const startProduct = async (): Promise<{ child: ChildProcess; acknowledged: () => string[] }> => {
  const url = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)
  const program = `
    const { openControlPlane } = await import(${url('../open.ts')})
    const { inAuth } = await import(${url('../auth.ts')})
    const { createLog } = await import(${url('../../platform/log.ts')})
    const { newId } = await import(${url('../../platform/ids.ts')})
    const control = await openControlPlane({ dataDir: process.argv[1], secret: ${JSON.stringify(secret)}, log: createLog('silent') })
    await control.migrateUp()
    for (;;) {
      const id = newId()
      await inAuth(control.auth, (q) => q.insertInto('tenants').values({ id, name: id, description: null, quota_bytes: null }).execute())
      process.stdout.write(id + '\\n')
    }`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  let out = ''
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    out += piece
  })
  // The last line may be cut by the kill: only whole lines count.
  const acknowledged = (): string[] => out.split('\n').slice(0, -1)
  await expect.poll(() => acknowledged().length, { timeout: 30_000 }).toBeGreaterThan(20)
  return { child, acknowledged }
}

test('the data outlives close and open, and the server ends with close', async () => {
  const first = await open()
  await first.migrateUp()
  await addTenant(first, 'kept')
  const pid = first.pid()
  expect(postmasterPid()).toBe(pid)
  await first.close()
  expect(postmasterPid()).toBeNull()
  const second = await open()
  expect(await tenantNames(second)).toEqual(['kept'])
  expect(second.pid()).not.toBe(pid)
})

test('the files are private, the server listens on no network, and no secret of ours is in its environment', async () => {
  const control = await open()
  for (const folder of ['postgres', 'postgres/data', 'postgres/s']) expect(statSync(join(dataDir, folder)).mode & 0o777).toBe(0o700)
  expect(statSync(join(dataDir, 'postgres', 'server.log')).mode & 0o777).toBe(0o600)
  const settings = await inAuth(control.auth, async (q) => {
    const { rows } = await sql<{ a: string; f: string; s: string; d: string }>`
      select current_setting('listen_addresses') as a, current_setting('fsync') as f, current_setting('synchronous_commit') as s,
        current_setting('data_checksums') as d`.execute(q)
    return rows[0]
  })
  expect(settings).toEqual({ a: '', f: 'on', s: 'on', d: 'on' })
  if (process.platform !== 'linux') return
  const passed = readFileSync(`/proc/${control.pid()}/environ`, 'utf8').split('\0')
  expect(
    passed
      .map((e) => e.split('=')[0])
      .filter((n) => n !== '')
      .sort(),
  ).toEqual(['LC_ALL', 'PATH', 'TZ'])
})

test('after kill -9 of the product its server stops by itself, and nothing acknowledged is lost', async () => {
  const { child, acknowledged } = await startProduct()
  const pid = postmasterPid()
  expect(pid).not.toBeNull()
  child.kill('SIGKILL')
  await once(child, 'exit')
  await expect.poll(postmasterPid, { timeout: 15_000 }).toBeNull()
  const control = await open()
  expect(await tenantNames(control)).toEqual(expect.arrayContaining(acknowledged()))
})

test('a start right after kill -9 stops what is left and has every acknowledged row, five times', async () => {
  const all: string[] = []
  for (let round = 0; round < 5; round++) {
    const { child, acknowledged } = await startProduct()
    child.kill('SIGKILL')
    await once(child, 'exit')
    all.push(...acknowledged())
  }
  const control = await open()
  expect(await tenantNames(control)).toEqual(expect.arrayContaining(all))
})

test('a server that is killed comes back by itself, and listening with it', async () => {
  const control = await open()
  await control.migrateUp()
  await addTenant(control, 'kept')
  const got: string[] = []
  await control.listen('test_channel', (payload) => got.push(payload))
  const pid = control.pid() ?? 0
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => isAlive(pid)).toBe(false)
  const refused = await control.ping().catch((error: unknown) => error)
  if (refused !== undefined) expect(refused).toMatchObject({ code: 'unavailable', details: { retry_after_s: 2 } })
  await expect
    .poll(
      () =>
        control.ping().then(
          () => true,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true)
  expect(await tenantNames(control)).toEqual(['kept'])
  expect(control.pid()).not.toBe(pid)
  await expect
    .poll(
      async () => {
        await inAuth(control.auth, (q) => sql`select pg_notify('test_channel', 'back')`.execute(q))
        return got.length
      },
      { timeout: 20_000 },
    )
    .toBeGreaterThan(0)
})

test('a lock file whose process id belongs to a stranger does not keep the server from starting', async () => {
  const first = await open()
  await first.close()
  const socketDir = join(dataDir, 'postgres', 's')
  const left = [process.ppid, join(dataDir, 'postgres', 'data'), Date.now(), 5432, socketDir, '', '', 'ready', ''].join('\n')
  writeFileSync(lockFile(), left)
  writeFileSync(join(socketDir, '.s.PGSQL.5432.lock'), left)
  const second = await open()
  await second.ping()
  expect(isAlive(process.ppid)).toBe(true)
})

test('an initialisation that was cut off is done again', async () => {
  mkdirSync(join(dataDir, 'postgres', 'data.new', 'half'), { recursive: true })
  const control = await open()
  await control.ping()
  expect(readdirSync(join(dataDir, 'postgres'))).not.toContain('data.new')
})

test('a data folder too deep for a socket gets a private short one, which goes away with the server', async () => {
  const short = dataDir
  const folders = (): string[] => readdirSync(tmpdir()).filter((f) => f.startsWith('vc-pg-'))
  const before = folders()
  dataDir = join(short, 'a'.repeat(60), 'b'.repeat(60))
  try {
    const control = await open()
    await control.ping()
    const [socket] = folders().filter((f) => !before.includes(f))
    expect(statSync(join(tmpdir(), socket ?? '')).mode & 0o777).toBe(0o700)
    await control.close()
    expect(folders()).toEqual(before)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
    dataDir = short
  }
})

test('data of another PostgreSQL version is refused by a sentence', async () => {
  const first = await open()
  await first.close()
  const file = join(dataDir, 'postgres', 'data', 'PG_VERSION')
  writeFileSync(file, '17\n')
  await expect(openControlPlane({ dataDir, secret, log })).rejects.toThrow(
    /was made by PostgreSQL 17; this version of VelociCompanion brings PostgreSQL 18/,
  )
})

test('library links that npm left out are made, and made once', () => {
  const lib = join(dataDir, 'native', 'lib')
  mkdirSync(lib, { recursive: true })
  writeFileSync(join(lib, 'libx.so.1.2'), 'x')
  writeFileSync(
    join(dataDir, 'native', 'pg-symlinks.json'),
    JSON.stringify([{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so' }]),
  )
  makeLibraryLinks(dataDir)
  makeLibraryLinks(dataDir)
  expect(readFileSync(join(lib, 'libx.so'), 'utf8')).toBe('x')
})
