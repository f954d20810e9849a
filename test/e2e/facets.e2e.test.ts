// Facets, how many hosts have a value, the histogram over any time, and the columns: what stands around the rows of Explore.
import { beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { sidewaysOf, withBrowser } from '../harness/browser.ts'
import { type Client, firstAccount, password, untilSettled } from '../harness/server.ts'

const journey = withBrowser()
const patient = { timeout: 10_000 }
let client: Client
let tenant = ''

/** A hundred rows of twelve hosts; one program is on two of them. */
const rowsOf = (hosts: readonly number[]): string =>
  hosts
    .flatMap((host) =>
      Array.from({ length: 8 }, (_, at) => ({
        Name: at === 7 && host % 6 === 0 ? 'dsaupd.exe' : 'svchost.exe',
        Pid: host * 10 + at,
        Hostname: `WS-${host}`,
        Username: `HALDEN\\user${at % 3}`,
        CreateTime: new Date(Date.UTC(2026, 2, 11, host, at)).toISOString(),
        ...(at % 2 === 0 ? { Modified: new Date(Date.UTC(2025, host % 12, 1 + at)).toISOString() } : {}),
      })),
    )
    .map((row) => JSON.stringify(row))
    .join('\n')

const bring = async (name: string, hosts: readonly number[]): Promise<string> => {
  const { body } = await client.upload([{ name, data: rowsOf(hosts) }])
  const id = body.imports[0]?.id ?? ''
  expect((await untilSettled(client, id)).state).toBe('ready')
  return id
}

const open = async (page: Page, search = ''): Promise<void> => {
  await page.goto(`/t/${tenant}/explore${search}`)
  await page.getByRole('grid').getByText('svchost.exe').first().waitFor()
}

const panelOf = (page: Page) => page.getByRole('complementary', { name: 'Fields' })

beforeAll(async () => {
  client = await firstAccount(journey.server().url)
  const { body } = await client.call<{ tenant_id: string }>('GET', '/api/auth/me')
  tenant = body.tenant_id
  await bring(
    'Windows.System.Pslist.jsonl',
    Array.from({ length: 12 }, (_, at) => at + 1),
  )
  const signIn = await journey
    .page()
    .request.post('/api/auth/session', { data: { username: 'mara', password }, headers: { 'sec-fetch-site': 'same-origin' } })
  expect(signIn.ok()).toBe(true)
})

describe('facets', () => {
  test('are opened by keys, say exactly what the rows hold, turn to the rarest, and stay open and pinned', async () => {
    const page = journey.page()
    await open(page)
    const panel = panelOf(page)
    const field = panel.getByRole('button', { name: /^\W*\w?\s*process_name/ }).first()
    await field.focus()
    await page.keyboard.press('Enter')
    await panel.getByText('2 values in 100% of rows').waitFor()
    expect(await panel.locator('.field-top button.mono').allInnerTexts()).toEqual(['svchost.exe', 'dsaupd.exe'])
    await panel.getByRole('button', { name: 'Rarest' }).click()
    expect(await panel.locator('.field-top button.mono').allInnerTexts()).toEqual(['dsaupd.exe', 'svchost.exe'])
    await panel.locator('.field-top .prevalence').first().waitFor()
    expect(await panel.locator('.field-top .prevalence').allInnerTexts()).toEqual([
      expect.stringMatching(/^2\b/),
      expect.stringMatching(/^12\b/),
    ])
    await journey.isAccessible(page)
    await page.reload()
    await panel.getByText('2 values in 100% of rows').waitFor()
    await panel.getByRole('button', { name: 'Only dsaupd.exe' }).click()
    await page.getByText('2 rows', { exact: true }).first().waitFor()
    expect(new URL(page.url()).searchParams.get('f')).toBe('process_name:dsaupd.exe')
    await panel.getByText('1 value in 100% of rows').waitFor()
  })

  test('show that they take long, are given up each for itself, and counted after all', async () => {
    const page = journey.page()
    let held = 0
    await page.route('**/api/search/facets', async (route) => {
      held += 1
      if (held > 1) return route.continue()
      await new Promise((later) => setTimeout(later, 4000))
      await route.abort().catch(() => undefined)
    })
    await open(page)
    const panel = panelOf(page)
    await panel.getByText(/^Counting for/).waitFor()
    const broken = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/search/facets'))
    await panel.getByRole('button', { name: 'Cancel' }).click()
    await broken
    await panel.getByText('Not counted: it was cancelled.').waitFor()
    expect(await page.getByRole('grid').getByText('svchost.exe').count()).toBeGreaterThan(0)
    await panel.getByRole('button', { name: 'Count', exact: true }).click()
    await panel.getByText('2 values in 100% of rows').waitFor()
    await page.unroute('**/api/search/facets')
  })
})

describe('how many hosts have a value', () => {
  const hostsIn = (page: Page) => page.getByRole('menu').locator('.prevalence-line')
  const openMenu = async (page: Page) => {
    await page.getByRole('grid').getByText('dsaupd.exe').first().click()
    await page.getByRole('menu').waitFor()
  }

  test('stands in the grid, in the row and in the menu, and follows imports and deletions', async () => {
    const page = journey.page()
    await page.goto(`/t/${tenant}/explore?q=dsaupd.exe`)
    await openMenu(page)
    await expect.poll(() => hostsIn(page).innerText(), patient).toBe('2 of 12 hosts, since 2026-03-11 06:07 UTC')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('grid').locator('.cell-seen-on .prevalence').allInnerTexts(), patient).toHaveLength(2)
    await page.keyboard.press('Space')
    const fields = page.getByRole('complementary', { name: 'Row' }).locator('.detail-field', { hasText: 'process_name' })
    await fields.locator('.prevalence').waitFor()
    await journey.isAccessible(page)

    const second = await bring('Windows.System.Pslist.more.jsonl', [18, 19])
    await page.reload()
    await openMenu(page)
    await expect.poll(() => hostsIn(page).innerText(), patient).toMatch(/^3 of 14 hosts/)
    expect((await client.call('DELETE', `/api/ingestion/imports/${second}`)).status).toBeLessThan(300)
    await expect.poll(async () => (await client.call('GET', `/api/ingestion/imports/${second}`)).status, patient).toBe(404)
    await page.reload()
    await openMenu(page)
    await expect.poll(() => hostsIn(page).innerText(), patient).toMatch(/^2 of 12 hosts/)
    await page.keyboard.press('Escape')
  })
})

