// The command line as it is built, without a running server and beside one.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withClient } from '../server/db/pool.ts'
import { afterAll, describe, expect, test } from 'vitest'
import { madeRows } from './fault/made-rows.ts'
import { dropDataDir, newDataDir, password, signIn, startServer } from './harness/server.ts'

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const dataDir = newDataDir()
const folder = mkdtempSync(join(tmpdir(), 'vc-cli-'))
afterAll(() => {
  dropDataDir(dataDir)
  rmSync(folder, { recursive: true, force: true })
})

interface Ran {
  code: number
  out: string
  err: string
}

const run = (...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, DATA_DIR: dataDir, DISK_RESERVE: '32MB', NEW_PASSWORD: password }
    execFile(process.execPath, [cli, ...args], { env, maxBuffer: 64e6 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
    )
  })

const file = join(folder, 'Windows.System.Pslist.json')
writeFileSync(file, madeRows('cli', 500))

describe('without a running server', () => {
  test('help names every command, and a wrong use is exit code 2', async () => {
    const help = await run('--help')
    expect(help.code).toBe(0)
    for (const command of ['serve', 'import', 'search', 'user', 'demo', 'reindex', 'audit', 'migrate']) expect(help.out).toContain(command)
    expect((await run('nonsense')).code).toBe(2)
  })

  test('an empty installation says what to do first', async () => {
    const imported = await run('import', file)
    expect(imported.code).toBe(1)
    expect(imported.err).toContain('user create')
  })

  test('a person is made, a file imported and its rows found', async () => {
    expect(await run('user', 'create', 'mara', '--role', 'admin', '--tenant', 'Halden')).toMatchObject({
      code: 0,
      out: expect.stringContaining('platform admin') as string,
    })
    const imported = await run('import', '--json', file)
    expect(imported.code).toBe(0)
    expect(JSON.parse(imported.out)).toMatchObject({ state: 'ready', rows_read: 500, rows_stored: 500 })
    const found = await run('search', 'process_name:cli.exe AND process_pid:>=498', '--json')
    expect(
      found.out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { ecs: { process_pid: number } }).ecs.process_pid)
        .sort(),
    ).toEqual([498, 499])
    expect(found.err).toContain('2 of 2 rows')
    const stacked = await run('search', 'process_name:cli.exe | stack process_name')
    expect(stacked.out).toMatch(/^rows +hosts of \d+ +first seen +last seen +process_name\n *\d+ .* cli\.exe\n$/)
    expect(stacked.err).toContain('1 of 1 groups')
  })

  test('a file with rejected rows ends with exit code 3', async () => {
    const partly = join(folder, 'partly.jsonl')
    writeFileSync(partly, '{"a":1}\n{"a":\n')
    expect((await run('import', partly)).code).toBe(3)
  })

  test('migrations are shown, taken back and applied again', async () => {
    const status = JSON.parse((await run('migrate', 'status', '--json')).out) as { name: string; applied_at: string | null }[]
    expect(status.every((m) => m.applied_at !== null)).toBe(true)
    expect((await run('migrate', 'sideways')).code).toBe(1)
  })

  test('the demo is written without any store', async () => {
    const out = join(folder, 'demo')
    expect((await run('demo', '--hosts', '3', '--scale', '0.1', '--exports', '2', '--out', out)).code).toBe(0)
    expect(readdirSync(out)).toHaveLength(2)
  })
})

describe('beside a running server', () => {
  test('the same commands go through it', async () => {
    const server = await startServer({ dataDir })
    try {
      expect((await run('import', '--json', file)).out).toContain('"rows_duplicate":500')
      expect((await run('search', 'process_pid:7', '--user', 'mara', '--json')).out.trim().split('\n')).toHaveLength(1)
      expect(await run('search', 'process_pid:7', '--user', 'nobody')).toMatchObject({ code: 1 })
      const csv = join(folder, 'rows.csv')
      expect(await run('search', 'process_name:cli.exe', '--columns', 'process_pid', '-o', csv)).toMatchObject({ code: 0, out: '' })
      expect(readFileSync(csv, 'utf8').split('\r\n')).toHaveLength(502)
      expect(await run('search', '(', '--format', 'csv', '-o', csv)).toMatchObject({ code: 1, out: '' })
      expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
      const rebuilt = await run('reindex', '--all', '--json')
      expect(rebuilt.code).toBe(0)
      const client = await signIn(server.url)
      expect((await client.call<{ total: number }>('POST', '/api/search', { query: 'process_name:cli.exe', limit: 1 })).body.total).toBe(
        500,
      )
      expect((await run('migrate', 'up')).err).toContain('Stop it first')
      const audit = await run('audit', 'verify', '--json')
      expect(audit.code).toBe(0)
      const chains = audit.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { tenant: { name: string } | null; state: string })
      expect(chains.map((c) => [c.tenant?.name, c.state])).toEqual([
        ['Halden', 'holds'],
        [undefined, 'empty'],
      ])
      const keptFile = join(dataDir, 'kept.jsonl')
      const kept = (await run('audit', 'checkpoints')).out
      writeFileSync(keptFile, `${kept}a line that is none\n`)
      const compared = await run('audit', 'verify', '--against', keptFile)
      expect(compared).toMatchObject({ code: 0, out: expect.stringContaining('compared with 1 kept checkpoints') as string })
      expect(compared.err).toContain('1 checkpoints, 1 other lines passed over')
      writeFileSync(keptFile, readFileSync(keptFile, 'utf8').replace(/"hash":"[0-9a-f]{4}/, '"hash":"0000'))
      expect((await run('audit', 'verify', '--against', keptFile)).code).toBe(4)
      // as it stands in the log of the server
      writeFileSync(
        keptFile,
        kept.replace(/^\{/, '{"level":"info","time":"2026-03-01T08:00:00.000Z",').replace(/\}\n$/, ',"msg":"audit checkpoint"}\n'),
      )
      expect(await run('audit', 'verify', '--against', keptFile)).toMatchObject({
        code: 0,
        out: expect.stringContaining('compared with 1 kept checkpoints\n') as string,
      })
      const database = { socketDir: join(dataDir, 'postgres', 's'), user: 'postgres', database: 'velocicompanion' }
      await withClient(database, (db) =>
        db.query("set session_replication_role = replica; update audit_rows set actor_name = 'nobody' where seq = 2"),
      )
      expect(await run('audit', 'verify', '--tenant', 'halden')).toMatchObject({
        code: 4,
        out: 'Halden is BROKEN in 1 places\n  row 2: this row was changed after it was written\n',
      })
      expect(await run('migrate', 'status')).toMatchObject({ code: 0, out: expect.stringContaining('0001_identity') as string })
    } finally {
      await server.stop()
    }
  })
})
