// A passkey from its registration to its removal, with Chromium's own virtual authenticator.
import { describe, expect, test } from 'vitest'
import type { CDPSession, Page } from 'playwright-core'
import { codeAt, stepAt } from '../../server/features/identity/factors/totp.ts'
import { createFirstAccount, givePassword, person, refuseProofOnce, sidewaysOf, withBrowser } from '../harness/browser.ts'

const journey = withBrowser()
let tenant = ''

interface Authenticator {
  cdp: CDPSession
  authenticatorId: string
}
const plugIn = async (page: Page): Promise<Authenticator> => {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { cdp, authenticatorId }
}
const verifies = ({ cdp, authenticatorId }: Authenticator, isUserVerified: boolean) =>
  cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })

const isIn = (page: Page): Promise<void> => page.waitForURL(/\/t\/[0-9a-f-]{36}/)
const giveFirst = async (page: Page): Promise<void> => {
  await givePassword(page)
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
}
const openAccount = async (page: Page): Promise<void> => {
  await page.goto(`${tenant}/settings/account`)
  await page.getByRole('heading', { name: 'Passkeys' }).waitFor()
}
const addPasskey = async (page: Page, name: string): Promise<string[]> => {
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Add it' }).click()
  await page.getByRole('list', { name: 'Recovery codes' }).waitFor()
  return page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents()
}
/** By the session of the page. */
const ask = (page: Page, method: string, path: string, body: unknown): Promise<number> =>
  page.evaluate(async ([at, sent]) => (await fetch(at, { ...sent, headers: { 'content-type': 'application/json' } })).status, [
    path,
    { method, body: JSON.stringify(body) },
  ] as const)
const signOut = (page: Page): Promise<void> => page.context().clearCookies()

let authenticator: Authenticator
let recovery: string[] = []
let renewed: string[] = []

