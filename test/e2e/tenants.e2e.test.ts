// One person in two tenants: joins by a link, switches, and sees only what belongs to the one that they are in; a tenant is
// suspended and erased, with its receipt.
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { createFirstAccount, person, sidewaysOf, withBrowser, signInAs } from '../harness/browser.ts'

const journey = withBrowser()
const kims = 'seven quiet lanterns drift'
let home = ''
let kestrel = ''
let kim: Page

const tenantOf = (page: Page): string => /\/t\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
const ingest = async (page: Page, hostname: string, rows: number): Promise<void> => {
  const body = { hostname, data: { artifact: 'Custom.Marker', results: Array.from({ length: rows }, (_, n) => ({ n, owner: hostname })) } }
  const status = await page.evaluate(
    async (sent) =>
      (
        await fetch('/api/ingestion/ingest', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(sent),
        })
      ).status,
    body,
  )
  expect(status).toBe(200)
}
/** What the grid shows, once it holds rows. */
const rowsOf = async (page: Page, marker: string): Promise<string> => {
  const grid = page.getByRole('grid', { name: 'Rows' })
  await grid.getByText(marker).first().waitFor()
  return (await grid.textContent()) ?? ''
}
const linkIn = async (page: Page): Promise<string> => {
  await page.getByRole('button', { name: 'Copy the link' }).waitFor()
  return (await page.locator('.invite-link .mono').textContent()) ?? ''
}
const act = async (page: Page, tenant: string, what: string): Promise<void> => {
  await page.getByRole('button', { name: `Actions on ${tenant}` }).click()
  await page.getByRole('menuitem', { name: what }).click()
}

