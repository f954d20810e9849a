import { expect, test } from 'vitest'
import { type Client, dropDataDir, firstAccount, freePort, newDataDir, signIn, startServer, untilSettled } from '../harness/server.ts'
import { madeRows, seededWait, wait } from './made-rows.ts'

const kills = Number(process.env.FAULT_KILLS ?? 20)
const rowsEach = 30_000

const totalOf = async (client: Client, query: string): Promise<number> =>
  (await client.call<{ total: number }>('POST', '/api/search', { query, limit: 1 })).body.total

test(`what was acknowledged is stored once after the server was killed ${kills} times while it imported`, async () => {
  const dataDir = newDataDir()
  const port = await freePort()
  const between = seededWait('kill')
  const acked: string[] = []
  let client: Client | null = null
  try {
    for (let round = 0; round < kills; round++) {
      const server = await startServer({ dataDir, port })
      client = client === null ? await firstAccount(server.url) : await signIn(server.url)
      // a round in three only kills: what waits must go on by itself
      if (round % 3 !== 2) {
        const sent = await client.upload([{ name: `round-${round}.jsonl`, data: madeRows(`round${round}`, rowsEach) }])
        expect(sent.status).toBe(202)
        acked.push(...sent.body.imports.map((i) => i.id))
      }
      await wait(between(10, 1500))
      await server.kill()
    }
    const server = await startServer({ dataDir, port })
    client = await signIn(server.url)
    for (const id of acked) {
      const receipt = await untilSettled(client, id)
      expect(receipt).toMatchObject({ state: 'ready', rows_read: rowsEach, rows_stored: rowsEach, rows_duplicate: 0, rows_rejected: 0 })
    }
    expect(await totalOf(client, '')).toBe(acked.length * rowsEach)
    expect(await totalOf(client, 'process_pid:17')).toBe(acked.length)
    expect(await server.stop()).toBe(0)
  } finally {
    dropDataDir(dataDir)
  }
}, 280_000)

test('a stop by SIGTERM in the middle of an import ends within 15 s and the import goes on at the next start', async () => {
  const dataDir = newDataDir()
  const port = await freePort()
  try {
    const first = await startServer({ dataDir, port })
    const client = await firstAccount(first.url)
    const sent = await client.upload([{ name: 'long.jsonl', data: madeRows('long', 200_000) }])
    await wait(700)
    const begun = Date.now()
    expect(await first.stop()).toBe(0)
    expect(Date.now() - begun).toBeLessThan(15_000)
    const second = await startServer({ dataDir, port })
    const receipt = await untilSettled(await signIn(second.url), sent.body.imports[0]?.id ?? '')
    expect(receipt).toMatchObject({ state: 'ready', rows_stored: 200_000, rows_duplicate: 0 })
    await second.stop()
  } finally {
    dropDataDir(dataDir)
  }
}, 120_000)
