// A stack from the query box to the rows of one group, with the keyboard alone, and compared with a baseline.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFirstAccount, sidewaysOf, withBrowser } from '../harness/browser.ts'

const journey = withBrowser()
const folder = mkdtempSync(join(tmpdir(), 'vc-e2e-stack-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A thousand programs on one host each, fifty of all hosts, and one that two hosts have. */
const processOf = (at: number): { name: string; host: number } => {
  if (at < 1000) return { name: `tool-${at}.exe`, host: at % 12 }
  if (at < 1600) return { name: `app-${at % 50}.exe`, host: Math.floor(at / 50) % 12 }
  return { name: 'dsaupd.exe', host: at % 2 }
}
const rows = Array.from({ length: 1604 }, (_, at) => {
  const { name, host } = processOf(at)
  return {
    Name: name,
    Pid: at,
    Exe: `C:\\Program Files\\${name}`,
    Hostname: `HLD-FIN-${String(host).padStart(3, '0')}`,
    CreateTime: new Date(Date.UTC(2026, 2, 1) + at * 600_000).toISOString(),
  }
})
let tenant = ''

beforeAll(async () => {
  const file = join(folder, 'Windows.System.Pslist.jsonl')
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'))
  const page = journey.page()
  await createFirstAccount(page)
  await page.goto('/')
  await page.waitForURL(/\/t\//)
  tenant = /\/t\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
  await page.goto(`/t/${tenant}/imports`)
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /Choose files/ }).click()])
  await chooser.setFiles(file)
  await page.getByText('Ready', { exact: true }).first().waitFor()
})

test('by keyboard: a query is stacked, a group looked into, its rows opened, and the way back is there', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/explore`)
  await page.getByText('1\u202f604 rows', { exact: true }).first().waitFor()
  await page.keyboard.press('v')
  await page.waitForURL(/\/explore\/stack/)
  await page.getByRole('heading', { name: 'Stack rows by what they share' }).waitFor()
  await page.getByRole('button', { name: 'process_name, process_executable' }).waitFor()
  await journey.isAccessible(page)

  await page.keyboard.press('/')
  await page.keyboard.type('NOT process_name:nothing.exe | stack process_name by host')
  await page.keyboard.press('Escape')
  await page.keyboard.press('/')
  await page.keyboard.press('Enter')
  await page.getByText('1\u202f051 groups', { exact: true }).first().waitFor()
  const grid = page.getByRole('grid', { name: /Groups/ })
  await grid.getByRole('row', { name: /tool-0\.exe/ }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Space')
  const group = page.getByRole('complementary', { name: 'Group' })
  await group.getByRole('heading', { name: 'tool-1.exe' }).waitFor()
  await group.getByText('HLD-FIN-001').waitFor()
  await group.getByRole('region', { name: 'Nearest by name' }).waitFor()
  await journey.isAccessible(page)

  await page.keyboard.press('End')
  await grid.getByRole('row', { name: /app-49\.exe/ }).waitFor()
  await group.getByRole('heading', { name: /^app-/ }).waitFor()
  const link = page.url()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/explore\?/)
  await page.getByText('12 rows', { exact: true }).first().waitFor()
  await page.goBack()
  await page.waitForURL(/\/explore\/stack/)

  const other = await journey.freshPage()
  await other.context().addCookies(await page.context().cookies())
  await other.goto(link)
  await other.getByRole('complementary', { name: 'Group' }).getByRole('heading', { name: /^app-/ }).waitFor()
  await other.close()
})

test('a baseline marks what is new; one more group is marked as known, and hosts narrow what is shown', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/explore/stack?q=${encodeURIComponent('process_name:app-* | stack process_name by host')}`)
  await page.getByText('50 groups', { exact: true }).first().waitFor()
  await page.getByRole('button', { name: 'Save as baseline' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Gold image')
  await page.keyboard.press('Enter')
  await page.getByText('0 not in baseline').waitFor()

  const query = page.getByRole('combobox', { name: 'Query' })
  await query.fill('NOT process_name:tool-* | stack process_name by host')
  await page.keyboard.press('Escape')
  await query.press('Enter')
  await page.getByText('1 not in baseline').waitFor()
  const fresh = page.getByRole('row', { name: /dsaupd\.exe new/ })
  await fresh.waitFor()
  expect(await page.getByRole('row', { name: / new/ }).count()).toBe(1)
  await page.getByRole('button', { name: /On 2–3 hosts: 1 group/ }).click()
  await expect
    .poll(() => query.inputValue())
    .toBe('NOT process_name:tool-* | stack process_name by host | where hosts >= 2 | where hosts <= 3')
  await page.getByText('1 group', { exact: true }).first().waitFor()
  await fresh.getByRole('gridcell').last().click()
  await page.keyboard.press('b')
  await page.getByText('Marked as known.').first().waitFor()
  await page.getByText('0 not in baseline').waitFor()
  await journey.isAccessible(page)
  await page.getByRole('button', { name: /Baseline: Gold image/ }).click()
  await page.getByRole('button', { name: /Gold image 51 groups/ }).waitFor()
  await page.keyboard.press('Escape')
})

test('a value and a field lead to their stack', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/explore?q=${encodeURIComponent('process_name:dsaupd.exe')}`)
  await page.getByText('4 rows', { exact: true }).first().waitFor()
  await page.getByRole('grid', { name: 'Rows' }).locator('[data-field="host_name"]').first().click()
  await page.keyboard.press('s')
  await page.waitForURL(/\/explore\/stack/)
  await page.getByText('2 groups', { exact: true }).first().waitFor()
  expect(await page.getByRole('combobox', { name: 'Query' }).inputValue()).toBe('process_name:dsaupd.exe | stack host_name by host')
})

test('a phone shows groups in two lines, and one of them as a sheet', async () => {
  const page = await journey.freshPage({ width: 390, height: 844, scheme: 'light' })
  await page.context().addCookies(await journey.page().context().cookies())
  await page.goto(`/t/${tenant}/explore/stack?q=${encodeURIComponent('| stack process_name, process_executable by host top')}`)
  await page.getByRole('row', { name: /app-0\.exe/ }).waitFor()
  expect(await sidewaysOf(page)).toBeLessThanOrEqual(0)
  await page.getByRole('row', { name: /app-0\.exe/ }).click()
  await page.getByRole('complementary', { name: 'Group' }).getByText('HLD-FIN-003').waitFor()
  await journey.isAccessible(page)
  await page.close()
  expect(journey.faults()).toEqual([])
})