describe('a passkey', () => {
  test('is registered, and gives recovery codes', async () => {
    const page = journey.page()
    await createFirstAccount(page)
    await page.goto('/')
    await isIn(page)
    tenant = /\/t\/[0-9a-f-]{36}/.exec(page.url())?.[0] ?? ''
    authenticator = await plugIn(page)
    await openAccount(page)
    await journey.isAccessible(page)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await journey.isAccessible(page)
    recovery = await addPasskey(page, 'Work laptop')
    expect(recovery).toHaveLength(10)
    await journey.isAccessible(page)
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByRole('cell', { name: 'Work laptop', exact: true }).waitFor()
    await page.getByText('10 recovery codes are left.').waitFor()
    await journey.isAccessible(page)
  })

  test('signs in as the second step', async () => {
    const page = journey.page()
    await signOut(page)
    await giveFirst(page)
    await journey.isAccessible(page)
    // There is no app whose code could be asked for.
    expect(await page.getByRole('textbox').count()).toBe(0)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await isIn(page)
    await openAccount(page)
    expect(await page.getByRole('row', { name: /Work laptop/ }).textContent()).not.toContain('never')
  })

  test('signs in alone, without a name and a password', async () => {
    const page = journey.page()
    await signOut(page)
    await page.goto('/sign-in')
    await journey.isAccessible(page)
    await verifies(authenticator, false)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByText('No passkey was given. Try again.').waitFor()
    await verifies(authenticator, true)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await isIn(page)
  })

  test('of nobody who was verified does not sign in, and a recovery code does', async () => {
    const page = journey.page()
    await signOut(page)
    await page.setViewportSize({ width: 390, height: 844 })
    await giveFirst(page)
    await verifies(authenticator, false)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByText('No passkey was given. Try again.').waitFor()
    await journey.isAccessible(page)
    expect(await sidewaysOf(page)).toBe(0)
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill(recovery[0] ?? '')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await isIn(page)
    await verifies(authenticator, true)
  })

  test('alone has recovery codes that are counted and made anew', async () => {
    const page = journey.page()
    await openAccount(page)
    await page.getByText('9 recovery codes are left.').waitFor()
    await journey.isAccessible(page)
    expect(await sidewaysOf(page)).toBe(0)
    await page.getByRole('button', { name: 'New recovery codes' }).click()
    const shown = page.getByRole('dialog', { name: 'New recovery codes' })
    await shown.getByRole('list').waitFor()
    renewed = await shown.getByRole('listitem').allTextContents()
    expect(renewed).toHaveLength(10)
    await shown.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('10 recovery codes are left.').waitFor()
  })

  test('is a way in where the tenant requires a second factor, and stays when an app beside it is turned off', async () => {
    const admin = journey.page()
    expect(await ask(admin, 'POST', '/api/users', { username: 'bob', role: 'user', password: person.password })).toBe(201)
    const policy = `/api/tenants/${tenant.replace('/t/', '')}/2fa`
    expect(await ask(admin, 'PUT', policy, { is_required: true })).toBe(200)
    const page = await journey.freshPage({ width: 390, height: 844, scheme: 'light' })
    await givePassword(page, 'bob')
    await page.waitForURL(/\/second-factor$/)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/\/sign-in$/)
    await givePassword(page, 'bob')
    await page.waitForURL(/\/second-factor$/)
    await plugIn(page)
    await journey.isAccessible(page)
    await page.getByRole('button', { name: 'Add a passkey instead' }).click()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Add a passkey instead' }).click()
    await journey.isAccessible(page)
    expect(await sidewaysOf(page)).toBe(0)
    expect(await addPasskey(page, 'Phone')).toHaveLength(10)
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await isIn(page)

    await openAccount(page)
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
    const seed = ((await page.locator('.factor-key .mono').textContent()) ?? '').replaceAll(' ', '')
    await page.getByLabel('Code', { exact: true }).fill(codeAt(seed, stepAt(new Date())))
    await page.getByRole('button', { name: 'Activate' }).click()
    await page.getByRole('list', { name: 'Recovery codes' }).waitFor()
    const [spare = ''] = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents()
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByRole('button', { name: 'Turn it off' }).click()
    const off = page.getByRole('dialog', { name: 'Turn off the authenticator app?' })
    await off.getByText('Your passkeys and recovery codes stay.').waitFor()
    await journey.isAccessible(page)
    await off.getByLabel('Password', { exact: true }).fill(person.password)
    await off.getByLabel('Code', { exact: true }).fill(spare)
    await off.getByRole('button', { name: 'Turn it off' }).click()
    await page.getByText('The authenticator app is off.').waitFor()
    await page.getByText('9 recovery codes are left.').waitFor()
    await page.context().close()
    expect(await ask(admin, 'PUT', policy, { is_required: false })).toBe(200)
  })

  test('is required of whoever reaches beyond one tenant, by a platform admin who uses one', async () => {
    const page = journey.page()
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(`${tenant}/settings/tenants`)
    const panel = page.getByRole('region', { name: 'Passkeys beyond one tenant' })
    await panel.getByRole('button', { name: 'Require them' }).click()
    await journey.isAccessible(page)
    await page.getByRole('button', { name: 'Use mine and require them' }).click()
    await page.getByText('Whoever reaches beyond one tenant needs a passkey now.').waitFor()
    await signOut(page)
    await page.setViewportSize({ width: 390, height: 844 })
    await giveFirst(page)
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill(renewed[1] ?? '')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Use your passkey' }).waitFor()
    await journey.isAccessible(page)
    expect(await sidewaysOf(page)).toBe(0)
    await page.goto(`${tenant}/settings/account`)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await isIn(page)
    await openAccount(page)
    await page.getByRole('button', { name: 'Remove the passkey Work laptop' }).click()
    await page.getByText('so the last one cannot be removed').waitFor()
    await page.goto(`${tenant}/settings/tenants`)
    await page.getByRole('button', { name: 'Stop requiring them' }).click()
    await page.getByText('A passkey is no longer required.').waitFor()
  })

  test('is a fresh proof, and is removed', async () => {
    const page = journey.page()
    await openAccount(page)
    expect(await sidewaysOf(page)).toBe(0)
    await refuseProofOnce(page, /\/api\/auth\/passkeys\/[0-9a-f-]{36}$/)
    await page.getByRole('button', { name: 'Remove the passkey Work laptop' }).click()
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
    await dialog.getByRole('button', { name: 'Use a passkey' }).waitFor()
    await journey.isAccessible(page)
    // There is no app whose code could be asked for.
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await dialog.getByText('Enter a recovery code.').waitFor()
    await dialog.getByLabel('Recovery code').waitFor()
    await dialog.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByText('The passkey Work laptop is removed.').waitFor()
    await page.getByText('None yet. A passkey is').waitFor()
  })

  test('did nothing that a page must not', () => {
    expect(journey.faults()).toEqual([])
  })
})
