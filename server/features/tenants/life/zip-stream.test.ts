import { once } from 'node:events'
import { createReadStream, mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { type Entry, zipStream } from './zip-stream.ts'

const folder = mkdtempSync(join(tmpdir(), 'zip-stream-'))
const path = join(folder, 'evidence')
writeFileSync(path, Buffer.alloc(4_000_000, 'x'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const linkOf = (fd: string): string => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return ''
  }
}
const openFiles = (): number => readdirSync('/proc/self/fd').filter((fd) => linkOf(fd) === path).length

const copyOf = (mayGoOn: () => Promise<void>) => {
  const seen = { given: 0, isReturned: false }
  async function* entries(): AsyncGenerator<Entry> {
    try {
      for (;;) {
        const source = createReadStream(path, { fd: openSync(path, 'r'), highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>
        seen.given++
        yield { name: `evidence/${seen.given}`, isStored: true, source }
      }
    } finally {
      seen.isReturned = true
    }
  }
  return { seen, out: zipStream(entries(), { manifest: () => ({}), mayGoOn, at: new Date(0) }) }
}

describe.skipIf(process.platform !== 'linux')('a copy that is broken off', () => {
  it('leaves no file open and takes no further entry when its reader goes in the middle of a file', async () => {
    const { seen, out } = copyOf(() => Promise.resolve())
    await once(out, 'readable')
    expect([seen.given, openFiles()]).toEqual([1, 1])
    out.destroy()
    await once(out, 'close')
    await sleep(50)
    expect([seen.given, seen.isReturned, openFiles()]).toEqual([1, true, 0])
  })
  it('leaves no file open when it ends before the first byte of a file', async () => {
    const { seen, out } = copyOf(() => Promise.reject(new Error('not any more')))
    const [error] = (await once(out, 'error')) as [Error]
    await sleep(50)
    expect([error.message, seen.isReturned, openFiles()]).toEqual(['not any more', true, 0])
  })
})
