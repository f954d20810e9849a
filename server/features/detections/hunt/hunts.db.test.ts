import { expect, it } from 'vitest'
import { type Caller, withApp } from '../../../../test/harness/app.ts'
import type { BacktestReply, Hunt } from '../../../../shared/contract/detect/hunts.ts'

const product = withApp()

const ruleText = `title: A tool that is made up
id: 0f1b6d3e-7a1e-4a55-9c3c-2d3f5b8e6a10
name: made_up_tool
level: high
logsource: {category: process_creation, product: windows}
detection:
  a: {Image|endswith: '\\made-up-tool.exe'}
  condition: a
`
const correlationText = `title: The tool that is made up, again and again
level: critical
correlation:
  type: event_count
  rules: [0f1b6d3e-7a1e-4a55-9c3c-2d3f5b8e6a10]
  group-by: [User]
  timespan: 1m
  condition: {gte: 3}
  generate: true
`

const lineOf = (second: number, image: string, user: string): string =>
  JSON.stringify({
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    EventID: 1,
    Hostname: 'host-1',
    EventTime: `2026-11-24 10:00:${String(second).padStart(2, '0')}`,
    '@timestamp': `2026-11-24T10:00:${String(second).padStart(2, '0')}.000Z`,
    Image: image,
    User: user,
  })
const fileOf = (...lines: string[]): string => `${lines.join('\n')}\n`
const tool = String.raw`C:\made-up-tool.exe`

const settled = async (who: Caller, path: string): Promise<Hunt> => {
  for (const end = Date.now() + 40_000; Date.now() < end; await new Promise((again) => setTimeout(again, 100))) {
    const { body } = await who.call<Hunt[]>('GET', path)
    const [first] = body
    if (first !== undefined && first.state !== 'queued' && first.state !== 'running') return first
  }
  throw new Error(`waited 40 s for ${path}`)
}
const historyOf = (who: Caller): Promise<Hunt> => settled(who, '/api/detections/hunts?kind=history&limit=1')
const ofImport = (who: Caller, id: string): Promise<Hunt> => settled(who, `/api/detections/hunts?import_id=${id}&limit=1`)
const raised = async (who: Caller): Promise<string[]> =>
  (await who.call<{ title: string }[]>('POST', '/api/detections/list', {})).body.map(({ title }) => title).toSorted()

it('rules find their rows in all that is stored and in what comes, once, and lose them when the rows go', {
  timeout: 180_000,
}, async () => {
  const lead = await product.person('hunters', 'lead')
  const first = await lead.importFile(
    'events.jsonl',
    fileOf(lineOf(1, tool, 'bob'), lineOf(2, tool, 'eve'), lineOf(3, String.raw`C:\x.exe`, 'bob')),
  )
  await ofImport(lead, first.id)

  const tried = await lead.call<BacktestReply>('POST', '/api/rules/backtest', { rule: ruleText, with_sql: true })
  expect(tried.body).toMatchObject({ total: 2, hosts: 1, without_time: 0 })
  expect(tried.body.buckets.reduce((sum, { rows }) => sum + rows, 0)).toBe(2)
  expect(tried.body.rows.map(({ values }) => values)).toEqual([[{ field: 'Image', values: [tool] }], [{ field: 'Image', values: [tool] }]])
  expect(tried.body.sql).toContain('{p0:')
  expect(tried.body.sql).not.toContain('made-up-tool')

  expect((await lead.call('POST', '/api/rules', { text: ruleText })).status).toBeLessThan(300)
  expect((await lead.call<{ message: string }>('POST', '/api/rules', { text: correlationText })).status).toBeLessThan(300)
  // what is written is run over all that is there, unasked
  await expect.poll(() => raised(lead), { timeout: 30_000 }).toEqual(['A tool that is made up'])
  await historyOf(lead)

  await lead.call('POST', '/api/detections/hunts', {})
  expect(await historyOf(lead)).toMatchObject({ state: 'done', rows_seen: 0, matches: 0 })

  const second = await lead.importFile('more.jsonl', fileOf(lineOf(30, tool, 'bob'), lineOf(61 - 1, tool, 'BOB')))
  expect(await ofImport(lead, second.id)).toMatchObject({ state: 'done', rows_seen: 2, matches: 5 })
  expect(await raised(lead)).toEqual(['A tool that is made up', 'The tool that is made up, again and again'])

  await lead.call('DELETE', `/api/ingestion/imports/${first.id}`)
  await lead.call('DELETE', `/api/ingestion/imports/${second.id}`)
  for (const end = Date.now() + 40_000; Date.now() < end && (await raised(lead)).length > 0; )
    await new Promise((again) => setTimeout(again, 200))
  expect(await raised(lead)).toEqual([])
})
