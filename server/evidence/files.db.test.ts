import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newId } from '../platform/ids.ts'
import { createLog } from '../platform/log.ts'
import type { DiskCalls } from './disk-calls.ts'
import { diskCalls } from './disk-calls.ts'
import { adoptEvidence, evidenceBytes, evidencePath, openEvidenceFile, removeEvidence, scratchDir, writeEvidence } from './files.ts'
import type { Evidence } from './open.ts'
import { openEvidence } from './open.ts'

const log = createLog('silent')
const free = { maxBytes: 1e9, quotaLeftBytes: null }
let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vc-evidence-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const openStore = (calls?: Partial<DiskCalls>, reserveBytes = 0): Promise<Evidence> =>
  openEvidence({ dataDir, reserveBytes, log, calls: { ...diskCalls, ...calls } })
async function* pieces(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
}
const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((f) => statSync(join(folder, f)).isFile())
    .sort()

test('a file lies whole under its hash, private, and is read back as it came', async () => {
  const tenant = newId()
  const store = await openStore()
  const evidence = store.forTenant(tenant)
  const stored = await writeEvidence(evidence, pieces('hello ', 'world'), free)
  expect(stored).toEqual({ sha256: sha256('hello world'), size_bytes: 11, existed: false })
  const path = evidencePath(evidence, stored.sha256)
  expect(path).toBe(join(dataDir, 'evidence', tenant, stored.sha256.slice(0, 2), stored.sha256))
  expect(statSync(path).mode & 0o777).toBe(0o600)
  for (const folder of [join(dataDir, 'evidence'), join(dataDir, 'evidence', tenant), join(path, '..')])
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(await text(openEvidenceFile(evidence, stored.sha256))).toBe('hello world')
  expect(filesUnder(join(dataDir, 'evidence'))).toHaveLength(1)
})

test('the same bytes are stored once for a tenant, and again for another', async () => {
  const store = await openStore()
  const [a, b] = [store.forTenant(newId()), store.forTenant(newId())]
  const all = await Promise.all(Array.from({ length: 20 }, () => writeEvidence(a, pieces('same'), free)))
  expect(new Set(all.map((s) => s.sha256)).size).toBe(1)
  expect((await writeEvidence(a, pieces('same'), free)).existed).toBe(true)
  expect((await writeEvidence(b, pieces('same'), free)).existed).toBe(false)
  expect(filesUnder(join(dataDir, 'evidence'))).toHaveLength(2)
  expect(await evidenceBytes(a)).toEqual({ bytes: 4, files: 1 })
})

test('an empty file is a file', async () => {
  const evidence = (await openStore()).forTenant(newId())
  expect(await writeEvidence(evidence, pieces(), free)).toEqual({ sha256: sha256(''), size_bytes: 0, existed: false })
})

test('bytes are synced before the name is given, and the name before the answer', async () => {
  const order: string[] = []
  const traced: Partial<DiskCalls> = {
    write: (file, chunk) => (order.push('write'), diskCalls.write(file, chunk)),
    sync: (file) => (order.push('sync'), diskCalls.sync(file)),
    rename: (from, to) => (order.push('rename'), diskCalls.rename(from, to)),
    syncDir: (folder) => (order.push('sync folder'), diskCalls.syncDir(folder)),
  }
  const evidence = (await openStore(traced)).forTenant(newId())
  order.length = 0
  await writeEvidence(evidence, pieces('a', 'b'), free)
  expect(order).toEqual(['write', 'write', 'sync', 'sync folder', 'sync folder', 'rename', 'sync folder'])
  order.length = 0
  await writeEvidence(evidence, pieces('a', 'b'), free)
  expect(order).toEqual(['write', 'write', 'sync', 'sync folder'])
})

test('whichever call to the disk fails, the answer is a failure, nothing half written stays and nothing stored before is lost', async () => {
  const names = ['create', 'write', 'sync', 'rename', 'syncDir'] as const
  for (const name of names)
    for (let n = 1; ; n++) {
      let calls = 0
      let isArmed = false
      const failing = {
        ...diskCalls,
        [name]: (...args: never[]) => {
          if (isArmed && ++calls === n) return Promise.reject(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }))
          return (diskCalls[name] as (...a: never[]) => Promise<unknown>)(...args)
        },
      } as DiskCalls
      const store = await openStore(failing)
      const evidence = store.forTenant(newId())
      const before = await writeEvidence(evidence, pieces('before'), free)
      isArmed = true
      const answer = await writeEvidence(evidence, pieces('x', 'y'), free).catch((error: Error) => error)
      isArmed = false
      expect(readFileSync(evidencePath(evidence, before.sha256), 'utf8')).toBe('before')
      expect(readdirSync(join(dataDir, 'evidence', '.incoming'))).toEqual([])
      if (calls < n) {
        expect(answer).toMatchObject({ existed: false })
        expect(n).toBeGreaterThan(1)
        break
      }
      expect(answer, `${name} ${n}`).toBeInstanceOf(Error)
      const path = evidencePath(evidence, sha256('xy'))
      if (existsSync(path)) expect(readFileSync(path, 'utf8')).toBe('xy')
    }
})

