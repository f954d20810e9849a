// Single sign-on in a browser: an admin sets the provider up, a person comes by it, and what goes wrong is said.
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFirstAccount, withBrowser } from '../harness/browser.ts'
import { startProvider, type TestProvider } from '../harness/provider/identity-provider.ts'
import { freePort } from '../harness/server.ts'

const idpPort = await freePort()
const journey = withBrowser({ OUTBOUND_ALLOW: `127.0.0.1:${idpPort}` })
let idp: TestProvider | null = null
let tenant = ''
let signInAddress = ''

const provider = (): TestProvider => {
  if (idp === null) throw new Error('the provider is not there yet')
  return idp
}
beforeAll(async () => {
  const here = journey.server().url.replace('127.0.0.1', 'localhost')
  idp = await startProvider({ returnAddress: `${here}/sign-in/sso/callback`, port: idpPort })
})
afterAll(() => idp?.close())

const openSettings = async (page: Page): Promise<void> => {
  await page.goto(`${tenant}/settings/sso`)
  await page.getByRole('heading', { name: 'Provider' }).waitFor()
}
const comeBySso = async (page: Page): Promise<void> => {
  await page.goto(signInAddress)
  await page.getByRole('button', { name: 'Sign in with the company' }).click()
}

describe('single sign-on', () => {
  test('is set up by an admin, and refused while nothing answers there', async () => {
    const page = journey.page()
    await page.goto('/')
    await createFirstAccount(page)
    await page.goto('/')
    await page.waitForURL(/\/t\/[0-9a-f-]{36}/)
    tenant = /\/t\/[0-9a-f-]{36}/.exec(page.url())?.[0] ?? ''
    await openSettings(page)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Say what people know the provider by.').waitFor()
    await page.getByLabel('Name on the button').fill('the company')
    await page.getByLabel('Issuer').fill('http://127.0.0.1:9')
    await page.getByLabel('Client id').fill(provider().client_id)
    await page.getByLabel('Client secret', { exact: true }).fill(provider().client_secret)
    await page.getByRole('button', { name: 'Add a group' }).click()
    await page.getByLabel('Group 1', { exact: true }).fill('hunters')
    await page.getByRole('button', { name: 'Add a group' }).click()
    await page.getByLabel('Group 2', { exact: true }).fill('heads')
    await page.getByLabel('Role of group 2', { exact: true }).selectOption('admin')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/The operator can allow it with OUTBOUND_ALLOW/).waitFor()
    await journey.isAccessible(page)
    await page.getByLabel('Issuer').fill(provider().issuer)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. The provider answers.').waitFor()
    await page.getByText('Left empty, the kept one stays.').waitFor()
    await journey.isAccessible(page)
    signInAddress = (await page.locator('.invite-link .mono').nth(1).textContent()) ?? ''
    expect(signInAddress).toMatch(/\/sign-in\/sso\?tenant=[0-9a-f-]{36}$/)
  })

  test('lets a person of a group in, whose password is not asked for', async () => {
    provider().person = { sub: 'ann', preferred_username: 'ann', name: 'Ann Hall', groups: ['hunters'] }
    const page = await journey.freshPage()
    await page.goto('/sign-in')
    await journey.isAccessible(page)
    await page.getByRole('link', { name: 'Single sign-on' }).click()
    await page.getByRole('button', { name: 'Sign in with the company' }).waitFor()
    await journey.isAccessible(page)
    await comeBySso(page)
    await page.waitForURL(/\/t\/[0-9a-f-]{36}/)
    await page.goto(`${tenant}/settings/account`)
    await page.getByText('You have none here: you sign in by single sign-on.').waitFor()
    expect(await page.getByLabel('User name').inputValue()).toBe('ann')
    await journey.isAccessible(page)
    await page.context().close()
  })

  test('asks the provider for a fresh proof of somebody without a password', async () => {
    const page = await journey.freshPage()
    await comeBySso(page)
    await page.waitForURL(/\/t\/[0-9a-f-]{36}/)
    await page.goto(`${tenant}/settings/account`)
    const make = async (): Promise<void> => {
      await page.getByRole('button', { name: 'New key' }).click()
      await page.getByRole('textbox', { name: 'Name', exact: true }).last().fill('By a proof')
      await page.getByLabel(/^Search/).check()
      await page.getByRole('button', { name: 'Make the key' }).click()
    }
    await make()
    await page.getByText('Your provider asks who you are').waitFor()
    await journey.isAccessible(page)
    await page.getByRole('button', { name: 'Go to the provider' }).click()
    await page.waitForURL(/\/settings\/account$/)
    await make()
    await page.getByRole('heading', { name: 'API key made' }).waitFor()
    await page.context().close()
  })

  test('lets an admin without a password take the tenant along, once the provider asked anew', async () => {
    provider().person = { sub: 'hea', preferred_username: 'hea', name: 'Hea Lind', groups: ['heads'] }
    const page = await journey.freshPage()
    await comeBySso(page)
    await page.waitForURL(/\/t\/[0-9a-f-]{36}/)
    await page.goto(`${tenant}/settings/tenants`)
    await page.getByRole('button', { name: 'Export everything' }).click()
    await page.getByRole('button', { name: 'Go to the provider' }).click()
    await page.waitForURL(/\/settings\/tenants$/)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export everything' }).click()
    const file = await (await download).path()
    expect((await readFile(file)).subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004')
    await page.context().close()
  })

  test('says why somebody is not let in, and keeps nothing of it in the address', async () => {
    provider().person = { sub: 'cook', groups: ['cooks'] }
    const page = await journey.freshPage()
    await comeBySso(page)
    await page.getByText('None of your groups at the provider has a role in this tenant.').waitFor()
    expect(page.url()).toMatch(/\/sign-in\/sso\/callback$/)
    await journey.isAccessible(page)
    await page.getByRole('link', { name: 'Begin again' }).click()
    await page.getByRole('button', { name: 'Sign in with the company' }).waitFor()
    await page.goto('/sign-in/sso/callback?code=made-up&state=made-up')
    await page.getByText('This sign-in was begun in another browser').waitFor()
    await page.context().close()
  })

  test('did nothing that a page must not', () => {
    expect(journey.faults()).toEqual([])
  })
})
