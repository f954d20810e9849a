// What hunters keep: tags and comments on rows, saved searches, the tree of searches, aliases, schedules and the bell. Once by keys alone.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { createFirstAccount, withBrowser } from '../harness/browser.ts'

const journey = withBrowser()
const folder = mkdtempSync(join(tmpdir(), 'vc-e2e-notes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const rowsOf = (host: string, n: number) =>
  Array.from({ length: n }, (_, at) =>
    JSON.stringify({
      Name: `proc-${at}.exe`,
      Pid: at,
      CommandLine: `proc-${at}.exe --run`,
      Hostname: host,
      CreateTime: new Date(Date.UTC(2026, 2, 11) + at * 60_000).toISOString(),
    }),
  ).join('\n')
let tenant = ''

const bring = async (page: Page, name: string, text: string) => {
  const file = join(folder, name)
  writeFileSync(file, text)
  await page.goto(`/t/${tenant}/imports`)
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /Choose files/ }).click()])
  await chooser.setFiles(file)
  const readyOf = async () => {
    const imports = (await (await page.request.get('/api/ingestion/imports')).json()) as { files: { name: string }[]; state: string }[]
    return imports.find((one) => one.files[0]?.name === name)?.state
  }
  while ((await readyOf()) !== 'ready') await page.waitForTimeout(100)
}
const ask = async (page: Page, query: string) => {
  const box = page.getByRole('combobox', { name: 'Query' })
  await box.fill(query)
  await page.keyboard.press('Enter')
}

beforeAll(async () => {
  const page = journey.page()
  await createFirstAccount(page)
  await page.goto('/')
  await page.waitForURL(/\/t\//)
  tenant = /\/t\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
  await bring(page, 'Windows.System.Pslist.jsonl', rowsOf('WS-1', 30))
})

test('rows are tagged by keys alone, seen with their tags, and found by them', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/explore`)
  await page.getByText('30 rows', { exact: true }).first().waitFor()
  for (const key of ['j', 'x', 'j', 'x', 't']) await page.keyboard.press(key)
  const tags = page.getByRole('dialog', { name: 'Tags' })
  await tags.getByText('Tags of 2 rows').waitFor()
  await page.keyboard.type('Evil Twin')
  await page.keyboard.press('Enter')
  await tags.getByRole('checkbox', { name: 'evil twin' }).waitFor()
  await expect.poll(() => tags.getByRole('checkbox', { name: 'evil twin' }).isChecked()).toBe(true)
  await journey.isAccessible(page)
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('.grid-notes').count()).toBe(2)
  await page.keyboard.press('/')
  await page.keyboard.type('tag:"evil twin"')
  await page.keyboard.press('Enter')
  await page.getByText('2 rows', { exact: true }).first().waitFor()
  // one of them loses it again, by its keys
  await page.keyboard.press('Escape')
  for (const key of ['j', 't']) await page.keyboard.press(key)
  await tags.getByText('Tags of this row').waitFor()
  await tags.getByRole('checkbox', { name: 'evil twin', checked: true }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await expect.poll(() => tags.getByRole('checkbox', { name: 'evil twin' }).isChecked()).toBe(false)
  await page.keyboard.press('Escape')
  await ask(page, 'tag:*')
  await page.getByText('1 row', { exact: true }).first().waitFor()
})

test('a row is commented on beside it, and only as text', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/explore?q=Pid:7`)
  await page.getByText('1 row', { exact: true }).first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Space')
  await page.getByRole('tab', { name: /Notes/ }).click()
  const panel = page.getByRole('tabpanel', { name: 'notes' })
  await panel.getByLabel(/^Comment/).fill('Seen on the jump host\n<b onclick=alert(1)>too</b>')
  await panel.getByRole('button', { name: 'Comment', exact: true }).click()
  await panel.getByText('<b onclick=alert(1)>too</b>').waitFor()
  await journey.isAccessible(page)
  await panel.getByRole('button', { name: 'Edit' }).click()
  await panel.getByLabel('Comment', { exact: true }).fill('Seen on the jump host')
  await panel.getByRole('button', { name: 'Save comment' }).click()
  await panel.getByText(', edited').waitFor()
  await ask(page, 'comment:*JUMP*')
  await page.getByText('1 row', { exact: true }).first().waitFor()
  await page.goto(`/t/${tenant}/notes?text=jump`)
  await page.getByRole('table', { name: 'Rows with notes' }).getByText('Seen on the jump host').waitFor()
  await journey.isAccessible(page)
})

