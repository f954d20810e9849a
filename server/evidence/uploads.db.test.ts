import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newId } from '../platform/ids.ts'
import { createLog } from '../platform/log.ts'
import type { DiskCalls } from './disk-calls.ts'
import { diskCalls } from './disk-calls.ts'
import { adoptEvidence, writeEvidence } from './files.ts'
import type { Evidence } from './open.ts'
import { openEvidence } from './open.ts'
import { addToUpload, beginUpload, removeUpload, uploadOffset, uploadPath } from './uploads.ts'

const room = { maxBytes: 1e9, quotaLeftBytes: null }
let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vc-uploads-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))
const openStore = (calls?: Partial<DiskCalls>): Promise<Evidence> =>
  openEvidence({ dataDir, reserveBytes: 0, log: createLog('silent'), calls: { ...diskCalls, ...calls } })
async function* pieces(...chunks: string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk))
}

test('pieces follow each other, outlive a restart, and become a file', async () => {
  const [tenant, id] = [newId(), newId()]
  const first = (await openStore()).forTenant(tenant)
  await beginUpload(first, id, { ...room, sizeBytes: 9 })
  expect(await addToUpload(first, id, pieces('abc'), { ...room, offset: 0 })).toBe(3)
  const second = (await openStore()).forTenant(tenant)
  expect(await uploadOffset(second, id)).toBe(3)
  await expect(addToUpload(second, id, pieces('x'), { ...room, offset: 0 })).rejects.toMatchObject({ code: 'conflict' })
  expect(await addToUpload(second, id, pieces('def', 'ghi'), { ...room, offset: 3 })).toBe(9)
  expect(statSync(uploadPath(second, id)).mode & 0o777).toBe(0o600)
  const sha256 = createHash('sha256').update('abcdefghi').digest('hex')
  expect(await adoptEvidence(second, uploadPath(second, id), room)).toEqual({ sha256, size_bytes: 9, existed: false })
  expect(await uploadOffset(second, id)).toBeNull()
})

test('what came before a broken line is kept and synced', async () => {
  let syncs = 0
  const evidence = (await openStore({ sync: (file) => (syncs++, diskCalls.sync(file)) })).forTenant(newId())
  const id = newId()
  await beginUpload(evidence, id, { ...room, sizeBytes: 9 })
  const before = syncs
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from('abc'))
    throw new Error('the line was cut')
  }
  await expect(addToUpload(evidence, id, broken(), { ...room, offset: 0 })).rejects.toThrow('the line was cut')
  expect(syncs).toBe(before + 1)
  expect(await uploadOffset(evidence, id)).toBe(3)
})

test.each([
  ['ENOSPC', 'full', true],
  ['EIO', 'unavailable', false],
])('a piece whose fsync fails with %s is never acknowledged', async (code, answer, isHealthy) => {
  let fails = false
  const failing = (): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }))
  const store = await openStore({ sync: (file) => (fails ? failing() : diskCalls.sync(file)) })
  const evidence = store.forTenant(newId())
  const id = newId()
  await beginUpload(evidence, id, { ...room, sizeBytes: 9 })
  fails = true
  await expect(addToUpload(evidence, id, pieces('abc'), { ...room, offset: 0 })).rejects.toMatchObject({ code: answer })
  expect(store.isHealthy()).toBe(isHealthy)
})

test('more than the upload announced, or than the quota has left, is refused', async () => {
  const evidence = (await openStore()).forTenant(newId())
  const id = newId()
  await expect(beginUpload(evidence, id, { ...room, quotaLeftBytes: 8, sizeBytes: 9 })).rejects.toMatchObject({ code: 'full' })
  await expect(beginUpload(evidence, id, { ...room, maxBytes: 8, sizeBytes: 9 })).rejects.toMatchObject({ code: 'too_large' })
  await beginUpload(evidence, id, { ...room, sizeBytes: 3 })
  await expect(addToUpload(evidence, id, pieces('abcd'), { maxBytes: 3, quotaLeftBytes: null, offset: 0 })).rejects.toMatchObject({
    code: 'too_large',
  })
  // Bytes that were set aside when the upload began are not counted against the others again.
  await expect(writeEvidence(evidence, pieces('12345'), { maxBytes: 1e9, quotaLeftBytes: 5 })).resolves.toMatchObject({ size_bytes: 5 })
})

test('an upload of another tenant is not there, and a name that is no id reaches no path', async () => {
  const store = await openStore()
  const [a, b] = [store.forTenant(newId()), store.forTenant(newId())]
  const id = newId()
  await beginUpload(a, id, { ...room, sizeBytes: 3 })
  await addToUpload(a, id, pieces('abc'), { ...room, offset: 0 })
  expect(await uploadOffset(b, id)).toBeNull()
  await removeUpload(b, id)
  expect(readFileSync(uploadPath(a, id), 'utf8')).toBe('abc')
  expect(() => uploadPath(a, '../../etc/passwd')).toThrow(/no such upload/)
  await removeUpload(a, id)
  expect(await uploadOffset(a, id)).toBeNull()
})
