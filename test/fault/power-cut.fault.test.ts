import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { firstAccount, freePort, type Receipt, signIn, startServer, untilSettled } from '../harness/server.ts'
import { madeRows, seededWait, wait } from './made-rows.ts'
import { copyImage, hasMounts, makeImage, mountImage, unmount } from './mounts.ts'

const cuts = Number(process.env.FAULT_CUTS ?? 5)
const rowsEach = 25_000

describe.skipIf(!hasMounts)('a power cut', () => {
  test(`loses nothing that was acknowledged, ${cuts} times`, async () => {
    const work = mkdtempSync(join(tmpdir(), 'vc-cut-'))
    const image = join(work, 'disk.img')
    const folder = join(work, 'disk')
    const port = await freePort()
    const between = seededWait('power cut')
    const acked: string[] = []
    mkdirSync(folder)
    makeImage(image, 1500)
    mountImage(image, folder)
    chmodSync(folder, 0o700)
    try {
      for (let cut = 0; cut < cuts; cut++) {
        const server = await startServer({ dataDir: join(folder, 'data'), port })
        const client = cut === 0 ? await firstAccount(server.url) : await signIn(server.url)
        for (let file = 0; file < 2; file++) {
          const sent = await client.upload([{ name: `cut-${cut}-${file}.jsonl`, data: madeRows(`cut${cut}x${file}`, rowsEach) }])
          expect(sent.status).toBe(202)
          acked.push(sent.body.imports[0]?.id ?? '')
        }
        await wait(between(10, 2500))
        // receipts that said "ready" before the cut must say so after it
        const said = await client.call<Receipt[]>('GET', '/api/ingestion/imports?limit=1000')
        const ready = said.body.filter((r) => r.state === 'ready').map((r) => r.id)
        copyImage(image, `${image}.cut`)
        await server.kill()
        await wait(300)
        unmount(folder)
        rmSync(image)
        copyImage(`${image}.cut`, image)
        mountImage(image, folder)
        const again = await startServer({ dataDir: join(folder, 'data'), port })
        const after = await signIn(again.url)
        for (const id of ready) expect((await after.call<Receipt>('GET', `/api/ingestion/imports/${id}`)).body.state).toBe('ready')
        for (const id of acked)
          expect(await untilSettled(after, id)).toMatchObject({
            state: 'ready',
            rows_read: rowsEach,
            rows_stored: rowsEach,
            rows_duplicate: 0,
            rows_rejected: 0,
          })
        const found = await after.call<{ total: number }>('POST', '/api/search', { query: '', limit: 1 })
        expect(found.body.total).toBe(acked.length * rowsEach)
        expect(await again.stop()).toBe(0)
      }
    } finally {
      unmount(folder)
      rmSync(work, { recursive: true, force: true })
    }
  }, 280_000)
})