describe('a person in two tenants', () => {
  test('invites the first admin of a new tenant, who makes an account by the link', async () => {
    const mara = journey.page()
    await mara.goto('/')
    await createFirstAccount(mara)
    await mara.goto('/')
    await mara.waitForURL(/\/t\/[0-9a-f-]{36}/)
    home = tenantOf(mara)
    await ingest(mara, 'halden-host', 3)
    await mara.goto(`/t/${home}/settings/tenants`)
    await mara.getByRole('button', { name: 'Create a tenant' }).click()
    await mara.getByLabel('Name', { exact: true }).fill('Kestrel Rail')
    await mara.getByRole('button', { name: 'Create the tenant' }).click()
    await act(mara, 'Kestrel Rail', 'Invite somebody by a link')
    await journey.isAccessible(mara)
    await mara.getByRole('button', { name: 'Make the link' }).click()
    const link = await linkIn(mara)
    await mara.getByRole('button', { name: 'Done' }).click()

    kim = await journey.freshPage()
    await kim.goto(link)
    await kim.getByText('Into Kestrel Rail, as admin').waitFor()
    await journey.isAccessible(kim)
    await kim.getByLabel('User name').fill('kim')
    await kim.getByLabel('Password', { exact: true }).fill(kims)
    await kim.getByRole('button', { name: 'Create my account' }).click()
    await kim.waitForURL(/\/t\/[0-9a-f-]{36}/)
    kestrel = tenantOf(kim)
    expect(kestrel).not.toBe(home)
    await ingest(kim, 'kestrel-host', 2)
  })

  test('joins by a link with the account that they have, and sees the rows of that tenant alone', async () => {
    const mara = journey.page()
    await kim.goto(`/t/${kestrel}/settings/users`)
    await kim.getByRole('button', { name: 'Invite by a link' }).click()
    await kim.getByRole('button', { name: 'Make the link' }).click()
    const link = await linkIn(kim)
    await kim.getByRole('button', { name: 'Done' }).click()
    await kim.getByRole('heading', { name: 'Invitations not followed yet' }).waitFor()
    await journey.isAccessible(kim)
    // She is not there before she has joined.
    expect(await kim.getByText(person.email).count()).toBe(0)

    await mara.goto(link)
    await mara.getByRole('button', { name: 'Join Kestrel Rail' }).waitFor()
    await journey.isAccessible(mara)
    await mara.getByRole('button', { name: 'Join Kestrel Rail' }).click()
    await mara.waitForURL(new RegExp(`/t/${kestrel}`))
    await mara.goto(`/t/${kestrel}/explore`)
    const shown = await rowsOf(mara, 'kestrel-host')
    expect(shown).not.toContain('halden-host')
  })

  test('switches by the name at the top, the user menu and the palette, to the same page', async () => {
    const mara = journey.page()
    await mara.getByRole('button', { name: 'Tenant: Kestrel Rail. Switch' }).click()
    await journey.isAccessible(mara)
    await mara.getByRole('menuitem', { name: 'Switch to Halden Maritime' }).click()
    await mara.waitForURL(new RegExp(`/t/${home}/explore`))
    expect(await rowsOf(mara, 'halden-host')).not.toContain('kestrel-host')

    await mara.keyboard.press('Control+k')
    await mara.getByRole('combobox', { name: 'Go to, run, look up' }).fill('switch to kes')
    await mara.getByRole('option', { name: /Switch to Kestrel Rail/ }).waitFor()
    await mara.keyboard.press('Enter')
    await mara.waitForURL(new RegExp(`/t/${kestrel}/explore`))
    expect(await rowsOf(mara, 'kestrel-host')).not.toContain('halden-host')

    // A link into the tenant that she is not in now shows none of its rows before she has switched.
    await mara.goto(`/t/${home}/explore?q=n:1`)
    await mara.getByRole('heading', { name: 'This page is of Halden Maritime' }).waitFor()
    expect(await mara.getByText('halden-host').count()).toBe(0)
    await journey.isAccessible(mara)
    await mara.getByRole('button', { name: 'Switch to Halden Maritime' }).click()
    await mara.waitForURL(new RegExp(`/t/${home}/explore\\?q=n`))
    await rowsOf(mara, 'halden-host')

    await mara.goto(`/t/${home}/hosts`)
    for (const [name, id, host] of [
      ['Kestrel Rail', kestrel, 'kestrel-host'],
      ['Halden Maritime', home, 'halden-host'],
    ] as const) {
      await mara.getByRole('button', { name: /^Account of/ }).click()
      await mara.getByRole('menuitem', { name: `Switch to ${name}` }).click()
      await mara.waitForURL(new RegExp(`/t/${id}/hosts`))
      await mara.getByRole('cell', { name: host }).first().waitFor()
    }
  })

  test('a window that another one has left behind in its tenant asks and changes nothing, and says so', async () => {
    const mara = journey.page()
    await mara.goto(`/t/${home}/imports`)
    await mara.getByRole('heading', { name: 'Imports' }).first().waitFor()
    const other = await mara.context().newPage()
    await other.goto(`/t/${home}/hosts`)
    await other.getByRole('button', { name: 'Tenant: Halden Maritime. Switch' }).click()
    await other.getByRole('menuitem', { name: 'Switch to Kestrel Rail' }).click()
    await other.waitForURL(new RegExp(`/t/${kestrel}/hosts`))
    // The first window still shows Halden. A file that is dropped there must not arrive in Kestrel.
    await mara.setInputFiles('input[type=file]', { name: 'Halden.json', mimeType: 'application/json', buffer: Buffer.from('{"n":1}') })
    await mara.getByRole('heading', { name: 'This page is of Halden Maritime' }).waitFor()
    await other.goto(`/t/${kestrel}/imports`)
    await other.getByRole('heading', { name: 'Imports' }).first().waitFor()
    expect(await other.getByText('Halden.json').count()).toBe(0)
    await mara.getByRole('button', { name: 'Switch to Halden Maritime' }).click()
    await mara.waitForURL(new RegExp(`/t/${home}/imports`))
    await mara.getByRole('heading', { name: 'Imports' }).first().waitFor()
    await other.close()
  })

  test('suspends the other tenant, whose people are out, and erases it; the receipt says what there was', async () => {
    const mara = journey.page()
    await mara.goto(`/t/${home}/settings/tenants`)
    await act(mara, 'Kestrel Rail', 'Suspend')
    await journey.isAccessible(mara)
    await mara.getByRole('button', { name: 'Suspend Kestrel Rail' }).click()
    await mara.getByText('Kestrel Rail is suspended.').waitFor()
    await expect.poll(() => kim.evaluate(async () => (await fetch('/api/hosts')).status).catch(() => 0), { timeout: 5_000 }).toBe(401)
    await act(mara, 'Kestrel Rail', 'Erase for good')
    await mara.getByLabel('Name of the tenant').fill('Kestrel')
    await mara.getByRole('button', { name: 'Erase for good' }).click()
    await mara.getByText('Type the name as it stands above.').waitFor()
    await journey.isAccessible(mara)
    await mara.getByLabel('Name of the tenant').fill('Kestrel Rail')
    await mara.getByRole('button', { name: 'Erase for good' }).click()
    await mara.getByText(/2 rows, 1 file .* and 1 account are gone/).waitFor()
    await mara.getByText('Receipt', { exact: true }).click()
    await journey.isAccessible(mara)
    expect(await mara.getByRole('button', { name: 'Actions on Kestrel Rail' }).count()).toBe(0)
    await mara.goto(`/t/${home}/explore`)
    await rowsOf(mara, 'halden-host')
    expect(await mara.getByRole('button', { name: /Tenant: .*Switch/ }).count()).toBe(0)
  })

  test('finds the receipt on a phone and in the light theme too', async () => {
    const page = await journey.freshPage({ width: 390, height: 844 })
    await signInAs(page)
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Light theme' }).click()
    await page.goto(`/t/${home}/settings/tenants`)
    await page.getByRole('heading', { name: 'Erased tenants' }).waitFor()
    await journey.isAccessible(page)
    expect(await sidewaysOf(page)).toBe(0)
    await page.context().close()
  })

  test('did nothing that a page must not', () => {
    expect(journey.faults()).toEqual([])
  })
})
