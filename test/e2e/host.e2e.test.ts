// A host's page by mouse and by keyboard: its process tree, whom it talks to, and what was collected from all hosts.
import { beforeAll, expect, test } from 'vitest'
import { createFirstAccount, sidewaysOf, withBrowser } from '../harness/browser.ts'
import { hostExports, mftRow } from '../harness/rows/host-rows.data.ts'

const journey = withBrowser()
let tenant = ''
let host = ''

beforeAll(async () => {
  const page = journey.page()
  await createFirstAccount(page)
  await page.goto('/')
  await page.waitForURL(/\/t\//)
  tenant = /\/t\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
  const headers = { origin: new URL(page.url()).origin, 'x-shown-tenant': tenant }
  const sent: readonly (readonly [hostname: string, artifact: string, results: readonly unknown[]])[] = [
    ...hostExports.map(([artifact, rows]) => ['HLD-FIN-017', artifact, rows] as const),
    ['HLD-FIN-018', 'Windows.NTFS.MFT', [mftRow]],
  ]
  for (const [hostname, artifact, results] of sent) {
    const reply = await page.request.post('/api/ingestion/ingest', { headers, data: { hostname, data: { artifact, results } } })
    expect(reply.status(), await reply.text()).toBe(200)
  }
  const hosts = (await (await page.request.get('/api/hosts')).json()) as { id: string; hostname: string }[]
  host = hosts.find((one) => one.hostname === 'HLD-FIN-017')?.id ?? ''
})

test('from the list of hosts into the process tree, by keyboard alone to a process and its rows', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/hosts`)
  await page.getByRole('link', { name: 'HLD-FIN-017' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('tab', { name: /^Overview/ }).waitFor()
  await page.getByText('never collected here').waitFor()
  await journey.isAccessible(page)
  await page.getByRole('tab', { name: /^Overview/ }).focus()
  await page.keyboard.press('ArrowRight')
  const tree = page.getByRole('treegrid', { name: 'Process tree' })
  await tree.waitFor()
  expect(page.url()).toContain('/processes')
  await tree.focus()
  await page.keyboard.press('Home')
  await tree.getByRole('row', { selected: true }).getByText('wininit.exe').waitFor()
  await page.keyboard.press('ArrowLeft')
  await expect.poll(() => tree.getByText('services.exe').count()).toBe(0)
  await page.keyboard.press('ArrowRight')
  await tree.getByText('services.exe').waitFor()
  await page.keyboard.press('End')
  await tree.getByRole('row', { selected: true }).getByText('cmd.exe').waitFor()
  expect(await tree.getByRole('row', { selected: true }).getAttribute('aria-level')).toBe('4')
  const detail = page.getByRole('region', { name: /Process cmd.exe 8044/ })
  await detail.getByText('Security 4689').waitFor()
  await journey.isAccessible(page)
  const address = page.url()
  await page.keyboard.press('ArrowLeft')
  await page
    .getByRole('region', { name: /Process dsaupd.exe 7316/ })
    .getByText('Sysmon 1')
    .waitFor()
  await page.goto(address)
  await detail.getByRole('link', { name: 'Its rows' }).press('Enter')
  await page.getByText('2 rows', { exact: true }).first().waitFor()
})

test('a filter shows what it finds with its parents, and the list shows it without them', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/hosts/${host}/processes`)
  await page.getByLabel('Filter processes').fill('nltest')
  await page.getByText('1 of 6 processes').waitFor()
  expect(await page.getByRole('treegrid').getByRole('row').count()).toBe(5)
  await page.getByRole('button', { name: 'List', exact: true }).click()
  await expect.poll(() => page.getByRole('treegrid').getByRole('row').count()).toBe(2)
})

test.each(['persistence', 'logons', 'software', 'timeline'])('the tab %s shows what was collected', async (tab) => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/hosts/${host}/${tab}`)
  await page.getByRole('tab', { selected: true, name: new RegExp(`^${tab}`, 'i') }).waitFor()
  if (tab === 'timeline')
    await page
      .getByText(/\d+ times/)
      .first()
      .waitFor()
  else await page.getByText(/ from \d+ rows/).waitFor()
  await journey.isAccessible(page)
})

test('the network is a table first, with a graph beside it whose peers lead to their rows', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/hosts/${host}/network`)
  await page.getByText('4 connections from 4 rows').waitFor()
  await journey.isAccessible(page)
  await page.getByRole('button', { name: 'Listening' }).click()
  await page.getByText('1 listening port from 1 row').waitFor()
  await page.getByRole('button', { name: 'Graph' }).click()
  await page.getByText('all 3 addresses').waitFor()
  await journey.isAccessible(page)
  await page.getByRole('link', { name: /203\.0\.113\.77, no other host, 2 rows/ }).press('Enter')
  await page.getByText('2 rows', { exact: true }).first().waitFor()
})

test('coverage shows the holes, is walked by keys, and fits a phone', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/hosts/coverage`)
  const grid = page.getByRole('grid', { name: /Coverage/ })
  await grid.getByRole('gridcell', { name: /HLD-FIN-017, Windows.NTFS.MFT: never collected/ }).waitFor()
  await journey.isAccessible(page)
  await grid.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/explore\?/)
  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of ['coverage', host, `${host}/processes`, `${host}/network`]) {
    await page.goto(`/t/${tenant}/hosts/${path}`)
    await page.waitForLoadState('networkidle')
    expect(await sidewaysOf(page), path).toBeLessThanOrEqual(0)
  }
  expect(journey.faults()).toEqual([])
})
