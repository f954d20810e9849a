// The product's main job, as its first user does it: account, export, receipt, search.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { writeDemo } from '../../server/features/ingestion/demo/write-exports.ts'
import { createFirstAccount, person, sidewaysOf, signInAs, withBrowser } from '../harness/browser.ts'

const journey = withBrowser()
const folder = mkdtempSync(join(tmpdir(), 'vc-e2e-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the first hour', () => {
  test('a newcomer creates the first account and arrives at an empty product that says what to do', async () => {
    const page = journey.page()
    await page.goto('/')
    await page.getByRole('heading', { name: 'Create the first account' }).waitFor()
    await journey.isAccessible(page)
    await createFirstAccount(page)
    await journey.isAccessible(page)
    await page.goto('/')
    await page.waitForURL(/\/t\/[0-9a-f-]{36}/)
    await page.getByText('Halden Maritime').first().waitFor()
    await journey.isAccessible(page)
  })

  test('exports dropped on the page are read, and their receipts add up', async () => {
    const { files, rows } = await writeDemo({ seed: 1, hosts: 6, scale: 0.5, exports: 3 }, folder)
    const page = journey.page()
    await page.getByRole('link', { name: 'Imports' }).first().click()
    await page.waitForURL(/\/imports/)
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /Choose files/ }).click()])
    await chooser.setFiles(files)
    await expect.poll(() => page.getByText('Ready', { exact: true }).count(), { timeout: 60_000 }).toBeGreaterThanOrEqual(files.length)
    await page.getByText('Collection-HLD-FIN-017').first().click()
    await page.getByRole('heading', { name: /Receipt/ }).waitFor()
    await journey.isAccessible(page)
    const tenant = /\/t\/([0-9a-f-]{36})/.exec(page.url())?.[1]
    const total = await page.evaluate(async () => {
      const reply = await fetch('/api/search', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":""}' })
      return ((await reply.json()) as { total: number }).total
    })
    expect(total).toBe(rows)
    expect(tenant).toBeDefined()
  })

  test('the intrusion is found by a query, a value and a row, and the view can be sent as a link', async () => {
    const page = journey.page()
    await page.getByRole('link', { name: 'Explore' }).first().click()
    const query = page.getByRole('combobox', { name: 'Query' })
    await query.fill('process_name:dsaupd.exe')
    await query.press('Enter')
    const grid = page.getByRole('grid', { name: 'Rows' })
    await grid.getByText('dsaupd.exe').first().waitFor()
    await journey.isAccessible(page)
    await grid.getByText('dsaupd.exe').first().click()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Space')
    const detail = page.getByRole('complementary', { name: 'Row' })
    await detail.waitFor()
    await detail.getByText('process_name').first().waitFor()
    await journey.isAccessible(page)
    await detail.getByRole('tab', { name: 'Provenance' }).click()
    await detail
      .getByText(/[0-9a-f]{64}/)
      .first()
      .waitFor()
    const link = page.url()
    const other = await journey.freshPage()
    await signInAs(other)
    await other.goto(link)
    await other
      .getByRole('complementary', { name: 'Row' })
      .getByText(/[0-9a-f]{64}/)
      .first()
      .waitFor()
    expect(await other.getByRole('combobox', { name: 'Query' }).inputValue()).toBe('process_name:dsaupd.exe')
    await other.context().close()
  })

  test('a mistake in a query is shown at its place with a way to mend it', async () => {
    const page = journey.page()
    const query = page.getByRole('combobox', { name: 'Query' })
    await query.fill('proces_name:dsaupd.exe')
    await query.press('Enter')
    await page
      .getByText(/No field is named/)
      .first()
      .waitFor()
    await journey.isAccessible(page)
    await page.getByRole('button', { name: /Fix it/ }).click()
    await expect.poll(() => query.inputValue()).toBe('process_name:dsaupd.exe')
  })

  test('hosts, settings and storage stand on the phone and in light as well', async () => {
    const tenant = /\/t\/([0-9a-f-]{36})/.exec(journey.page().url())?.[1] ?? ''
    for (const look of [
      { width: 390, height: 844, scheme: 'dark' },
      { width: 1440, height: 900, scheme: 'light' },
    ] as const) {
      const page = await journey.freshPage(look)
      await signInAs(page)
      for (const path of [
        '',
        '/explore?q=dsaupd',
        '/hosts',
        '/imports',
        '/imports/storage',
        '/settings/account',
        '/settings/users',
        '/settings/tenants',
      ]) {
        await page.goto(`/t/${tenant}${path}`)
        await page.waitForLoadState('networkidle')
        await journey.isAccessible(page)
        const sideways = await sidewaysOf(page)
        expect({ path, sideways }).toEqual({ path, sideways: 0 })
      }
      await page.context().close()
    }
  })

  test('signing out ends the session, and no token is in the browser', async () => {
    const page = await journey.freshPage()
    await signInAs(page)
    const stored = await page.evaluate<string>('JSON.stringify({ ...localStorage, ...sessionStorage })')
    const cookies = await page.context().cookies()
    expect(cookies.filter((c) => /session/.test(c.name)).map((c) => c.httpOnly)).toEqual([true])
    for (const cookie of cookies) expect(stored).not.toContain(cookie.value)
    await page
      .getByRole('button', { name: new RegExp(person.email.slice(0, 4), 'i') })
      .first()
      .click()
    await page.getByRole('menuitem', { name: /Sign out/ }).click()
    await page.waitForURL(/\/sign-in/)
    await journey.isAccessible(page)
    expect((await page.request.get('/api/auth/me')).status()).toBe(401)
  })
})

describe.skipIf(!existsSync('../shared/data/velociraptor'))('real exports (skipped where ../shared/data is missing)', () => {
  test('every one is read and accounted for', async () => {
    const page = journey.page()
    await page.goto(page.url().replace(/(\/t\/[0-9a-f-]{36}).*/, '$1/imports'))
    const names = ['Collection-WIN-E5K9RC5GU23-2021-11-21T18_05_56-08_00.zip', 'export.zip', 'import_hunt.zip', 'unencrypted_collector.zip']
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /Choose files/ }).click()])
    await chooser.setFiles(names.map((name) => join('../shared/data/velociraptor', name)))
    for (const name of names) await page.getByText(name.slice(0, 20)).first().waitFor()
    await expect
      .poll(
        async () => {
          const reply = await page.request.get('/api/ingestion/imports')
          const all = (await reply.json()) as { state: string; rows_read: number; files: { name: string }[] }[]
          return names.map((name) => all.find((i) => i.files[0]?.name === name)).map((i) => `${i?.state} ${i?.rows_read}`)
        },
        { timeout: 60_000 },
      )
      .toEqual(['ready 6', 'ready 1', 'ready 1', 'ready 6'])
  })
})

test('nothing broke the content security policy, no script failed and no request left this machine', () => {
  expect(journey.faults()).toEqual([])
})