describe('the histogram', () => {
  test('runs over another time and by another field, zooms to a stretch of it as a filter, and goes back, all by keys', async () => {
    const page = journey.page()
    await open(page)
    const chart = page.getByRole('region', { name: 'Rows over time' })
    await chart.getByRole('button', { name: /^The bars run over/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'The bars run over' }).waitFor()
    await page.keyboard.type('Modif')
    await journey.isAccessible(page)
    await page.keyboard.press('Enter')
    await page.waitForURL(/time=Modified/)
    await chart.getByText('48 without Modified').waitFor()
    await chart.getByRole('button', { name: /^The bars are coloured by/ }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('user_name')
    await page.keyboard.press('Enter')
    await chart.getByRole('button', { name: /HALDEN\\user0/ }).waitFor()

    const bars = chart.getByRole('slider')
    await bars.focus()
    for (const key of ['End', 'Shift+Home', 'Enter']) await page.keyboard.press(key)
    await page.waitForURL(/f=Modified/)
    await page.getByText('48 rows', { exact: true }).first().waitFor()
    await chart.getByRole('button', { name: 'Zoom out' }).waitFor()
    await bars.focus()
    await page.keyboard.press('Backspace')
    await page.getByText('96 rows', { exact: true }).first().waitFor()
    expect(new URL(page.url()).searchParams.get('f')).toBeNull()
    await chart.getByRole('button', { name: '48 without Modified' }).click()
    await page.getByText('48 rows', { exact: true }).first().waitFor()
  })
})

test('columns are moved by dragging their heads and by keys, and are remembered', async () => {
  const page = journey.page()
  await open(page)
  const heads = async () => (await page.getByRole('columnheader').allInnerTexts()).slice(1).map((text) => text.trim())
  await expect.poll(heads, patient).toEqual(['Time, UTC', 'Host', 'Artifact', 'Name and path', 'Hosts'])
  await page.getByRole('button', { name: 'Artifact', exact: true }).dragTo(page.getByRole('button', { name: 'Host', exact: true }))
  await expect.poll(heads, patient).toEqual(['Time, UTC', 'Artifact', 'Host', 'Name and path', 'Hosts'])
  await page.getByRole('button', { name: 'Artifact', exact: true }).focus()
  await page.keyboard.press('Shift+ArrowLeft')
  await expect.poll(heads, patient).toEqual(['Artifact', 'Time, UTC', 'Host', 'Name and path', 'Hosts'])
  await page.keyboard.press('Shift+ArrowRight')
  await expect.poll(heads, patient).toEqual(['Time, UTC', 'Artifact', 'Host', 'Name and path', 'Hosts'])
  await open(page)
  // which columns are remembered follows from the artifacts of the rows, which come with the histogram
  await expect.poll(heads, patient).toEqual(['Time, UTC', 'Artifact', 'Host', 'Name and path', 'Hosts'])
})

test('fits a phone, whatever stands around the rows', async () => {
  const page = await journey.freshPage({ width: 390, height: 844, scheme: 'light' })
  await page.request.post('/api/auth/session', { data: { username: 'mara', password }, headers: { 'sec-fetch-site': 'same-origin' } })
  await open(page, '?time=Modified&by=user_name')
  await page.getByText('48 without Modified').waitFor()
  expect(await sidewaysOf(page)).toBe(0)
  await page.getByRole('button', { name: 'Show fields' }).click()
  await panelOf(page).getByText('process_name').first().waitFor()
  await journey.isAccessible(page)
  expect(journey.faults()).toEqual([])
})