test('after a failed fsync nothing more is taken until a restart, and what is there can be read', async () => {
  let fails = false
  let syncs = 0
  const store = await openStore({
    sync: (file) => {
      syncs++
      return fails ? Promise.reject(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })) : diskCalls.sync(file)
    },
  })
  const evidence = store.forTenant(newId())
  const kept = await writeEvidence(evidence, pieces('kept'), free)
  fails = true
  await expect(writeEvidence(evidence, pieces('lost'), free)).rejects.toMatchObject({ code: 'unavailable' })
  fails = false
  const soFar = syncs
  await expect(writeEvidence(evidence, pieces('more'), free)).rejects.toMatchObject({ code: 'unavailable' })
  expect(syncs).toBe(soFar)
  expect(store.isHealthy()).toBe(false)
  expect(await text(openEvidenceFile(evidence, kept.sha256))).toBe('kept')
  const again = (await openStore()).forTenant(newId())
  await expect(writeEvidence(again, pieces('more'), free)).resolves.toMatchObject({ existed: false })
})

test('a full disk is told before the first byte is written, while bytes arrive, and by the write itself', async () => {
  let left = 1000
  let created = 0
  let written = 0
  const store = await openStore(
    {
      freeBytes: () => Promise.resolve({ total: 10_000, free: left }),
      create: (path) => (created++, diskCalls.create(path)),
      write: (file, chunk) => {
        written += chunk.length
        if (written > 40e6) return Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }))
        return diskCalls.write(file, chunk)
      },
    },
    600,
  )
  const evidence = store.forTenant(newId())
  expect(await store.disk()).toEqual({ total_bytes: 10_000, free_bytes: 1000, reserve_bytes: 600, is_full: false })
  await expect(writeEvidence(evidence, pieces('x'), { ...free, expectedBytes: 401 })).rejects.toMatchObject({ code: 'full' })
  left = 599
  expect((await store.disk()).is_full).toBe(true)
  await expect(writeEvidence(evidence, pieces('x'), free)).rejects.toMatchObject({
    code: 'full',
    message: expect.stringContaining('599 B is left') as string,
  })
  expect(created).toBe(0)
  left = 1000
  const block = Buffer.alloc(1e6)
  async function* filling(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < 30; n++) {
      if (n === 10) left = 100
      yield await Promise.resolve(block)
    }
  }
  await expect(writeEvidence(evidence, filling(), free)).rejects.toMatchObject({ code: 'full' })
  left = 1e9
  await expect(writeEvidence(evidence, pieces(...Array.from({ length: 40 }, () => block)), free)).rejects.toMatchObject({ code: 'full' })
  expect(filesUnder(join(dataDir, 'evidence'))).toEqual([])
  expect(store.isHealthy()).toBe(true)
  written = 0
  await expect(writeEvidence(evidence, pieces('there is room again'), free)).resolves.toMatchObject({ existed: false })
})

test('a quota holds before and during an upload, and for uploads that arrive together', async () => {
  const store = await openStore()
  const evidence = store.forTenant(newId())
  const quota = { maxBytes: 1e9, quotaLeftBytes: 100 }
  await expect(writeEvidence(evidence, pieces('x'), { ...quota, expectedBytes: 101 })).rejects.toMatchObject({ code: 'full' })
  await expect(writeEvidence(evidence, pieces(randomBytes(60), randomBytes(60)), quota)).rejects.toMatchObject({ code: 'full' })
  const together = await Promise.allSettled(
    Array.from({ length: 5 }, () => writeEvidence(evidence, pieces(randomBytes(30), randomBytes(15)), quota)),
  )
  expect((await evidenceBytes(evidence)).bytes).toBeLessThanOrEqual(100)
  for (const one of together) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'full' })
  // What failed takes nothing from the quota.
  const left = 100 - (await evidenceBytes(evidence)).bytes
  await expect(writeEvidence(evidence, pieces(randomBytes(left)), { ...quota, quotaLeftBytes: left })).resolves.toMatchObject({
    size_bytes: left,
  })
})

