import { beforeAll, describe, expect, test } from 'vitest'
import { withApp } from '../../../test/harness/app.ts'
import { at, guid, hostExports, mftRow, netstat, pslist } from '../../../test/harness/rows/host-rows.data.ts'
import type { Reply } from '../../../shared/contract/route.ts'
import type * as tabs from '../../../shared/contract/hunt/host-tabs.ts'

const product = withApp()
type Person = Awaited<ReturnType<typeof product.person>>

const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n')

let mara: Person
let id = ''
beforeAll(async () => {
  mara = await product.person('tabs')
  for (const [artifact, rows] of hostExports) await mara.importFile(`${artifact}.json`, lines(rows), { hostname: 'HLD-FIN-017' })
  await mara.importFile('Windows.Network.Netstat.json', lines([netstat[3]]), { hostname: 'HLD-FIN-018' })
  await mara.importFile('Windows.NTFS.MFT.json', lines([mftRow]), {
    hostname: 'HLD-FIN-018',
  })
  const { body } = await mara.call<{ id: string; hostname: string }[]>('GET', '/api/hosts?search=HLD-FIN-017')
  id = body.find((h) => h.hostname === 'HLD-FIN-017')?.id ?? ''
}, 60_000)

const get = async <T>(path: string): Promise<T> => {
  const { status, body } = await mara.call<T>('GET', `/api/hosts/${id}/${path}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}
/** The rows that the query of an entry finds among those of the host. */
const found = async (query: string): Promise<number> => {
  const { status, body } = await mara.call<{ total: number }>('POST', '/api/search', { query, host_ids: [id], limit: 1 })
  expect(status, JSON.stringify(body)).toBe(200)
  return body.total
}

describe('processes', () => {
  type Answer = Reply<typeof tabs.hostProcesses>
  let answer: Answer
  beforeAll(async () => {
    answer = await get<Answer>('processes')
  })
  const named = (name: string) => answer.processes.filter((p) => p.name === name)
  const parentOf = (name: string) => answer.processes.find((p) => p.key === named(name)[0]?.parent)?.name

  test('are one each, from a list, Sysmon, Security with hexadecimal ids and a netstat alike', () => {
    expect(named('dsaupd.exe')).toHaveLength(1)
    expect(named('dsaupd.exe')[0]).toMatchObject({
      pid: 7316,
      started_at: at('08:42:19.507'),
      ended: null,
      user: 'HALDEN\\i.vestby',
      guid: guid(2),
    })
    expect(
      named('dsaupd.exe')[0]
        ?.sources.map((s) => [s.source, s.rows])
        .sort(),
    ).toEqual([
      ['Security 4688', 1],
      ['Sysmon 1', 1],
      ['Sysmon 3', 1],
      ['Windows.Network.Netstat', 1],
      ['Windows.System.Pslist', 1],
    ])
  })
  test('know their parents by GUID, by id and by what their record calls them', () => {
    expect(parentOf('dsaupd.exe')).toBe('rundll32.exe')
    expect(parentOf('rundll32.exe')).toBe('explorer.exe')
    expect(parentOf('cmd.exe')).toBe('dsaupd.exe')
    expect(parentOf('services.exe')).toBe('wininit.exe')
  })
  test('that ended say when, and whose parent was not collected say so', () => {
    expect(named('rundll32.exe')[0]).toMatchObject({ ended: 'recorded', ended_at: at('08:43:00') })
    expect(named('cmd.exe')[0]).toMatchObject({ pid: 8044, ended: 'recorded', ended_at: at('08:51:59') })
    expect(named('wininit.exe')[0]).toMatchObject({ parent: null, parent_pid: 504, orphan: 'not_collected' })
    expect(answer.orphans).toBe(2)
  })
  test('say how many rows stand behind them, and what a limit left out', async () => {
    expect(answer).toMatchObject({ records_left_out: 0, left_out: 0, rows: pslist.length + 7 + netstat.length })
    const few = await get<Answer>('processes?limit=2')
    expect(few.processes.length + few.left_out).toBe(answer.processes.length)
    for (const p of few.processes) if (p.parent !== null) expect(few.processes.map((one) => one.key)).toContain(p.parent)
    const early = await get<Answer>(`processes?before=${at('06:00:00')}`)
    expect(early.processes.map((p) => p.name).sort()).toEqual(['services.exe', 'wininit.exe'])
  })
})

describe('the network', () => {
  test('tells who called, which ports are served, and how many other hosts know an address', async () => {
    const { items, kinds, rows } = await get<Reply<typeof tabs.hostNetwork>>('network?limit=100')
    expect(rows).toBe(5)
    expect(kinds.map((k) => [k.kind, k.items]).sort()).toEqual([
      ['inbound', 1],
      ['listening', 1],
      ['outbound', 3],
    ])
    const to = (address: string) => items.filter((c) => c.address === address)
    expect(to('203.0.113.77').map((c) => [c.port, c.other_hosts, c.process_pid])).toEqual([
      [443, 0, 7316],
      [443, 0, 7316],
    ])
    expect(to('198.51.100.8')).toMatchObject([{ kind: 'outbound', other_hosts: 1 }])
    expect(to('10.40.17.9')).toMatchObject([{ kind: 'inbound', port: 3389 }])
    expect(items.find((c) => c.kind === 'listening')).toMatchObject({ address: '0.0.0.0', port: 3389, process_name: 'services.exe' })
    for (const item of items) expect(await found(item.query), item.query).toBe(item.rows)
  })
  test('has its rarest peers first, and says how many there are', async () => {
    const { peers, total } = await get<Reply<typeof tabs.hostPeers>>('network/peers?limit=2')
    expect(total).toBe(3)
    expect(peers.map((p) => [p.address, p.other_hosts, p.rows])).toEqual([
      ['203.0.113.77', 0, 2],
      ['10.40.17.9', 0, 1],
    ])
  })
})

test.each(['persistence', 'logons', 'software', 'network'])('%s: every entry leads to exactly its rows', async (tab) => {
  const { items, rows } = await get<{ items: { query: string; rows: number }[]; rows: number }>(`${tab}?limit=1000`)
  expect(items.length).toBeGreaterThan(1)
  expect(items.reduce((sum, item) => sum + item.rows, 0)).toBe(rows)
  for (const item of items) expect(await found(item.query), item.query).toBe(item.rows)
})

test('persistence lists services and autoruns with who signed them', async () => {
  const { items, total } = await get<Reply<typeof tabs.hostPersistence>>('persistence')
  expect(total).toBe(3)
  expect(items.map((i) => [i.kind, i.name, i.signer, i.is_trusted])).toEqual([
    ['autorun', 'SecurityHealth', 'Microsoft Windows', true],
    ['service', 'WinRM', '', null],
    ['service', 'dsaupd', '', null],
  ])
  const services = await get<Reply<typeof tabs.hostPersistence>>('persistence?kind=service&search=dsaupd&sort=rows')
  expect(services).toMatchObject({ total: 1, rows: 1 })
  expect(services.kinds.map((k) => [k.kind, k.items])).toEqual([
    ['service', 2],
    ['autorun', 1],
  ])
})

test('logons tell who, how and from where, and how often', async () => {
  const { items } = await get<Reply<typeof tabs.hostLogons>>('logons')
  expect(items.map((i) => [i.kind, i.user, i.domain, i.logon_type, i.source, i.rows])).toEqual([
    ['failed', 'svc-backup', 'HALDEN', '3', '10.40.17.9', 1],
    ['logon', 'i.vestby', 'HALDEN', '2', '127.0.0.1', 2],
  ])
})

test('the overview counts what the tabs show, names who signed in and what was never collected', async () => {
  const o = await get<Reply<typeof tabs.hostOverview>>('overview')
  const { processes } = await get<Reply<typeof tabs.hostProcesses>>('processes')
  expect(o.counts).toEqual({ processes: processes.length, persistence: 3, network: 5, logons: 2, software: 2 })
  expect(o.users).toMatchObject([{ name: 'i.vestby', logons: 2 }])
  expect(o.domains).toEqual(['HALDEN'])
  expect(o.never).toEqual([{ artifact: 'Windows.NTFS.MFT', hosts: 1 }])
  expect(o.artifacts.map((a) => a.artifact)).toHaveLength(hostExports.length)
  expect(o.artifacts.find((a) => a.artifact === 'Windows.Network.Netstat')?.newest_at).toBe('2026-03-12T09:00:00.000Z')
})

describe('coverage', () => {
  type Answer = Reply<typeof tabs.hostCoverage>
  const coverage = async (query: string): Promise<Answer> => {
    const { status, body } = await mara.call<Answer>('GET', `/api/hosts/coverage${query}`)
    expect(status, JSON.stringify(body)).toBe(200)
    return body
  }
  test('has a cell for what a host has and none for what it has not', async () => {
    const { artifacts, hosts, total } = await coverage('')
    expect(total).toBe(2)
    expect(artifacts[0]).toEqual({ artifact: 'Windows.Network.Netstat', hosts: 2, rows: netstat.length + 1 })
    const cells = hosts.map((h) => [h.hostname, h.cells.map((c) => [artifacts[c.at]?.artifact, c.rows])])
    expect(cells[1]).toEqual([
      'HLD-FIN-018',
      [
        ['Windows.Network.Netstat', 1],
        ['Windows.NTFS.MFT', 1],
      ],
    ])
    expect(hosts[0]?.cells).toHaveLength(hostExports.length)
  })
  test('is sorted by rows, by how much there is and by the age of an artifact, and filtered', async () => {
    const names = async (query: string): Promise<string[]> => (await coverage(query)).hosts.map((h) => h.hostname)
    expect(await names('?sort=rows&order=asc')).toEqual(['HLD-FIN-018', 'HLD-FIN-017'])
    expect(await names('?sort=artifacts&order=desc')).toEqual(['HLD-FIN-017', 'HLD-FIN-018'])
    expect(await names('?sort=artifact:Windows.NTFS.MFT&order=desc')).toEqual(['HLD-FIN-018', 'HLD-FIN-017'])
    expect(await names('?search=fin-018')).toEqual(['HLD-FIN-018'])
    expect((await coverage('?artifact=ntfs')).artifacts.map((a) => a.artifact)).toEqual(['Windows.NTFS.MFT'])
    expect((await mara.call('GET', '/api/hosts/coverage?sort=color')).status).toBe(422)
  })
})

test('a host that was added by hand has empty tabs, and nobody else sees any', async () => {
  const { body } = await mara.call<{ id: string }>('POST', '/api/hosts', { hostname: 'BARE' })
  for (const tab of ['overview', 'processes', 'network', 'network/peers', 'persistence', 'logons', 'software'])
    expect((await mara.call('GET', `/api/hosts/${body.id}/${tab}`)).status, tab).toBe(200)
  const other = await product.person('elsewhere')
  for (const tab of ['overview', 'processes', 'network', 'network/peers', 'persistence', 'logons', 'software'])
    expect((await other.call('GET', `/api/hosts/${id}/${tab}`)).status, tab).toBe(404)
  expect((await other.call<{ total: number }>('GET', '/api/hosts/coverage')).body.total).toBe(0)
})

test('what runs for weeks is the parent of what started last, although thousands of records lie between; what was not looked at is counted', async () => {
  const start = Date.parse('2026-03-01T00:00:00Z')
  const time = (n: number): string => new Date(start + n * 60_000).toISOString()
  const process = (n: number, more: object) => ({
    Pid: 20_000 + n,
    Ppid: 5208,
    Name: 'job.exe',
    CommandLine: 'job.exe',
    Exe: '',
    CreateTime: time(n),
    ...more,
  })
  const rows = [
    process(0, { Pid: 5208, Ppid: 0, Name: 'explorer.exe' }),
    ...Array.from({ length: 4000 }, (_, n) => process(n + 1, {})),
    process(5000, { Name: 'last.exe' }),
  ]
  await mara.importFile('Windows.System.Pslist.json', lines(rows), { hostname: 'BUSY' })
  const [busy] = (await mara.call<{ id: string }[]>('GET', '/api/hosts?search=BUSY')).body
  const { body } = await mara.call<Reply<typeof tabs.hostProcesses>>('GET', `/api/hosts/${busy?.id}/processes?limit=10`)
  const last = body.processes.find((p) => p.name === 'last.exe')
  expect(body.processes.find((p) => p.key === last?.parent)?.name).toBe('explorer.exe')
  expect(body).toMatchObject({ records: rows.length, records_left_out: rows.length - 3001, left_out: 3001 - 10, orphans: 0 })
  expect(body.processes).toHaveLength(10)
})
