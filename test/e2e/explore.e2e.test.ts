// Explore by keyboard, its floating parts, and values that are longer than any place for them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { createFirstAccount, sidewaysOf, withBrowser } from '../harness/browser.ts'

const journey = withBrowser()
const folder = mkdtempSync(join(tmpdir(), 'vc-e2e-explore-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const longHost = 'h'.repeat(63)
const commandLine = `powershell.exe -enc ${'QUJDREVGR0hJ'.repeat(340)}`.slice(0, 4000)
const path = `C:\\${'averylongfoldernamewithoutanyspace'.repeat(15)}\\powershell.exe`
const rows = [
  { Name: 'powershell.exe', Pid: 4242, CommandLine: commandLine, Exe: path, Hostname: longHost, CreateTime: '2026-03-12T08:42:19Z' },
  ...Array.from({ length: 200 }, (_, at) => ({
    Name: `proc-${at}.exe`,
    Pid: at,
    CommandLine: `proc-${at}.exe --run`,
    Hostname: 'HLD-FIN-001',
    CreateTime: new Date(Date.UTC(2026, 2, 11) + at * 60_000).toISOString(),
  })),
]
let tenant = ''
const hasFocus = (of: Locator) => of.evaluate((element) => element === element.ownerDocument.activeElement)

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

test('styles come from files only', async () => {
  const reply = await journey.page().request.get('/')
  expect(reply.headers()['content-security-policy']).toMatch(/style-src 'self'(;|$)/)
})

describe('the query box', () => {
  test('offers the names of fields, takes one by Tab or by an arrow and Enter, and closes on Escape', async () => {
    const page = journey.page()
    await page.goto(`/t/${tenant}/explore`)
    const query = page.getByRole('combobox', { name: 'Query' })
    await query.focus()
    await page.keyboard.type('proce')
    const list = page.getByRole('listbox', { name: 'Suggestions' })
    await list.getByRole('option', { name: /process_name/ }).waitFor()
    expect(await query.getAttribute('aria-expanded')).toBe('true')
    expect(await query.getAttribute('aria-activedescendant')).toBeNull()
    await page.keyboard.press('ArrowDown')
    const active = await query.getAttribute('aria-activedescendant')
    expect(await page.locator(`[id="${active}"]`).getAttribute('aria-selected')).toBe('true')
    await journey.isAccessible(page)
    await page.keyboard.press('Escape')
    await expect.poll(() => list.count()).toBe(0)
    expect(await hasFocus(query)).toBe(true)
    await page.keyboard.type('ss_na')
    await list.getByRole('option').first().waitFor()
    await page.keyboard.press('Tab')
    expect(await query.inputValue()).toBe('process_name:')
    await page.keyboard.type('proc-7.exe OR process_pi')
    await list.getByRole('option', { name: /process_pid/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.keyboard.type('8')
    expect(await query.inputValue()).toBe('process_name:proc-7.exe OR process_pid:8')
    await page.keyboard.press('Enter')
    await page.getByText('2 rows', { exact: true }).first().waitFor()
  })

  test('offers values, operators and stages, and a stage shows its view', async () => {
    const page = journey.page()
    await page.goto(`/t/${tenant}/explore`)
    const query = page.getByRole('combobox', { name: 'Query' })
    const list = page.getByRole('listbox', { name: 'Suggestions' })
    await query.focus()
    await page.keyboard.type('process_name:power')
    await list.getByRole('option', { name: /powershell\.exe/ }).waitFor()
    await page.keyboard.press('Tab')
    expect(await query.inputValue()).toBe('process_name:powershell.exe')
    await page.keyboard.type(' O')
    await list.getByRole('option', { name: /^\W*OR/ }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('process_name:(proc-1.exe OR proc-2.exe) | so')
    await list.getByRole('option', { name: /sort/ }).waitFor()
    await journey.isAccessible(page)
    await page.keyboard.press('Tab')
    await page.keyboard.type('-process_p')
    await list.getByRole('option', { name: /process_pid/ }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type(' | fields process_pid, process_name')
    await page.keyboard.press('Enter')
    await page.getByText('3 rows', { exact: true }).first().waitFor()
    expect(await page.getByRole('columnheader').allInnerTexts()).toEqual(expect.arrayContaining(['process_pid', 'process_name']))
    expect((await page.getByRole('gridcell').allInnerTexts()).filter((text) => /^\d+$/.test(text))).toEqual(['4242', '2', '1'])
    await query.fill('process_name:proc-1* | stack process_name | where count > 0')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/explore\/stack\?/)
    await query.fill('proc-1')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/explore\?q=proc-1/)
  })

  test('runs a word on Enter although names are offered', async () => {
    const page = journey.page()
    const query = page.getByRole('combobox', { name: 'Query' })
    await query.fill('')
    await query.focus()
    await page.keyboard.type('pid')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/q=pid/)
    expect(await query.inputValue()).toBe('pid')
  })
})

test('what floats takes the focus, and gives it back to its button on Escape', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/explore`)
  await page.getByRole('grid').getByText('powershell.exe').first().waitFor()
  const layers = [
    ['How to write a query', 'How to write a query'],
    [/Time range/, 'Time range'],
    ['Columns', 'Columns'],
    ['Filter', 'Filter'],
  ] as const
  for (const [button, layer] of layers) {
    const opener = page.getByRole('button', { name: button, ...(typeof button === 'string' ? { exact: true } : {}) })
    await opener.click()
    const dialog = page.getByRole('dialog', { name: layer })
    await expect.poll(() => dialog.evaluate((element) => element.contains(element.ownerDocument.activeElement))).toBe(true)
    await page.keyboard.press('Escape')
    await expect.poll(() => dialog.count()).toBe(0)
    expect({ layer, isBack: await hasFocus(opener) }).toEqual({ layer, isBack: true })
  }
})

test('the grid is walked by keys: cells, value menu, ticks, the row', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/explore`)
  const grid = page.getByRole('grid', { name: 'Rows' })
  await grid.getByText('powershell.exe').first().waitFor()
  const place = () =>
    page.evaluate<string>("`${document.activeElement.closest('[data-index]')?.dataset.index}:${document.activeElement.dataset.col}`")
  await page.keyboard.press('j')
  await expect.poll(place).toBe('0:1')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('l')
  await page.keyboard.press('h')
  await expect.poll(place).toBe('1:2')
  await page.keyboard.press('Enter')
  await page.getByRole('menu').getByText('HLD-FIN-001').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(place).toBe('1:2')
  await page.keyboard.press('x')
  await page.getByText('1 selected').waitFor()
  await page.keyboard.press('End')
  await expect.poll(place).toBe('200:2')
  await page.keyboard.press('Home')
  await page.keyboard.press('Space')
  const detail = page.getByRole('complementary', { name: 'Row' })
  await detail.getByText('process_command_line').first().waitFor()
  await journey.isAccessible(page)
  await page.keyboard.press('Space')
  await expect.poll(() => detail.count()).toBe(0)
})

test('long values break no page', async () => {
  for (const width of [1440, 390]) {
    const page = await journey.freshPage({ width, height: 900 })
    await page.context().addCookies(await journey.page().context().cookies())
    for (const where of ['/explore?q=QUJDREVGR0hJ', '/hosts']) {
      await page.goto(`/t/${tenant}${where}`)
      await page
        .getByText(/powershell\.exe|hhhhhhhh/)
        .first()
        .waitFor()
      const sideways = await sidewaysOf(page)
      expect({ where, sideways }).toEqual({ where, sideways: 0 })
    }
    if (width === 1440) {
      const [frame = 0, table = 1] = await page.evaluate<[number, number]>(
        "[document.querySelector('.table-frame').clientWidth, document.querySelector('.table').scrollWidth]",
      )
      expect(table).toBeLessThanOrEqual(frame)
    }
    await page.context().close()
  }
})

test('a first query with a mistake says that nothing was asked, with a way on', async () => {
  const page = await journey.freshPage()
  await page.context().addCookies(await journey.page().context().cookies())
  await page.goto(`/t/${tenant}/explore?q=proces_name:x`)
  await page.getByText(/No field is named/).waitFor()
  await page.getByRole('heading', { name: 'This query was not asked' }).waitFor()
  await journey.isAccessible(page)
  await page.getByRole('button', { name: 'Show every row' }).click()
  await page.getByText('201 rows', { exact: true }).first().waitFor()
  await page.context().close()
})

test('a part of the app that does not come is told in words, with the reload that helps', async () => {
  const page = await journey.freshPage()
  await page.context().addCookies(await journey.page().context().cookies())
  await page.goto(`/t/${tenant}/explore`)
  await page.getByRole('grid').getByText('powershell.exe').first().waitFor()
  await page.route('**/assets/HostsPage*', (route) => route.abort())
  await page.getByRole('link', { name: 'Hosts' }).first().click()
  await page.getByText('A part of the app did not come').waitFor()
  await page.unroute('**/assets/HostsPage*')
  await page.getByRole('button', { name: 'Reload the page' }).click()
  await page.getByRole('table', { name: 'Hosts' }).waitFor()
  await page.context().close()
})

test('a value of 4000 characters is cut with its size said, and shown whole on a click', async () => {
  const page = await journey.freshPage()
  await page.context().addCookies(await journey.page().context().cookies())
  await page.goto(`/t/${tenant}/explore?q=QUJDREVGR0hJ`)
  await page.getByRole('grid').getByText('powershell.exe').first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Space')
  const detail = page.getByRole('complementary', { name: 'Row' })
  await detail.getByText('process_command_line').first().waitFor()
  await detail
    .getByRole('button', { name: /All of it, 4 kB/ })
    .first()
    .click()
  await detail.getByText(commandLine, { exact: true }).first().waitFor()
  expect(await detail.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0)
  await journey.isAccessible(page)
  await page.context().close()
})

test('a session that ends in the middle of a search comes back to the same view after signing in', async () => {
  const page = journey.page()
  await page.goto(`/t/${tenant}/explore?q=proc-7.exe`)
  await page.getByRole('grid').getByText('proc-7.exe').first().waitFor()
  await page.context().clearCookies()
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await page.waitForURL(/\/sign-in/)
  await page.getByLabel(/Email or user name/).fill('mara.okafor@halden.example')
  await page.getByLabel('Password', { exact: true }).fill('a lantern over the quay')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/explore\?q=proc-7/)
  await page.getByRole('grid').getByText('proc-7.exe').first().waitFor()
})

test('nothing broke the content security policy, no script failed and no request left this machine', () => {
  expect(journey.faults()).toEqual([])
})