test('an upload over its limit, cut off or cancelled leaves nothing', async () => {
  const evidence = (await openStore()).forTenant(newId())
  await expect(writeEvidence(evidence, pieces('12345', '67890'), { ...free, maxBytes: 9 })).rejects.toMatchObject({ code: 'too_large' })
  await expect(writeEvidence(evidence, pieces(), { ...free, maxBytes: 9, expectedBytes: 10 })).rejects.toMatchObject({ code: 'too_large' })
  async function* cut(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from('abc'))
    throw new Error('the line was cut')
  }
  await expect(writeEvidence(evidence, cut(), free)).rejects.toThrow('the line was cut')
  const controller = new AbortController()
  async function* cancelled(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from('abc'))
    controller.abort(new Error('cancelled'))
    yield Buffer.from('def')
  }
  await expect(writeEvidence(evidence, cancelled(), { ...free, signal: controller.signal })).rejects.toThrow('cancelled')
  expect(filesUnder(join(dataDir, 'evidence'))).toEqual([])
})

test('a finished upload is moved into the store, and stays where it was when that fails', async () => {
  const evidence = (await openStore()).forTenant(newId())
  const upload = join(dataDir, 'upload')
  writeFileSync(upload, 'resumed', { mode: 0o644 })
  await expect(adoptEvidence(evidence, upload, { ...free, quotaLeftBytes: 3 })).rejects.toMatchObject({ code: 'full' })
  expect(readFileSync(upload, 'utf8')).toBe('resumed')
  expect(await adoptEvidence(evidence, upload, free)).toEqual({ sha256: sha256('resumed'), size_bytes: 7, existed: false })
  expect(existsSync(upload)).toBe(false)
  expect(statSync(evidencePath(evidence, sha256('resumed'))).mode & 0o777).toBe(0o600)
  writeFileSync(upload, 'resumed')
  expect(await adoptEvidence(evidence, upload, free)).toMatchObject({ existed: true })
  expect(existsSync(upload)).toBe(false)
  symlinkSync('/etc/hostname', upload)
  await expect(adoptEvidence(evidence, upload, free)).rejects.toMatchObject({ code: 'ELOOP' })
})

test.skipIf(!existsSync('/dev/shm') || statSync('/dev/shm').dev === statSync(tmpdir()).dev)(
  'an upload on another file system is copied',
  async () => {
    const evidence = (await openStore()).forTenant(newId())
    const elsewhere = mkdtempSync('/dev/shm/vc-evidence-')
    try {
      const upload = join(elsewhere, 'upload')
      writeFileSync(upload, 'from afar')
      expect(await adoptEvidence(evidence, upload, free)).toMatchObject({ sha256: sha256('from afar'), existed: false })
      expect(existsSync(upload)).toBe(false)
      expect(await text(openEvidenceFile(evidence, sha256('from afar')))).toBe('from afar')
    } finally {
      rmSync(elsewhere, { recursive: true })
    }
  },
)

test('a name that is no hash reaches no path, and a file of another tenant is not there', async () => {
  const store = await openStore()
  const [a, b] = [store.forTenant(newId()), store.forTenant(newId())]
  const stored = await writeEvidence(a, pieces('mine'), free)
  for (const name of ['', '../../etc/passwd', `${'a'.repeat(63)}/`, 'A'.repeat(64), `${'a'.repeat(64)}\n`])
    expect(() => evidencePath(a, name)).toThrow(/no such file/)
  expect(() => openEvidenceFile(b, stored.sha256)).toThrow(/no such file/)
  expect(() => store.forTenant('../x')).toThrow(/by its id/)
  expect(await removeEvidence(b, stored.sha256)).toBe(false)
  expect(await removeEvidence(a, stored.sha256)).toBe(true)
  expect(() => openEvidenceFile(a, stored.sha256)).toThrow(/no such file/)
})

test('what an earlier run left half written is gone after the next start, and scratch folders are private', async () => {
  const first = await openStore()
  const scratch = await scratchDir(first.forTenant(newId()))
  expect(statSync(scratch).mode & 0o777).toBe(0o700)
  writeFileSync(join(scratch, 'half'), 'x')
  writeFileSync(join(dataDir, 'evidence', '.incoming', 'half'), 'x')
  await openStore()
  expect(filesUnder(join(dataDir, 'evidence'))).toEqual([])
})
