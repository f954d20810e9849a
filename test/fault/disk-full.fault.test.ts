import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { firstAccount, signIn, startServer, untilSettled } from '../harness/server.ts'
import { madeRows, wait } from './made-rows.ts'
import { hasMounts, mountTmpfs, unmount } from './mounts.ts'

const freeMb = (folder: string): number => {
  const s = statfsSync(folder)
  return Math.floor((s.bavail * s.bsize) / 1e6)
}

describe.skipIf(!hasMounts)('a full disk', () => {
  test('refuses uploads with 507 before they are acknowledged, keeps sign-in and search, and everything goes on when there is room', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vc-full-'))
    chmodSync(folder, 0o700)
    mountTmpfs(folder, 700)
    const dataDir = join(folder, 'data')
    mkdirSync(dataDir, { mode: 0o700 })
    const ballast = join(folder, 'ballast')
    try {
      const server = await startServer({ dataDir, env: { DISK_RESERVE: '64MB' } })
      const client = await firstAccount(server.url)
      const before = await client.upload([{ name: 'before.jsonl', data: madeRows('before', 20_000) }])
      expect((await untilSettled(client, before.body.imports[0]?.id ?? '')).state).toBe('ready')

      // an import that is being read when the disk fills waits
      const during = await client.upload([{ name: 'during.jsonl', data: madeRows('during', 120_000) }])
      writeFileSync(ballast, Buffer.alloc(Math.max(1, freeMb(folder) - 50) * 1_000_000))

      const refused = await client.upload([{ name: 'refused.jsonl', data: madeRows('refused', 20_000) }])
      expect(refused.status).toBe(507)
      expect((await signIn(server.url)).token).not.toBe('')
      const found = await client.call<{ total: number }>('POST', '/api/search', { query: 'process_name:before.exe', limit: 1 })
      expect(found).toMatchObject({ status: 200, body: { total: 20_000 } })

      rmSync(ballast)
      const receipt = await untilSettled(client, during.body.imports[0]?.id ?? '', 40_000)
      expect(receipt).toMatchObject({ state: 'ready', rows_stored: 120_000, rows_duplicate: 0 })
      await wait(200)
      const after = await client.upload([{ name: 'refused.jsonl', data: madeRows('refused', 20_000) }])
      expect(after.status).toBe(202)
      expect(await untilSettled(client, after.body.imports[0]?.id ?? '')).toMatchObject({ state: 'ready', rows_stored: 20_000 })
      await server.stop()
    } finally {
      unmount(folder)
      rmSync(folder, { recursive: true, force: true })
    }
  }, 200_000)
})
