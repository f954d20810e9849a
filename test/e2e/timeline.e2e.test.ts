// A query as a timeline: lanes that are zoomed into, the moments below them, and the way from a row to what its host did around it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFirstAccount, sidewaysOf, withBrowser } from '../harness/browser.ts'

const journey = withBrowser()
const folder = mkdtempSync(join(tmpdir(), 'vc-e2e-timeline-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = Date.UTC(2026, 2, 12)
const iso = (ms: number): string => new Date(ms).toISOString()
const kinds = ['Created', 'LastModified', 'LastRecordChange', 'LastAccess']
/** Every second entry has one time in all its columns, the others have two. */
const mft = Array.from({ length: 300 }, (_, at) => {
  const made = start + at * 60_000
  const times = kinds.flatMap((kind) => [
    [`${kind}0x10`, iso(at % 2 === 1 && kind === 'LastAccess' ? made + 1500 : made)],
    [`${kind}0x30`, iso(made)],
  ])
  return { Hostname: 'HLD-FIN-017', OSPath: `C:\\files\\f${at}.txt`, FileName: `f${at}.txt`, ...Object.fromEntries(times) }
})
const processes = Array.from({ length: 40 }, (_, at) => ({
  Hostname: at % 2 === 0 ? 'HLD-FIN-017' : 'HLD-FIN-001',
  Pid: at,
  Name: `proc-${at}.exe`,
  CreateTime: iso(start + at * 60_000 + 500),
}))
const allMoments = 450 + 40
let tenant = ''

beforeAll(async () => {
  const files = [
    { name: 'Windows.NTFS.MFT.jsonl', rows: mft },
    { name: 'Windows.System.Pslist.jsonl', rows: processes },
  ].map(({ name, rows }) => {
    const file = join(folder, name)
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'))
    return file
  })
  const page = journey.page()
  await createFirstAccount(page)
  await page.goto('/')
  await page.waitForURL(/\/t\//)
  tenant = /\/t\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
  await page.goto(`/t/${tenant}/imports`)
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /Choose files/ }).click()])
  await chooser.setFiles(files)
  await page.getByText('Ready', { exact: true }).nth(1).waitFor()
})

const param = (name: string): string | null => new URL(journey.page().url()).searchParams.get(name)
const spanMs = (): number => Date.parse(param('to') ?? '') - Date.parse(param('from') ?? '')

test('every time of every row stands in lanes that keys zoom into, and in a list', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/explore`)
  await page.getByText('340 rows', { exact: true }).first().waitFor()
  await page.keyboard.press('v')
  await page.keyboard.press('v')
  await page.waitForURL(/explore\/timeline/)
  await page.getByText(`${allMoments} moments`, { exact: true }).first().waitFor()
  const chart = page.getByRole('group', { name: /^Moments over time/ })
  await chart.waitFor()
  await page.getByRole('button', { name: 'HLD-FIN-001' }).waitFor()
  await chart.focus()
  await page.keyboard.press('+')
  await page.keyboard.press('+')
  await expect.poll(() => Math.round(spanMs() / 60_000)).toBe(75)
  const zoomed = Date.parse(param('from') ?? '')
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => Math.round((Date.parse(param('from') ?? '') - zoomed) / 60_000)).toBe(19)
  await page.keyboard.press('0')
  await expect.poll(() => param('from')).toBeNull()
  await page.getByText('2026-03-12 00:00:00 to 2026-03-12 04:59:01', { exact: false }).waitFor()
  await page.getByText(`${allMoments} moments`, { exact: true }).first().waitFor()
})

test('a drag chooses a range, a wheel zooms into it, and a click goes to its moment', async () => {
  const page = journey.page()
  const box = await page.getByRole('group', { name: /^Moments over time/ }).boundingBox()
  if (box === null) throw new Error('the chart is not there')
  const [y, at] = [box.y + 10, (share: number) => box.x + box.width * share]
  await page.mouse.click(at(0.5), y)
  await expect.poll(() => page.locator('.grid-current .cell-time').textContent()).toMatch(/02:2[5-9]|02:3[0-2]/)
  await page.mouse.move(at(0.25), y)
  await page.mouse.down()
  await page.mouse.move(at(0.5), y, { steps: 4 })
  await page.mouse.up()
  await expect.poll(() => Math.round(spanMs() / 60_000)).toBe(75)
  await page.mouse.wheel(0, -100)
  await expect.poll(() => spanMs() < 70 * 60_000).toBe(true)
  await page.getByRole('button', { name: 'All there is' }).click()
  await expect.poll(() => param('from')).toBeNull()
})

test('one column of times is chosen in the query itself', async () => {
  const page = journey.page()
  await page.getByLabel('Times', { exact: true }).selectOption('LastAccess0x10')
  await page.getByText('300 moments', { exact: true }).first().waitFor()
  const query = page.getByRole('combobox', { name: 'Query' })
  expect(await query.inputValue()).toBe('| timeline LastAccess0x10')
  await page.getByText('40 rows of the query without such a time.').waitFor()
  await page.goto(`/t/${tenant}/explore`)
  await query.fill('artifact:*Pslist | timeline timestamp')
  await page.keyboard.press('Enter')
  await page.waitForURL(/explore\/timeline/)
  await page.getByText('40 moments', { exact: true }).first().waitFor()
  await query.fill('')
  await page.keyboard.press('Enter')
})

test('from a row to what its host did around it, and back from the address', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/explore/timeline?q=file_name:f101.txt&lanes=artifact`)
  await page.getByText('2 moments', { exact: true }).first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Space')
  await expect.poll(() => param('at')).toBe('2026-03-12T01:41:01.500Z')
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'What its host did around it' }).waitFor()
  await page.keyboard.press('Escape')
  const row = page.getByRole('complementary', { name: 'Row' })
  await row.getByRole('button', { name: 'What this host did around this row' }).click()
  await page.getByRole('menuitem', { name: '± 1 min' }).click()
  // Both times of the row itself, and the one of the next.
  await page.getByText('3 moments', { exact: true }).first().waitFor()
  expect([param('q'), param('hosts')?.length]).toEqual([null, 36])
  await journey.isAccessible(page)
  await page.reload()
  await page.getByText('3 moments', { exact: true }).first().waitFor()
  await expect.poll(() => page.locator('.grid-current .cell-time').textContent()).toContain('01:41:01.500')
  await expect.poll(() => page.locator('.lanes-mark').count()).toBe(2)
  await page.getByLabel('Minutes before and after the marked moment').fill('3')
  await page.keyboard.press('Enter')
  await expect.poll(() => spanMs()).toBe(360_000)
  expect(journey.faults()).toEqual([])
})

test('a phone shows it without scrolling sideways', async () => {
  const page = journey.page()
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/t/${tenant}/explore/timeline`)
  await page.getByText(`${allMoments} moments`, { exact: true }).first().waitFor()
  await page.locator('.lanes-plot').waitFor()
  expect(await sidewaysOf(page)).toBeLessThanOrEqual(0)
  await journey.isAccessible(page)
})
