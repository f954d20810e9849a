// A person's own account: sessions that are seen and ended, a password changed, and one lost and set anew by an admin's link.
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { createFirstAccount, withBrowser, signInAs } from '../harness/browser.ts'

const journey = withBrowser()
const first = 'kernel flag muffin orbit'
const second = 'seven quiet lanterns drift'
const third = 'copper walrus paints tuesday'
let tenant = ''

const signIn = (page: Page, password: string): Promise<void> => signInAs(page, 'bob', password)
const openAccount = async (page: Page): Promise<void> => {
  await page.goto(`${tenant}/settings/account`)
  await page.getByRole('heading', { name: 'Sessions' }).waitFor()
}

describe('the account', () => {
  test('shows the own sessions, and ends one and then all others', async () => {
    const admin = journey.page()
    await admin.goto('/')
    await createFirstAccount(admin)
    await admin.goto('/')
    await admin.waitForURL(/\/t\/[0-9a-f-]{36}/)
    tenant = /\/t\/[0-9a-f-]{36}/.exec(admin.url())?.[0] ?? ''
    const made = await admin.evaluate(
      async (password) =>
        (
          await fetch('/api/users', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ username: 'bob', role: 'user', password }),
          })
        ).status,
      first,
    )
    expect(made).toBe(201)
    const pages = [await journey.freshPage(), await journey.freshPage(), await journey.freshPage()] as const
    const [mine, other, last] = pages
    for (const page of pages) await signIn(page, first)
    await openAccount(mine)
    const rows = mine.getByRole('region', { name: 'Your sessions' }).locator('tbody tr')
    await expect.poll(() => rows.count()).toBe(3)
    expect(await mine.getByText('this session').count()).toBe(1)
    await journey.isAccessible(mine)
    await mine
      .getByRole('button', { name: /^End the session of Chrome on Linux/ })
      .first()
      .click()
    await expect.poll(() => rows.count()).toBe(2)
    await mine.getByRole('button', { name: 'End all others' }).click()
    await mine.getByText('1 other session has ended.').waitFor()
    await expect.poll(() => rows.count()).toBe(1)
    for (const page of [other, last]) {
      await page.goto(`${tenant}/hosts`)
      await page.waitForURL(/\/sign-in/)
    }
  })

  test('takes a new password for the current one and says how many sessions that ended', async () => {
    const page = await journey.freshPage()
    await signIn(page, first)
    await openAccount(page)
    await page.getByLabel('Current password').fill('not the password')
    await page.getByLabel('New password').fill(second)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('This is not your current password.').waitFor()
    await journey.isAccessible(page)
    await page.getByLabel('Current password').fill(first)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Password changed. 1 other session has ended.').waitFor()
    await openAccount(page)
    await page.context().close()
  })

  test('is opened again by a link of an admin, whose token leaves the address', async () => {
    const admin = journey.page()
    await admin.goto(`${tenant}/settings/users`)
    await admin.getByRole('button', { name: 'Actions for bob' }).click()
    await admin.getByRole('menuitem', { name: 'Make a reset link' }).click()
    await admin.getByRole('button', { name: 'Make a reset link' }).click()
    await admin.getByRole('button', { name: 'Copy the link' }).waitFor()
    await journey.isAccessible(admin)
    const link = (await admin.locator('.invite-link .mono').textContent()) ?? ''
    expect(link).toMatch(/\/reset-password\?token=[\w-]{43}$/)
    await admin.getByRole('button', { name: 'Done' }).click()

    const page = await journey.freshPage()
    await page.goto(link)
    await page.waitForURL(/\/reset-password$/)
    await journey.isAccessible(page)
    await page.getByLabel('New password').fill('Password12345')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await expect.poll(() => page.getByLabel('New password').getAttribute('aria-invalid')).toBe('true')
    await page.getByLabel('New password').fill(third)
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText('Your password is set.').waitFor()
    await journey.isAccessible(page)
    await page.getByRole('link', { name: 'Sign in with it' }).click()
    await signIn(page, third)
    await page.goto(link)
    await page.getByLabel('New password').fill(first)
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText('This link is not valid: it is used, over or replaced.').waitFor()
    await page.context().close()
  })

  test('cannot be asked back by mail, which the page says to everybody', async () => {
    const page = await journey.freshPage()
    await page.goto('/sign-in')
    await page.getByRole('link', { name: 'Password forgotten?' }).click()
    await page.getByText('This server sends no mail.').waitFor()
    await journey.isAccessible(page)
    await page.context().close()
  })

  test('did nothing that a page must not', () => {
    expect(journey.faults()).toEqual([])
  })
})
