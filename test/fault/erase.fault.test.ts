import { expect, test } from 'vitest'
import {
  type Client,
  dropDataDir,
  firstAccount,
  freePort,
  newDataDir,
  password,
  signIn,
  startServer,
  untilSettled,
} from '../harness/server.ts'
import { madeRows, seededWait, wait } from './made-rows.ts'

const kills = 4
const rows = 40_000
const files = 12

interface Erasure {
  step: string
  finished_at: string | null
  counts: Record<string, number>
}

/** An admin of a new tenant, who came by a link. */
const ownerOf = async (root: Client, tenantId: string): Promise<Client> => {
  const { link } = (await root.call<{ link: string }>('POST', `/api/tenants/${tenantId}/invitations`, { role: 'admin' })).body
  const invite = link.split('/').at(-1)
  const made = await root.call('POST', '/api/auth/register', { username: 'kim', password, invite })
  expect(made.status).toBe(201)
  return signIn(root.url, 'kim')
}

const fill = async (kim: Client): Promise<void> => {
  const sent = await kim.upload([{ name: 'big.jsonl', data: madeRows('big', rows) }])
  await untilSettled(kim, sent.body.imports[0]?.id ?? '')
  for (let n = 1; n < files; n++) {
    const small = await kim.upload([{ name: `small-${n}.jsonl`, data: madeRows(`small${n}`, 1) }])
    await untilSettled(kim, small.body.imports[0]?.id ?? '')
  }
}

test(`a tenant is erased whole, and its receipt is right, after the server was killed ${kills} times in the middle of it`, async () => {
  const dataDir = newDataDir()
  const port = await freePort()
  const between = seededWait('erase')
  try {
    let server = await startServer({ dataDir, port })
    let root = await firstAccount(server.url)
    const mine = await root.upload([{ name: 'mine.jsonl', data: madeRows('mine', 500) }])
    await untilSettled(root, mine.body.imports[0]?.id ?? '')
    const { id } = (await root.call<{ id: string }>('POST', '/api/tenants', { name: 'Kestrel' })).body
    await fill(await ownerOf(root, id))
    expect((await root.call('POST', `/api/tenants/${id}/suspend`)).status).toBe(200)
    expect((await root.call('POST', `/api/tenants/${id}/erase`, { name: 'Kestrel' })).status).toBe(202)
    const look = async (): Promise<Erasure | undefined> => (await root.call<Erasure[]>('GET', '/api/erasures')).body[0]
    const steps = new Set<string>()
    for (let round = 0; round < kills; round++) {
      await wait(between(5, 120))
      await server.kill()
      server = await startServer({ dataDir, port })
      root = await signIn(server.url)
      steps.add((await look())?.step ?? '')
    }
    for (const end = Date.now() + 60_000; (await look())?.finished_at === null; await wait(200)) expect(Date.now()).toBeLessThan(end)
    expect((await look())?.counts).toMatchObject({ event_rows: rows + files - 1, evidence_files: files, imports: files, people: 1 })
    const log = (await root.call<{ rows: { action: string }[] }>('GET', `/api/audit?chain=platform&object=${id}`)).body.rows
    expect(log.map((row) => row.action).filter((action) => action === 'tenant.erased')).toHaveLength(1)
    for (const chain of ['platform', 'tenant'])
      expect((await root.call(`GET`, `/api/audit/verify?chain=${chain}`)).body).toMatchObject({ state: 'holds' })
    expect((await root.call<{ total: number }>('POST', '/api/search', { query: '', limit: 1 })).body.total).toBe(500)
    console.log(`erasure: seen after the kills in the steps ${[...steps].join(', ')}`)
    expect(await server.stop()).toBe(0)
  } finally {
    dropDataDir(dataDir)
  }
}, 280_000)
