import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withApp } from '../../../../test/harness/app.ts'
import { zipOf } from '../../../../test/harness/zip.ts'

const product = withApp()

const rows = (of: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `${JSON.stringify({ Pid: i, Name: `${of}-${i}.exe`, CommandLine: 'x'.repeat(600) })}\n`).join('')
const blocksLeft = (): string[] => {
  const folder = join(product.app().config.DATA_DIR, 'events', 'blocks')
  return existsSync(folder) ? readdirSync(folder) : []
}

test('imports that wait are begun while the one before is stored, keep their order, and leave no block behind', async () => {
  const mara = await product.person('ahead')
  const data = rows('twice', 12_000)
  const { body } = await mara.upload([
    { name: 'first.json', data },
    { name: 'the same.json', data },
    ...['b', 'c', 'd'].map((name) => ({ name: `${name}.json`, data: rows(name, 3000) })),
  ])
  const receipts = []
  for (const { id } of body.imports) receipts.push(await mara.settled(id))
  expect(receipts.map((r) => [r.state, r.rows_read, r.rows_stored, r.rows_duplicate])).toEqual([
    ['ready', 12_000, 12_000, 0],
    ['ready', 12_000, 0, 12_000],
    ['ready', 3000, 3000, 0],
    ['ready', 3000, 3000, 0],
    ['ready', 3000, 3000, 0],
  ])
  expect(await mara.total('')).toBe(21_000)
  expect(blocksLeft()).toEqual([])
  // what is new is asked by these times: no row is from before its import began
  for (const { id, started_at, rows_stored } of receipts.filter((r) => r.rows_stored > 0)) {
    const earliest = { query: `import_id:${id}`, sort: 'ingested_at', limit: 1 }
    const { body: found } = await mara.call<{ events: { id: string }[]; total: number }>('POST', '/api/search', earliest)
    expect(found.total).toBe(rows_stored)
    const { body: row } = await mara.call<{ provenance: { ingested_at: string } }>('GET', `/api/search/events/${found.events[0]?.id}`)
    expect(Date.parse(row.provenance.ingested_at)).toBeGreaterThanOrEqual(Date.parse(started_at ?? ''))
  }
})

test('one that is cancelled before its turn leaves nothing behind either', async () => {
  const mara = await product.person('ahead-cancel')
  const { body } = await mara.upload(['a', 'b', 'c'].map((name) => ({ name: `${name}.json`, data: rows(name, 12_000) })))
  const [first = '', second = '', third = ''] = body.imports.map((i) => i.id)
  await expect.poll(blocksLeft, { timeout: 20_000 }).not.toEqual([])
  await mara.call('POST', `/api/ingestion/imports/${second}/cancel`)
  expect(await mara.settled(first)).toMatchObject({ state: 'ready', rows_stored: 12_000 })
  expect(await mara.settled(third)).toMatchObject({ state: 'ready', rows_stored: 12_000 })
  expect(await mara.settled(second)).toMatchObject({ state: 'cancelled', rows_stored: 0 })
  expect(await mara.total('')).toBe(24_000)
  expect(blocksLeft()).toEqual([])
})

test('imports after one that needed a password, and after one that lacked it, are read as ever', async () => {
  const mara = await product.person('ahead-secret')
  const secret = zipOf({ 'Windows.System.Pslist.json': rows('s', 10) }, { password: 'hello' })
  expect(await mara.importFile('secret.zip', secret, { password: 'hello' })).toMatchObject({ state: 'ready', rows_stored: 10 })
  expect(await mara.importFile('wrong.zip', zipOf({ 'a.json': rows('w', 10) }, { password: 'other' }))).toMatchObject({ state: 'locked' })
  for (const name of ['a', 'b', 'c']) expect(await mara.importFile(`${name}.json`, rows(name, 10))).toMatchObject({ rows_stored: 10 })
  expect(blocksLeft()).toEqual([])
})
