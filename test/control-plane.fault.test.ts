// The control database on a disk that is full to the last byte. Needs root, for a small file system of its own.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inAuth } from '../server/db/auth.ts'
import type { ControlPlane } from '../server/db/open.ts'
import { openControlPlane } from '../server/db/open.ts'
import { newId } from '../server/platform/ids.ts'
import { createLog } from '../server/platform/log.ts'

const disk = mkdtempSync(join(tmpdir(), 'vc-full-'))
const canMount = process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=384m,mode=700', 'tmpfs', disk]).status === 0
if (!canMount) console.warn('SKIPPED: the full-disk test of the control database needs root and mount.')

let control: ControlPlane
beforeAll(async () => {
  if (!canMount) return
  control = await openControlPlane({
    dataDir: join(disk, 'data'),
    secret: 'for tests only, thirty-two characters',
    log: createLog('silent'),
  })
  await control.migrateUp()
})
afterAll(async () => {
  if (canMount) {
    await control.close()
    execFileSync('umount', [disk])
  }
  rmSync(disk, { recursive: true, force: true })
})

const free = (): number => statfsSync(disk).bavail * statfsSync(disk).bsize
const fillUp = (): void => {
  for (const size of [1e6, 4096])
    for (let n = 0; ; n++)
      try {
        writeFileSync(join(disk, `ballast-${size}-${n}`), Buffer.alloc(size))
      } catch {
        break
      }
}
const empty = (): void => void spawnSync('sh', ['-c', 'rm -f "$0"/ballast-*', disk])

test.skipIf(!canMount)(
  'on a full disk what is stored can be read and small things written, nothing acknowledged is lost, and all goes on when there is room',
  async () => {
    const acknowledged: string[] = []
    const write = async (bytes: number): Promise<'ok' | string> => {
      const row = { id: newId(), name: newId(), description: 'x'.repeat(bytes), quota_bytes: null }
      try {
        await inAuth(control.auth, (q) => q.insertInto('tenants').values(row).execute())
      } catch (error) {
        return (error as { code?: string }).code ?? String(error)
      }
      acknowledged.push(row.id)
      return 'ok'
    }
    const stored = (): Promise<string[]> =>
      inAuth(control.auth, async (q) => (await q.selectFrom('tenants').select('id').execute()).map((r) => r.id))
    expect(await write(100)).toBe('ok')
    // The room that is kept has been made once the free bytes stop shrinking.
    await expect.poll(() => spawnSync('test', ['-f', join(disk, 'data', 'postgres', 'spare-room')]).status, { timeout: 20_000 }).toBe(0)
    fillUp()
    expect(free()).toBeLessThan(4096)
    await expect.poll(free, { timeout: 5000 }).toBeGreaterThan(32e6)
    const answers = new Set<string>()
    for (let n = 0; n < 200; n++) {
      answers.add(await write(1000))
      expect((await stored()).length).toBe(acknowledged.length)
    }
    expect([...answers]).toEqual(['ok'])
    // Someone takes the rest as well.
    fillUp()
    const hard = new Set<string>()
    for (const end = Date.now() + 10_000; Date.now() < end; ) {
      const answer = await write(7000)
      hard.add(answer)
      if (answer !== 'ok') await sleep(100)
    }
    for (const answer of hard) expect(['ok', 'full', 'unavailable']).toContain(answer)
    expect(hard.size).toBeGreaterThan(1)
    empty()
    const from = Date.now()
    await expect.poll(() => write(1000), { timeout: 30_000 }).toBe('ok')
    expect(Date.now() - from).toBeLessThan(30_000)
    expect(new Set(await stored())).toEqual(new Set(acknowledged))
  },
)
