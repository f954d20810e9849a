// Rows taken along as a file, one question of several tenants, and what differs between two sides.
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { createFirstAccount, sidewaysOf, withBrowser } from '../harness/browser.ts'

const journey = withBrowser()
let home = ''
let kestrel = ''

type Sent = { status: number; body: unknown }
/** A call as the page would make it. */
const send = (page: Page, method: string, path: string, body: object): Promise<Sent> =>
  page.evaluate(
    async ([how, url, json]) => {
      const reply = await fetch(url, { method: how, headers: { 'content-type': 'application/json' }, body: json })
      const text = await reply.text()
      return { status: reply.status, body: text === '' ? null : (JSON.parse(text) as unknown) }
    },
    [method, path, JSON.stringify(body)] as const,
  )
const ingest = async (page: Page, hostname: string, artifact: string, results: readonly object[]): Promise<void> => {
  expect((await send(page, 'POST', '/api/ingestion/ingest', { hostname, data: { artifact, results } })).status).toBe(200)
}
const totalOf = async (page: Page): Promise<number> =>
  ((await send(page, 'POST', '/api/search', { query: '', limit: 1 })).body as { total: number }).total
const untilRows = async (page: Page, wanted: number): Promise<void> => {
  for (const end = Date.now() + 20_000; (await totalOf(page)) < wanted; await new Promise((again) => setTimeout(again, 100)))
    if (Date.now() > end) throw new Error(`there are not ${wanted} rows`)
}

const started = (minute: number): string => `2026-03-12T08:${String(minute).padStart(2, '0')}:00Z`
const processes = (host: string): object[] => [
  { Name: 'svchost.exe', Exe: 'C:\\Windows\\svchost.exe', Username: 'SYSTEM', Pid: 4, CreateTime: started(1) },
  { Name: 'agent.exe', Exe: 'C:\\agent.exe', Username: host === 'HLD-1' ? 'SYSTEM' : 'mallory', Pid: 8, CreateTime: started(2) },
  host === 'HLD-1'
    ? { Name: 'old.exe', Exe: 'C:\\old.exe', Username: 'SYSTEM', Pid: 12, CreateTime: started(3) }
    : { Name: '=cmd|calc!A0', Exe: 'C:\\"new",\n.exe', Username: 'SYSTEM', Pid: 16, CreateTime: started(4) },
]

