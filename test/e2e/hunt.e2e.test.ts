// The hunt of docs/hunting-guide.md on the demo: from the first odd value to the root by clicks alone, and its first leg once by keys.
import { expect, test } from 'vitest'
import { createFirstAccount, withBrowser } from '../harness/browser.ts'

const journey = withBrowser()
let home = ''

const rowOf = (name: string | RegExp) => journey.page().getByRole('row', { name })
const panel = () => journey.page().getByRole('complementary', { name: 'Row' })
const group = () => journey.page().getByRole('complementary', { name: 'Group' })
const moments = (count: number) => journey.page().getByText(`${count} moments`, { exact: true }).first().waitFor()
const tab = (name: RegExp) => journey.page().getByRole('tab', { name }).click()

/** The texts in the order in which the page shows them. */
const inOrder = async (within: string, texts: readonly string[]) => {
  const page = journey.page()
  await page
    .locator(within)
    .getByText(texts.at(-1) ?? '')
    .first()
    .waitFor()
  const shown = await page.locator(within).innerText()
  const places = texts.map((text) => shown.indexOf(text))
  expect(places, shown.slice(0, 2000)).toEqual([...places].sort((a, b) => a - b))
  expect(Math.min(...places), texts[places.indexOf(-1)]).toBeGreaterThanOrEqual(0)
}

