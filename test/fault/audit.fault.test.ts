import { expect, test } from 'vitest'
import type { ChainReport } from '../../shared/contract/audit.ts'
import { type Client, dropDataDir, firstAccount, freePort, newDataDir, signIn, startServer } from '../harness/server.ts'
import { seededWait, wait } from './made-rows.ts'

const kills = Number(process.env.FAULT_AUDIT_KILLS ?? 3)
const writers = 16

const numberOf = async (client: Client, query: string): Promise<number> =>
  (await client.call<{ total: number }>('GET', `/api/audit?limit=1&${query}`)).body.total

/** Adds hosts until the server is gone; names those that it was told are there. */
const addHosts = async (client: Client, name: string, added: string[]): Promise<void> => {
  for (let n = 0; ; n++) {
    const reply = await client.call<{ id: string }>('POST', '/api/hosts', { hostname: `${name}-${n}` }).catch(() => null)
    if (reply === null) return
    if (reply.status === 201) added.push(reply.body.id)
  }
}

test(`an act and its audit row are both there or neither after ${kills} kills under ${writers} writers, and the chain holds`, async () => {
  const dataDir = newDataDir()
  const port = await freePort()
  const between = seededWait('audit')
  const added: string[] = []
  try {
    for (let round = 0; round < kills; round++) {
      const server = await startServer({ dataDir, port })
      const client = round === 0 ? await firstAccount(server.url) : await signIn(server.url)
      // the log is where a checkpoint is kept outside of the database
      if (round === 0)
        expect(server.output()).toMatch(/"tenant_id":"[0-9a-f-]{36}","seq":1,.*"signature":"[\w-]{86}".*"msg":"audit checkpoint"/)
      const work = Array.from({ length: writers }, (_, w) => addHosts(client, `round${round}-writer${w}`, added))
      await wait(between(300, 1500))
      await server.kill()
      await Promise.all(work)
    }
    const server = await startServer({ dataDir, port })
    const client = await signIn(server.url)
    const report = (await client.call<ChainReport>('GET', '/api/audit/verify')).body
    expect(report).toMatchObject({ state: 'holds', breaks: [], breaks_total: 0 })
    expect(report.rows).toBe(report.last_seq)
    expect(added.length).toBeGreaterThan(kills)
    const hosts = Number((await client.call('GET', '/api/hosts?limit=1')).headers.get('x-total-count'))
    expect(hosts).toBeGreaterThanOrEqual(added.length)
    expect(await numberOf(client, 'action=host.create')).toBe(hosts)
    for (const id of added.slice(-50)) expect(await numberOf(client, `object=${id}`)).toBe(1)
    expect(await server.stop()).toBe(0)
  } finally {
    dropDataDir(dataDir)
  }
}, 120_000)
