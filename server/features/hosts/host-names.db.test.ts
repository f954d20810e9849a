import { expect, test } from 'vitest'
import { withApp } from '../../../test/harness/app.ts'

const product = withApp()

interface Host {
  hostname: string
  fqdn: string | null
}
type Person = Awaited<ReturnType<typeof product.person>>

const row = (n: number): string => `${JSON.stringify({ Pid: n, Name: 'a.exe' })}\n`
const hostsOf = async (mara: Person): Promise<[string, string | null][]> => {
  const { body } = await mara.call<Host[]>('GET', '/api/hosts')
  return body.map(({ hostname, fqdn }) => [hostname, fqdn])
}

test('a host that comes by its short name and by its full one is one host with both, in either order', async () => {
  const mara = await product.person('both-names')
  await mara.importFile('a.json', row(1), { hostname: 'PC1' })
  await mara.importFile('b.json', row(2), { hostname: 'pc1.corp.lan' })
  await mara.importFile('c.json', row(3), { hostname: 'pc2.corp.lan' })
  expect(await hostsOf(mara)).toEqual([
    ['PC1', 'pc1.corp.lan'],
    ['pc2.corp.lan', 'pc2.corp.lan'],
  ])
  await mara.importFile('d.json', row(4), { hostname: 'pc2' })
  expect(await hostsOf(mara)).toEqual([
    ['PC1', 'pc1.corp.lan'],
    ['pc2', 'pc2.corp.lan'],
  ])
})

test('a full name of another domain is another host, also when the first is shown by its short name', async () => {
  const mara = await product.person('other-domain')
  for (const [n, hostname] of ['pc1.a.lan', 'pc1', 'pc1.b.lan', '10.0.0.5'].entries())
    await mara.importFile(`${n}.json`, row(n), { hostname })
  expect(await hostsOf(mara)).toEqual([
    ['10.0.0.5', null],
    ['pc1', 'pc1.a.lan'],
    ['pc1.b.lan', 'pc1.b.lan'],
  ])
})

test('a client id is refused as the name of a host, with what to do', async () => {
  const mara = await product.person('id-as-name')
  const refused = await mara.upload([{ name: 'a.json', data: row(1) }], { hostname: 'C.1234567890abcdef' })
  expect(refused.status).toBe(422)
  expect(JSON.stringify(refused.body)).toContain('is a client id, not the name of a host: give the name, or leave it out')
  const rows = { hostname: 'C.1234567890abcdef', data: { artifact: 'Windows.System.Pslist', results: [{ Pid: 1 }] } }
  expect((await mara.call('POST', '/api/ingestion/ingest', rows)).status).toBe(422)
  const large = { ...rows, data: { ...rows.data, results: [{ Pid: 1, Text: 'x'.repeat(1_200_000) }] } }
  expect((await mara.call('POST', '/api/ingestion/ingest', large)).status).toBe(422)
  expect(await hostsOf(mara)).toEqual([])
})
