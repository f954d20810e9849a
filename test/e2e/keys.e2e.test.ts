// API keys: made within scopes and shown once, used by a program, seen and revoked by an admin beside the person's sessions.
import { describe, expect, test } from 'vitest'
import { createFirstAccount, withBrowser } from '../harness/browser.ts'

const journey = withBrowser()
let tenant = ''
let key = ''

const asProgram = async (path: string): Promise<number> =>
  (await fetch(`${journey.server().url}${path}`, { headers: { authorization: `Bearer ${key}` } })).status

describe('an API key', () => {
  test('is made with scopes and an end, shown once, and opens what its scopes allow', async () => {
    const page = journey.page()
    await page.goto('/')
    await createFirstAccount(page)
    await page.goto('/')
    await page.waitForURL(/\/t\/[0-9a-f-]{36}/)
    tenant = /\/t\/[0-9a-f-]{36}/.exec(page.url())?.[0] ?? ''
    await page.goto(`${tenant}/settings/account`)
    await page.getByText('None yet. A key lets a program act for you').waitFor()
    await page.getByRole('button', { name: 'New key' }).click()
    await page.getByRole('button', { name: 'Make the key' }).click()
    await page.getByText('Choose at least one.').waitFor()
    await journey.isAccessible(page)
    await page.getByRole('textbox', { name: 'Name', exact: true }).last().fill('Nightly hosts')
    await page.getByLabel(/Read hosts/).check()
    await page.getByLabel('Ends after').selectOption('30')
    await page.getByRole('button', { name: 'Make the key' }).click()
    await page.getByRole('heading', { name: 'API key made' }).waitFor()
    await journey.isAccessible(page)
    key = (await page.locator('.invite-link .mono').textContent()) ?? ''
    expect(key).toMatch(/^vc_[\w-]{43}$/)
    await page.getByRole('button', { name: 'Done' }).click()
    expect(await page.content()).not.toContain(key)
    expect([await asProgram('/api/hosts'), await asProgram('/api/audit'), await asProgram('/api/auth/sessions')]).toEqual([200, 403, 403])
    await page.reload()
    const row = page.getByRole('region', { name: 'Your API keys' }).locator('tbody tr')
    await row.getByText('Nightly hosts', { exact: true }).waitFor()
    expect(await row.textContent()).toContain('127.0.0.1')
    await journey.isAccessible(page)
  })

  test('is seen and revoked by an admin, beside the sessions of the person', async () => {
    const page = journey.page()
    await page.goto(`${tenant}/settings/users`)
    await page.getByRole('button', { name: /^Actions for/ }).click()
    await page.getByRole('menuitem', { name: 'Sessions and keys' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Nightly hosts', { exact: true }).waitFor()
    await dialog.getByText('this session').waitFor()
    await journey.isAccessible(page)
    await dialog.getByRole('button', { name: /^Revoke the key Nightly hosts/ }).click()
    await dialog.getByText('None.').waitFor()
    expect(await asProgram('/api/hosts')).toBe(401)
  })

  test('did nothing that a page must not', () => {
    expect(journey.faults()).toEqual([])
  })
})