test('the demo is loaded from the first page', async () => {
  const page = journey.page()
  await createFirstAccount(page)
  await page.getByRole('button', { name: 'Load the demo' }).click()
  await page.waitForURL(/\/t\//)
  home = /\/t\/[0-9a-f-]{36}/.exec(page.url())?.[0] ?? ''
  const states = async () => ((await (await page.request.get('/api/ingestion/imports')).json()) as { state: string }[]).map((i) => i.state)
  await expect.poll(states, { timeout: 90_000, interval: 300 }).toEqual(['ready', 'ready', 'ready', 'ready'])
})

test('a stack shows a program that 2 of 40 hosts have, and its rows', async () => {
  const page = journey.page()
  await page.goto(`${home}/explore`)
  await page.getByRole('button', { name: 'Stack', exact: true }).click()
  await page.getByRole('button', { name: 'process_name, process_executable' }).click()
  await rowOf(/^dsaupd\.exe C:/)
    .getByRole('gridcell', { name: '2 of 40 hosts' })
    .click()
  await group().getByRole('link', { name: 'HLD-FIN-017' }).waitFor()
  await group().getByRole('link', { name: 'HLD-SRV-FILE02' }).waitFor()
  await journey.isAccessible(page)
  await group().getByRole('button', { name: '7 rows' }).click()
  await page.getByText('7 rows', { exact: true }).first().waitFor()
})

test('what its host did around the first start leads to the disk image and to the page that it came from', async () => {
  const page = journey.page()
  await rowOf(/08:42:00 HLD-FIN-017 Evtx/)
    .getByText('dsaupd.exe')
    .click()
  await page.getByRole('menuitem', { name: 'Open its row' }).click()
  await panel().getByRole('button', { name: 'rundll32.exe', exact: true }).first().waitFor()
  await journey.isAccessible(page)
  await panel().getByRole('button', { name: '± 5 min' }).click()
  await moments(10)
  await rowOf(/dsalib\.dll/)
    .getByText('SystemTime')
    .last()
    .click()
  await panel().getByRole('button', { name: 'explorer.exe', exact: true }).first().waitFor()
  await panel().getByRole('button', { name: 'What this host did around this row' }).click()
  await page.getByRole('menuitem', { name: '± 15 min' }).click()
  await moments(14)
  await inOrder('[role=grid]', ['Annex_B.iso', 'dsalib.dll', '203.0.113.57', '<Task><Exec>', 'whoami'])
  await page.getByText(/^Windows\.Applications\.Edge\.History: 1 moment/).waitFor({ state: 'attached' })
  await journey.isAccessible(page)
  await rowOf(/files\.charter-annex\.example/)
    .getByText('visit_time')
    .last()
    .click()
  await panel().getByText('https://files.charter-annex.example/d/Annex_B.iso').first().waitFor()
})

test('the rare processes of the workstation are the story in one tree', async () => {
  const page = journey.page()
  await panel().getByRole('link', { name: 'HLD-FIN-017' }).click()
  await tab(/^Processes/)
  await page.getByLabel('Rare only').check()
  await page.getByText('7 of 464 processes').waitFor()
  await inOrder('[role=treegrid]', [
    'explorer.exe',
    'rundll32.exe',
    'dsaupd.exe',
    'whoami',
    'nltest',
    'Domain Admins',
    'ipconfig',
    'MiniDump',
  ])
  await page.getByRole('treegrid').getByText('dsaupd.exe', { exact: true }).click()
  const process = page.getByRole('region', { name: 'Process dsaupd.exe 7316' })
  await process.getByText('rundll32.exe 6988').waitFor()
  await journey.isAccessible(page)
  await process.getByRole('link', { name: 'dsaupd.exe', exact: true }).click()
  await page.waitForURL(/\/explore/)
})

test('what was found is tagged and kept as a search', async () => {
  const page = journey.page()
  await page.getByText('10 rows', { exact: true }).first().waitFor()
  await page.getByRole('checkbox', { name: 'Select row 1', exact: true }).click()
  await page.getByRole('checkbox', { name: 'Select row 10', exact: true }).click({ modifiers: ['Shift'] })
  await page.getByRole('button', { name: 'Tag', exact: true }).click()
  const tags = page.getByRole('dialog', { name: 'Tags' })
  await tags.getByRole('checkbox', { name: 'malicious' }).click()
  await expect.poll(() => tags.getByRole('checkbox', { name: 'malicious' }).isChecked()).toBe(true)
  await journey.isAccessible(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Saved searches' }).click()
  await page.getByRole('button', { name: 'Save this search' }).click()
  const form = page.getByRole('dialog', { name: 'Save this search' })
  expect(await form.getByLabel('Name', { exact: true }).inputValue()).toBe('process_name:dsaupd.exe')
  await form.getByRole('button', { name: 'Save search' }).click()
  await form.waitFor({ state: 'hidden' })
})

test('the timeline of both hosts leads to the file server: a logon, a service, an archive, a way out', async () => {
  const page = journey.page()
  await page.getByRole('button', { name: 'Timeline', exact: true }).click()
  await moments(12)
  await page.getByText('HLD-FIN-017: 8 moments').waitFor({ state: 'attached' })
  await page.getByText('HLD-SRV-FILE02: 4 moments').waitFor({ state: 'attached' })
  await rowOf(/10:22:01\.500/)
    .getByText('dsaupd.exe')
    .first()
    .click()
  await page.getByRole('menuitem', { name: 'Open its row' }).click()
  await panel().getByRole('button', { name: '± 5 min' }).click()
  await moments(7)
  await inOrder('[role=grid]', ['svc-backup', 'DSARelay', '-k svc'])
  await rowOf(/svc-backup/)
    .getByText('SystemTime')
    .last()
    .click()
  await panel().getByRole('button', { name: '10.20.10.20', exact: true }).first().waitFor()
  // The lanes of the question before are pale until those of this one come.
  await page.getByText(/^Windows\.Detection\.Amcache: 1 moment/).waitFor({ state: 'attached' })
  await journey.isAccessible(page)
  await panel().getByRole('link', { name: 'HLD-SRV-FILE02' }).click()
  await tab(/^Processes/)
  await page.getByLabel('Rare only').check()
  await page.getByText('3 of 455 processes').waitFor()
  await inOrder('[role=treegrid]', ['services.exe', 'dsaupd.exe', '7z.exe', 'rc.exe'])
  await tab(/^Network/)
  await page.getByRole('row', { name: /203\.0\.113\.90.*rc\.exe/s }).waitFor()
  await journey.isAccessible(page)
})

test('the stack of events shows the log that was cleared', async () => {
  const page = journey.page()
  await page.getByRole('link', { name: 'Explore', exact: true }).click()
  await page.getByRole('button', { name: 'Stack', exact: true }).click()
  await page.getByRole('button', { name: 'winlog_channel, event_code' }).click()
  await rowOf(/^Security 1102/)
    .getByRole('gridcell', { name: '1 of 40 hosts' })
    .click()
  await group().getByRole('link', { name: 'HLD-SRV-FILE02' }).waitFor()
  await group().getByRole('button', { name: 'svc-backup' }).waitFor()
})

test('a healthy host has not got what the workstation has', async () => {
  const page = journey.page()
  await page.getByRole('link', { name: 'Hosts', exact: true }).click()
  await page.getByRole('link', { name: 'HLD-FIN-017' }).click()
  await page.getByRole('link', { name: 'Compare', exact: true }).click()
  await page.getByRole('button', { name: 'Right: choose hosts' }).click()
  await page.getByText('HLD-FIN-001').click()
  await page.keyboard.press('Escape')
  await page.getByLabel('Artifact').selectOption('Windows.System.Pslist')
  await tab(/^Gone/)
  await page.getByText('dsaupd.exe').first().waitFor()
  await journey.isAccessible(page)
})

test('by keys alone: from Explore to the odd program, its hosts, its rows and what happened around one', async () => {
  const page = journey.page()
  await page.goto(`${home}/explore`)
  await page.getByRole('grid', { name: 'Rows' }).waitFor()
  await page.keyboard.press('v')
  await page.getByRole('button', { name: 'process_name, process_executable' }).press('Enter')
  await rowOf(/^dsaupd\.exe C:/).waitFor()
  for (let at = 0; at < 40 && !(await rowOf(/^dsaupd\.exe C:/).getAttribute('class'))?.includes('grid-current'); at++)
    await page.keyboard.press('j')
  await page.keyboard.press('Space')
  await group().getByText('HLD-SRV-FILE02').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('7 rows', { exact: true }).first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'What its host did around it' }).waitFor()
  await page.keyboard.press('w')
  await moments(7)
  expect(journey.faults()).toEqual([])
})