test('a search is saved with a parameter, asks for it, and says what is new', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/explore?q=Hostname:WS-1`)
  await page.getByText('30 rows', { exact: true }).first().waitFor()
  await page.getByRole('button', { name: 'Saved searches' }).click()
  await page.getByRole('button', { name: 'Save this search' }).click()
  const form = page.getByRole('dialog', { name: 'Save this search' })
  await form.getByLabel('Name', { exact: true }).fill('All of a host')
  await form.getByLabel('Query').fill('Hostname:{{host}}')
  await form.getByLabel('Default of host').fill('WS-1')
  await form.getByLabel('Folder').fill('Triage')
  await form.getByRole('checkbox', { name: /Share/ }).check()
  await journey.isAccessible(page)
  await form.getByRole('button', { name: 'Save search' }).click()
  await form.waitFor({ state: 'hidden' })
  const run = async () => {
    await page.getByRole('button', { name: 'Saved searches' }).click()
    await page.getByLabel('Find a saved search').fill('host')
    await page.getByRole('button', { name: /^All of a host/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: /^Run/ }).getByRole('button', { name: 'Run' }).click()
  }
  await run()
  await page.getByText(/runs for the first time here/).waitFor()
  await bring(page, 'Windows.System.Pslist.more.jsonl', rowsOf('WS-1', 34))
  await page.goto(`/t/${tenant}/explore`)
  await run()
  await page.getByText(/new rows? since you ran/).waitFor()
  await page.waitForLoadState('networkidle')
  await journey.isAccessible(page)
  await page.getByRole('button', { name: /^Show \d+ new rows?$/ }).click()
  await page.waitForURL(/ingested_at/)
})

test('the searches of before are a tree that brings them back by keys', async () => {
  const page = journey.page()
  const noted = () =>
    page.waitForResponse((reply) => reply.url().endsWith('/api/search-history') && reply.request().method() === 'POST' && reply.ok())
  await Promise.all([noted(), page.goto(`/t/${tenant}/explore?q=Pid:1`)])
  for (const query of ['Pid:1 OR Pid:2', 'Pid:1 OR Pid:3']) await Promise.all([noted(), ask(page, query)])
  await page.getByRole('button', { name: 'Searches before' }).click()
  const tree = page.getByRole('tree', { name: 'Your searches' })
  await tree.getByText('Pid:1 OR Pid:3').waitFor()
  await journey.isAccessible(page)
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.searchParams.get('q') === 'Pid:1 OR Pid:2')
})

test('an alias is made and used, and a schedule is shown as it runs', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/settings/fields`)
  await page.getByRole('textbox', { name: 'Alias' }).fill('process_name')
  await page.getByRole('combobox', { name: 'Field' }).fill('Pid')
  await page.getByRole('button', { name: 'Add alias' }).click()
  await page.getByText(/never stands in the place of one/).waitFor()
  await page.getByRole('textbox', { name: 'Alias' }).fill('proc_no')
  await page.getByRole('button', { name: 'Add alias' }).click()
  await page.getByRole('table', { name: 'Field aliases' }).getByText('proc_no').first().waitFor()
  await journey.isAccessible(page)
  await page.goto(`/t/${tenant}/explore?q=proc_no:7`)
  await page
    .getByText(/^[12] rows?$/)
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Saved searches' }).click()
  await page.getByRole('button', { name: 'Schedule All of a host' }).click()
  await page
    .getByRole('dialog', { name: /^Schedule/ })
    .getByRole('button', { name: 'Schedule' })
    .click()
  await page.goto(`/t/${tenant}/settings/schedules`)
  await page.getByText(/new rows? of/).waitFor({ timeout: 60_000 })
  await journey.isAccessible(page)
  await page.getByRole('button', { name: 'Notices' }).click()
  await page.getByText(/Nothing yet/).waitFor()
  await journey.isAccessible(page)
  expect(journey.faults()).toEqual([])
})
