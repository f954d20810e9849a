// A passkey from its registration to its removal, with Chromium's own virtual authenticator.
import { describe, expect, test } from 'vitest'
import type { CDPSession, Page } from 'playwright-core'
import { createFirstAccount, person, sidewaysOf, withBrowser } from '../harness/browser.ts'

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
const givePassword = async (page: Page): Promise<void> => {
  await page.goto('/sign-in')
  await page.getByLabel('Email or user name').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
}
const openAccount = async (page: Page): Promise<void> => {
  await page.goto(`${tenant}/settings/account`)
  await page.getByRole('heading', { name: 'Passkeys' }).waitFor()
}
const signOut = (page: Page): Promise<void> => page.context().clearCookies()

let authenticator: Authenticator
let recovery: string[] = []

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
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Work laptop')
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByRole('list', { name: 'Recovery codes' }).waitFor()
    recovery = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents()
    expect(recovery).toHaveLength(10)
    await journey.isAccessible(page)
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByRole('cell', { name: 'Work laptop', exact: true }).waitFor()
    await journey.isAccessible(page)
  })

  test('signs in as the second step', async () => {
    const page = journey.page()
    await signOut(page)
    await givePassword(page)
    await journey.isAccessible(page)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await isIn(page)
    await openAccount(page)
    expect(await page.getByRole('row', { name: /Work laptop/ }).textContent()).not.toContain('never')
  })

  test('of nobody who was verified does not sign in, and a recovery code does', async () => {
    const page = journey.page()
    await signOut(page)
    await page.setViewportSize({ width: 390, height: 844 })
    await givePassword(page)
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

  test('is a fresh proof, and is removed', async () => {
    const page = journey.page()
    await openAccount(page)
    expect(await sidewaysOf(page)).toBe(0)
    // The proof of the sign-in is still fresh; the server is made to say that it is not, once.
    let asked = 0
    await page.route(/\/api\/auth\/passkeys\/[0-9a-f-]{36}$/, (route) =>
      asked++ > 0
        ? route.continue()
        : route.fulfill({
            status: 403,
            contentType: 'application/problem+json',
            body: JSON.stringify({
              type: 'x',
              title: 'x',
              status: 403,
              code: 'step_up',
              detail: 'Confirm that it is you.',
              request_id: 'r',
            }),
          }),
    )
    await page.getByRole('button', { name: 'Remove the passkey Work laptop' }).click()
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
    await dialog.getByRole('button', { name: 'Use a passkey' }).waitFor()
    await journey.isAccessible(page)
    await dialog.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByText('The passkey Work laptop is removed.').waitFor()
    await page.getByText('None yet. A passkey is').waitFor()
  })

  test('did nothing that a page must not', () => {
    expect(journey.faults()).toEqual([])
  })
})