describe('hunting over more than one page', () => {
  test('rows of two hosts and of a second tenant are there', async () => {
    const page = journey.page()
    await page.goto('/')
    await createFirstAccount(page)
    await page.goto('/')
    await page.waitForURL(/\/t\/[0-9a-f-]{36}/)
    home = /\/t\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
    for (const host of ['HLD-1', 'HLD-2']) await ingest(page, host, 'Windows.System.Pslist', processes(host))
    await untilRows(page, 6)
    const made = await send(page, 'POST', '/api/tenants', { name: 'Kestrel Rail' })
    kestrel = (made.body as { id: string }).id
    expect((await send(page, 'POST', `/api/tenants/${kestrel}/join`, { role: 'analyst' })).status).toBe(200)
    expect((await send(page, 'POST', '/api/auth/switch', { tenant_id: kestrel })).status).toBe(200)
    await ingest(page, 'KST-1', 'Windows.System.Pslist', [{ Name: 'agent.exe', Exe: 'C:\\agent.exe', Pid: 3, CreateTime: started(5) }])
    await untilRows(page, 1)
    expect((await send(page, 'POST', '/api/auth/switch', { tenant_id: home })).status).toBe(200)
  })

  test('an export is the whole result as a file, with no cell that is a formula, and says so', async () => {
    const page = journey.page()
    await page.goto(`/t/${home}/explore`)
    await page.getByRole('button', { name: 'Export 6 rows' }).click()
    await journey.isAccessible(page)
    await page.getByLabel('Format').selectOption('csv')
    const downloading = page.waitForEvent('download')
    await page.getByRole('dialog', { name: 'Export' }).getByRole('button', { name: 'Export 6 rows' }).click()
    const file = await downloading
    const panel = page.getByRole('region', { name: 'Export' })
    await panel.getByText('The file is whole.').waitFor()
    await journey.isAccessible(page)
    expect(file.suggestedFilename()).toMatch(/^rows-.*\.csv$/)
    const rows = parse(readFileSync(await file.path()), { columns: true, bom: true }) as Record<string, string>[]
    expect(rows.map((row) => row.Name).sort()).toEqual(["'=cmd|calc!A0", 'agent.exe', 'agent.exe', 'old.exe', 'svchost.exe', 'svchost.exe'])
    expect(rows.find((row) => row.Name?.includes('calc'))?.Exe).toBe('C:\\"new",\n.exe')
    await panel.getByRole('button', { name: 'Close export' }).click()
    expect(await panel.count()).toBe(0)
  })

  test('one question goes to all tenants; each row names its tenant and opens there', async () => {
    const page = journey.page()
    await page.goto(`/t/${home}/explore`)
    await page.getByRole('button', { name: /^Tenant: Halden Maritime/ }).click()
    await page.getByRole('menuitem', { name: 'Explore all tenants' }).click()
    await page.getByRole('heading', { name: 'Explore all tenants' }).waitFor()
    const box = page.getByRole('combobox', { name: 'Query' })
    await box.fill('process_name:agent.exe')
    await box.press('Enter')
    await page.getByText('3 rows = 2 Halden Maritime + 1 Kestrel Rail.').waitFor()
    const list = page.getByRole('listbox', { name: /Rows by time/ })
    expect(await list.getByRole('option').first().textContent()).toContain('Kestrel Rail')
    await journey.isAccessible(page)
    await page.getByRole('button', { name: /^Kestrel Rail/ }).click()
    await page.getByText('2 rows.').waitFor()
    await page.reload()
    await page.getByText('2 rows.').waitFor()
    await page.getByRole('button', { name: /^Kestrel Rail/ }).click()
    await page.getByText('3 rows =').waitFor()
    await list.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(new RegExp(`/t/${kestrel}/explore.*row=`))
    await page.getByRole('heading', { name: 'agent.exe' }).waitFor()
    expect((await send(page, 'POST', '/api/auth/switch', { tenant_id: home })).status).toBe(200)
  })

  test('two hosts are compared by a key, changed rows show what differs, and a link restores it', async () => {
    const page = journey.page()
    await page.goto(`/t/${home}/hosts`)
    await page.getByRole('link', { name: 'Compare' }).click()
    for (const [side, host] of [
      ['Left', 'HLD-1'],
      ['Right', 'HLD-2'],
    ] as const) {
      await page.getByRole('button', { name: `${side}: choose hosts` }).click()
      await page.getByRole('checkbox', { name: host }).check()
      await page.keyboard.press('Escape')
    }
    await page.getByRole('tab', { name: /^Changed\s?1$/ }).waitFor()
    await page.getByText('3 = 1 gone + 1 changed + 1 same').waitFor()
    await page.getByText('3 = 1 new + 1 changed + 1 same').waitFor()
    await page.getByRole('option', { name: /agent\.exe/ }).click()
    const both = page.getByRole('region', { name: 'Both rows' })
    await both.getByRole('row', { name: /Username.*SYSTEM.*mallory/ }).waitFor()
    await journey.isAccessible(page)
    const link = page.url()
    await page.getByRole('tab', { name: /^New\s?1$/ }).click()
    await page.getByRole('option', { name: /calc/ }).waitFor()
    await page.getByRole('button', { name: 'Same thing by: without process_executable' }).click()
    await page.getByRole('tab', { name: /^Same\s?1$/ }).waitFor()
    await page.goto(link)
    await both.getByText('mallory').waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await sidewaysOf(page)).toBe(0)
    await journey.isAccessible(page)
    expect(journey.faults()).toEqual([])
  })
})
