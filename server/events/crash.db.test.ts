import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withEventStore } from '../../test/harness/event-store.ts'
import { rowBinary } from '../../test/harness/row-binary.ts'
import { isAppError } from '../platform/errors.ts'
import { param, raw, sql } from '../platform/sql.ts'
import type { Address } from './embedded/supervisor.ts'
import { Supervisor } from './embedded/supervisor.ts'
import { insertBlock, insertOnce, queryRows, table } from './query.ts'

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
const until = async (isSo: () => boolean | Promise<boolean>, ms: number): Promise<boolean> => {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) if (await isSo()) return true
  return false
}

describe('kill -9 of the engine', () => {
  const harness = withEventStore()
  const killChild = (): number => {
    const pid = harness.store.childPid()
    if (pid !== null) process.kill(pid, 'SIGKILL')
    return pid ?? 0
  }
  const isBack = (): Promise<boolean> =>
    harness.store.ping().then(
      () => true,
      () => false,
    )

  it('in the middle of inserts loses and doubles nothing when each is repeated and looked for', async () => {
    const { events } = await harness.createTenant()
    const rowsInBlock = 500
    const blocks = Array.from({ length: 30 }, (_, b) =>
      rowBinary(Array.from({ length: rowsInBlock }, (_row, i) => ({ row_number: b * rowsInBlock + i, raw: 'x'.repeat(200) }))),
    )
    let repeated = 0
    const isThere = async (n: number): Promise<boolean> => {
      const first = param('UInt64', n * rowsInBlock)
      const { rows } = await queryRows(events, sql`SELECT 1 AS one FROM ${table(events, 'events')} WHERE row_number = ${first}`)
      return rows.length > 0
    }
    const insert = async (block: Buffer, n: number): Promise<void> => {
      for (let isRepeat = false; ; isRepeat = true) {
        try {
          const o = { token: `block ${n}`, isRepeat, isThere: () => isThere(n) }
          return await insertOnce((token) => insertBlock(events, 'events', block, token), o)
        } catch (error) {
          if (!isAppError(error) || error.code !== 'unavailable') throw error
          repeated++
          await sleep(50)
        }
      }
    }
    const done = new AbortController()
    const killer = (async () => {
      for (let kills = 0; kills < 4 && !done.signal.aborted; kills++) {
        await sleep(120)
        killChild()
        await until(isBack, 10_000)
      }
    })()
    for (const [n, block] of blocks.entries()) await insert(block, n)
    done.abort()
    await killer
    await until(isBack, 10_000)
    const { rows } = await queryRows(events, sql`SELECT count() AS n, uniqExact(row_number) AS u FROM ${table(events, 'events')}`)
    expect(rows).toEqual([{ n: String(30 * rowsInBlock), u: String(30 * rowsInBlock) }])
    expect(repeated).toBeGreaterThan(0)
    const { rows: again } = await queryRows(events, sql`SELECT 1 AS one`)
    expect(again).toEqual([{ one: 1 }])
  })

  it('ends a running query as unavailable, is answered at once while it is down, and is over in 3 seconds', async () => {
    const { events } = await harness.createTenant()
    await until(isBack, 10_000)
    const running = queryRows(events, raw('SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1')).catch(
      (e: unknown) => e,
    )
    await sleep(300)
    const pid = killChild()
    const killedAt = Date.now()
    expect(await running).toMatchObject({ code: 'unavailable' })
    const fast = await queryRows(events, sql`SELECT 1`).catch((e: unknown) => e)
    expect(fast).toMatchObject({ code: 'unavailable', details: { retry_after_s: 2 } })
    expect(Date.now() - killedAt).toBeLessThan(1000)
    expect(await until(isBack, 10_000)).toBe(true)
    expect(Date.now() - killedAt).toBeLessThan(3000)
    expect(harness.store.childPid()).not.toBe(pid)
  })

  it('leaves no rows in the spool', async () => {
    const spool = join(harness.dataDir, 'events', 'spool')
    expect(readdirSync(spool)).toEqual([])
    for (const folder of ['', 'engine', 'spool']) expect(statSync(join(harness.dataDir, 'events', folder)).mode & 0o777).toBe(0o700)
  })
})

