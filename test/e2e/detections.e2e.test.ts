// From rows to a detection, and from there by keys: why it matched, whose it is, what it is, back again, suppressed, and the matrix.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFirstAccount, sidewaysOf, withBrowser } from '../harness/browser.ts'

const journey = withBrowser()
let tenant = ''
let headers: Record<string, string> = {}

const autorun = (path: string) => ({
  Time: '2026-03-12T08:44:02Z',
  'Entry Location': 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run',
  Entry: 'Updater',
  Enabled: 'enabled',
  Category: 'Logon',
  Profile: 'System-wide',
  Description: '',
  Signer: '(Not verified)',
  Company: 'Contoso',
  'Image Path': path,
  'Launch String': path,
})
const title = /^Autostart Entry Without Valid Signature/

const listed = async (filter: object): Promise<number> => {
  const reply = await journey.page().request.post('/api/detections/list', { headers, data: { filter } })
  expect(reply.status(), await reply.text()).toBe(200)
  return ((await reply.json()) as unknown[]).length
}

beforeAll(async () => {
  const page = journey.page()
  await createFirstAccount(page)
  await page.goto('/')
  await page.waitForURL(/\/t\//)
  tenant = /\/t\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
  headers = { origin: new URL(page.url()).origin, 'x-shown-tenant': tenant }
  for (const [hostname, path] of [
    ['HLD-FIN-017', 'c:\\programdata\\dell\\relay\\upd.exe'],
    ['HLD-OPS-027', 'c:\\users\\ann\\appdata\\roaming\\x.exe'],
  ] as const) {
    const data = { hostname, data: { artifact: 'Windows.Sysinternals.Autoruns', results: [autorun(path)] } }
    const reply = await page.request.post('/api/ingestion/ingest', { headers, data })
    expect(reply.status(), await reply.text()).toBe(200)
  }
})
afterAll(() => expect(journey.faults()).toEqual([]))

test('rows that are imported become detections by rules that come with the product', async () => {
  await expect.poll(() => listed({}), { timeout: 30_000 }).toBeGreaterThanOrEqual(2)
})

test('the queue is worked through by keys alone, and each act can be taken back', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}`)
  await page.getByRole('heading', { name: 'Open detections' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  const queue = page.getByRole('grid', { name: 'Detections' })
  await queue.getByText(title).first().waitFor()
  await journey.isAccessible(page)
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: 'Detection' })
  await panel.getByRole('region', { name: 'Why it matched' }).getByText('ImagePath', { exact: false }).first().waitFor()
  await panel.locator('mark').first().waitFor()
  await panel.getByText('1 exact row').waitFor()
  await journey.isAccessible(page)

  const current = () => queue.locator('[aria-current="true"]')
  const first = await current().getAttribute('data-id')
  const row = queue.locator(`[data-id="${first ?? ''}"]`)
  await page.keyboard.press('a')
  await row.getByText('In progress').waitFor()
  await row.getByText('Mara Okafor').waitFor()
  await page.keyboard.press('c')
  await page.keyboard.type('Asked the owner.')
  await page.keyboard.press('Enter')
  await panel.getByText('Asked the owner.').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('2')
  await row.getByText('False positive').waitFor()
  expect(await current().getAttribute('data-id')).not.toBe(first)
  await page.keyboard.press('z')
  await row.getByText('In progress').waitFor()
})

test('what is ticked is closed together, stays in sight, and stands under closed', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/detections`)
  const queue = page.getByRole('grid', { name: 'Detections' })
  await queue.getByText(title).first().waitFor()
  const count = await queue.locator('[data-id]').count()
  await queue.focus()
  await page.keyboard.press('Control+a')
  await page.getByRole('group', { name: 'Ticked detections' }).waitFor()
  await page.keyboard.press('3')
  await expect.poll(() => queue.getByText('Benign').count()).toBe(count)
  await page.keyboard.press('z')
  await expect.poll(() => queue.getByText('Benign').count()).toBe(0)
})

test('a suppressed detection leaves the queue with a reason', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/detections?host=&text=HLD-OPS-027`)
  const queue = page.getByRole('grid', { name: 'Detections' })
  await queue.getByText(title).first().waitFor()
  await page.keyboard.press('u')
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/^Finds 1 row of all/).waitFor()
  await journey.isAccessible(page)
  await dialog.getByLabel('Reason').fill('The updater of the maker, known here.')
  await dialog.getByRole('button', { name: 'Suppress' }).click()
  await expect.poll(() => listed({ silenced: true }), { timeout: 15_000 }).toBe(1)
})

test('the matrix shows what is covered with the data that there is, and leads down to the detection; also on a phone', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/detections/attack?only=1`)
  const cell = page.getByRole('button', { name: /T1547/ }).first()
  await cell.waitFor()
  await journey.isAccessible(page)
  await cell.focus()
  await page.keyboard.press('Enter')
  const technique = page.getByRole('complementary', { name: 'Technique' })
  await technique
    .getByText(/T1547\.001/)
    .first()
    .click()
  await technique.getByRole('link', { name: title }).first().waitFor()
  await journey.isAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of ['detections', 'detections/attack']) {
    await page.goto(`/t/${tenant}/${path}`)
    await page
      .getByText(path === 'detections' ? title : /^Persistence/)
      .first()
      .waitFor()
    expect(await sidewaysOf(page)).toBeLessThanOrEqual(0)
    await journey.isAccessible(page)
  }
})