describe('the front', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'vc-front-')), 'events')
  let address: Address | null = null
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, child: () => log }
  const supervisor = new Supervisor({ folder, memoryBytes: 1_000_000_000, log, onChange: (a) => (address = a) })
  const ask = (o: {
    path?: string
    token?: string | null
    body?: string | Uint8Array
    headers?: Record<string, string>
  }): Promise<Response> => {
    const token = o.token === undefined ? (address?.token ?? '') : o.token
    const headers = { ...(token === null ? {} : { 'x-clickhouse-key': token }), ...o.headers }
    return fetch(`${address?.url}${o.path ?? '/'}`, { method: 'POST', headers, ...(o.body === undefined ? {} : { body: o.body }) })
  }
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    // what a product that was killed may leave: rows half sent, and a process that holds the folder
    mkdirSync(join(folder, 'spool'))
    writeFileSync(join(folder, 'spool', 'left.rows'), 'x')
    const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', folder], { stdio: 'ignore' })
    writeFileSync(join(folder, 'engine.pid'), String(orphan.pid))
    await supervisor.start()
    expect(await until(() => orphan.signalCode === 'SIGKILL', 2000)).toBe(true)
  })
  afterAll(async () => {
    await supervisor.close()
    rmSync(join(folder, '..'), { recursive: true, force: true })
  })

  it('refuses a missing, a forged and an old token before it reads anything', async () => {
    for (const token of [null, '', 'forged', `${address?.token}x`]) {
      const reply = await ask({ token, body: 'SELECT 1' })
      expect(reply.status).toBe(401)
      expect(await reply.text()).not.toContain('1\n')
    }
    expect((await ask({ token: 'forged', path: '/ping' })).status).toBe(401)
    expect(await (await ask({ body: 'SELECT 1' })).text()).toBe('1\n')
  })

  it('removed what an earlier run left in the spool', () => {
    expect(existsSync(join(folder, 'spool', 'left.rows'))).toBe(false)
  })

  it('takes and gives gzip as the client asks', async () => {
    const reply = await ask({
      path: '/?enable_http_compression=1',
      body: gzipSync('SELECT number FROM numbers(3)'),
      headers: { 'content-encoding': 'gzip', 'accept-encoding': 'gzip' },
    })
    expect(reply.headers.get('content-encoding')).toBe('gzip')
    expect(await reply.text()).toBe('0\n1\n2\n')
  })

  it('refuses settings that it does not know and parameters without a value', async () => {
    expect((await ask({ path: '/?max_server_memory_usage=0', body: 'SELECT 1' })).status).toBe(403)
    expect((await ask({ path: '/?session_id=x', body: 'SELECT 1' })).status).toBe(403)
    expect((await ask({ body: 'SELECT {p0:String}' })).status).toBe(403)
    expect((await ask({ path: '/?param_p0=events', body: 'SELECT * FROM {p0:Identifier}' })).status).toBe(403)
  })

  it('lets no caller raise its memory limit', async () => {
    const reply = await ask({ path: '/?max_memory_usage=999999999999', body: "SELECT getSetting('max_memory_usage')" })
    expect(await reply.text()).toBe('600000000\n')
  })
})

describe('the engine', () => {
  it('ends by itself when its parent is killed', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'vc-orphan-'))
    const script = `
      const { openEventStore } = await import(${JSON.stringify(resolve('server/events/open.ts'))})
      const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log }
      const store = await openEventStore({ dataDir: ${JSON.stringify(dataDir)}, memoryBytes: 1e9, queryTimeoutMs: 1000, log })
      console.log(store.childPid())
      setInterval(() => undefined, 1000)`
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string]
    const pid = Number(line)
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    expect(await until(() => !isAlive(pid), 5000)).toBe(true)
    rmSync(dataDir, { recursive: true, force: true })
  })
})
