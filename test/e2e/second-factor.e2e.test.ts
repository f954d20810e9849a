// A second factor from its set-up to its end, as its owner and an admin meet it.
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import decodeQR from 'qr/decode.js'
import { codeAt, stepAt } from '../../server/features/identity/factors/totp.ts'
import { createFirstAccount, person, sidewaysOf, withBrowser, givePassword as givePasswordOf, refuseProofOnce } from '../harness/browser.ts'

const journey = withBrowser()
const password = 'kernel flag muffin orbit'
let tenant = ''
let seed = ''
let recovery: string[] = []

/** The first code of a step that was not used yet: the server takes none twice. */
let lastStep = 0
const code = async (): Promise<string> => {
  while (stepAt(new Date()) <= lastStep) await new Promise((later) => setTimeout(later, 500))
  lastStep = stepAt(new Date())
  return codeAt(seed, lastStep)
}

const givePassword = (page: Page, name = 'bob'): Promise<void> => givePasswordOf(page, name, name === 'bob' ? password : person.password)
const isIn = (page: Page): Promise<void> => page.waitForURL(/\/t\/[0-9a-f-]{36}/)
const openAccount = async (page: Page): Promise<void> => {
  await page.goto(`${tenant}/settings/account`)
  await page.getByRole('heading', { name: 'Two-factor authentication' }).waitFor()
}

/** What a phone would read from the picture on the page. */
const scan = async (page: Page): Promise<string> => {
  const { data, width, height } = await page.getByAltText(/QR code/).evaluate((element) => {
    // The types of a browser are not at hand here.
    const { document } = globalThis as unknown as { document: { createElement: (name: string) => never } }
    const canvas = document.createElement('canvas') as unknown as {
      width: number
      height: number
      getContext: (kind: string) => {
        fillRect: (...box: number[]) => void
        drawImage: (source: unknown, ...box: number[]) => void
        getImageData: (...box: number[]) => { data: Uint8ClampedArray }
        fillStyle: string
      }
    }
    const size = 600
    canvas.width = size
    canvas.height = size
    const context = canvas.getContext('2d')
    context.fillStyle = '#fff'
    context.fillRect(0, 0, size, size)
    context.drawImage(element, 0, 0, size, size)
    return { data: [...context.getImageData(0, 0, size, size).data], width: size, height: size }
  })
  return decodeQR({ data: Uint8Array.from(data), width, height })
}

const readSetUp = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await page.getByAltText(/QR code/).waitFor()
  seed = ((await page.locator('.factor-key .mono').textContent()) ?? '').replaceAll(' ', '')
  expect(seed).toMatch(/^[A-Z2-7]{32}$/)
  lastStep = 0
}
const activate = async (page: Page): Promise<void> => {
  await page.getByLabel('Code', { exact: true }).fill(await code())
  await page.getByRole('button', { name: 'Activate' }).click()
  await page.getByRole('list', { name: 'Recovery codes' }).waitFor()
  recovery = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents()
  expect(recovery).toHaveLength(10)
}

describe('a second factor', () => {
  test('is set up with what the picture holds, and gives recovery codes', async () => {
    const admin = journey.page()
    await createFirstAccount(admin)
    await admin.goto('/')
    await isIn(admin)
    tenant = /\/t\/[0-9a-f-]{36}/.exec(admin.url())?.[0] ?? ''
    const body = JSON.stringify({ username: 'bob', role: 'user', password })
    const made = await admin.evaluate(
      async (sent) => (await fetch('/api/users', { method: 'POST', headers: { 'content-type': 'application/json' }, body: sent })).status,
      body,
    )
    expect(made).toBe(201)
    const page = await journey.freshPage()
    await givePassword(page)
    await isIn(page)
    await openAccount(page)
    await journey.isAccessible(page)
    await readSetUp(page)
    await journey.isAccessible(page)
    const uri = new URL(await scan(page))
    expect([uri.protocol, uri.searchParams.get('secret'), uri.searchParams.get('issuer')]).toEqual(['otpauth:', seed, 'VelociCompanion'])
    await page.getByLabel('Code', { exact: true }).fill('000000')
    await page.getByRole('button', { name: 'Activate' }).click()
    await page.getByText('This code is not right.').waitFor()
    await activate(page)
    await journey.isAccessible(page)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).click()
    expect((await download).suggestedFilename()).toBe('velocicompanion-recovery-codes.txt')
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('10 recovery codes are left.').waitFor()
    await page.context().close()
  })

  test('is asked for after the password, wrong codes are told, and a recovery code stands in', async () => {
    const page = await journey.freshPage({ width: 390, height: 844, scheme: 'light' })
    await givePassword(page)
    await page.getByRole('heading', { name: 'One more step' }).waitFor()
    await journey.isAccessible(page)
    expect(await sidewaysOf(page)).toBe(0)
    await page.getByLabel('Code', { exact: true }).fill('000000')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This code is not right.').waitFor()
    await journey.isAccessible(page)
    await page.getByLabel('Code', { exact: true }).fill(await code())
    await page.getByRole('button', { name: 'Sign in' }).click()
    await isIn(page)
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ name: '__Host-vc_session', httpOnly: true })
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toMatch(/token|challenge/)
    await page.context().close()

    const other = await journey.freshPage()
    await givePassword(other)
    await other.getByRole('button', { name: 'Use a recovery code' }).click()
    await other.getByLabel('Recovery code').fill((recovery[0] ?? '').toLowerCase())
    await other.getByRole('button', { name: 'Sign in' }).click()
    await isIn(other)
    await openAccount(other)
    await other.getByText('9 recovery codes are left.').waitFor()
    await other.context().close()
  })

  test('leads back to the password when the step took too long or one changes their mind', async () => {
    const page = await journey.freshPage()
    await givePassword(page)
    await page.getByRole('button', { name: 'Back to the password' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.route('**/api/auth/2fa/session', (route) =>
      route.fulfill({
        status: 410,
        contentType: 'application/problem+json',
        body: JSON.stringify({ type: 'x', title: 'Gone', status: 410, code: 'gone', detail: 'This sign-in is over.', request_id: 'r' }),
      }),
    )
    await givePassword(page)
    await page.getByLabel('Code', { exact: true }).fill('123456')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This sign-in is over.').waitFor()
    await page.getByLabel('Password', { exact: true }).waitFor()
    await journey.isAccessible(page)
    await page.context().close()
  })

  test('has new recovery codes after a fresh proof, and is turned off by password and code', async () => {
    const page = await journey.freshPage()
    await givePassword(page)
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill(recovery[1] ?? '')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await isIn(page)
    await openAccount(page)
    await refuseProofOnce(page, '**/api/auth/2fa/recovery-codes')
    await page.getByRole('button', { name: 'New recovery codes' }).click()
    await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
    await journey.isAccessible(page)
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
    // Whoever types at once types into it.
    await page.keyboard.type('000000')
    expect(await dialog.getByLabel('Code', { exact: true }).inputValue()).toBe('000000')
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await dialog.getByText('This code is not right.').waitFor()
    await dialog.getByLabel('Code', { exact: true }).fill(recovery[2] ?? '')
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    const shown = page.getByRole('dialog', { name: 'New recovery codes' })
    await shown.getByRole('list').waitFor()
    recovery = await shown.getByRole('listitem').allTextContents()
    expect(recovery).toHaveLength(10)
    await journey.isAccessible(page)
    await shown.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByRole('button', { name: 'Turn it off' }).click()
    const off = page.getByRole('dialog', { name: 'Turn off two-factor authentication?' })
    await journey.isAccessible(page)
    await off.getByLabel('Password', { exact: true }).fill(password)
    await off.getByLabel('Code', { exact: true }).fill(recovery[0] ?? '')
    await off.getByRole('button', { name: 'Turn it off' }).click()
    await page.getByText('Two-factor authentication is off.').waitFor()
    await page.getByRole('button', { name: 'Set up an authenticator app' }).waitFor()
    await page.context().close()
  })

  test('is required by an admin who has one, and whoever has none can then only set it up', async () => {
    const admin = journey.page()
    await admin.goto(`${tenant}/settings/users`)
    await admin.getByText('2 of 2 active people have none.').waitFor()
    await journey.isAccessible(admin)
    await admin.getByRole('button', { name: 'Require it' }).click()
    const dialog = admin.getByRole('dialog', { name: 'Require a second factor?' })
    await journey.isAccessible(admin)
    await dialog.getByRole('button', { name: 'Require it' }).click()
    await dialog.getByText('Set up your own second factor first').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await openAccount(admin)
    await readSetUp(admin)
    await activate(admin)
    await admin.getByRole('button', { name: 'I have kept them' }).click()
    await admin.goto(`${tenant}/settings/users`)
    await admin.getByRole('button', { name: 'Require it' }).click()
    await dialog.getByRole('button', { name: 'Require it' }).click()
    await admin.getByText('Everybody in this tenant needs one.').waitFor()

    const page = await journey.freshPage({ width: 390, height: 844 })
    await givePassword(page)
    await page.waitForURL(/\/second-factor$/)
    await page.getByText('requires one of everybody.').waitFor()
    await journey.isAccessible(page)
    await page.goto(`${tenant}/hosts`)
    await page.waitForURL(/\/second-factor$/)
    await readSetUp(page)
    await journey.isAccessible(page)
    expect(await sidewaysOf(page)).toBe(0)
    await activate(page)
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await isIn(page)
    await openAccount(page)
    expect(await page.getByRole('button', { name: 'Turn it off' }).getAttribute('aria-disabled')).toBe('true')
    await page.context().close()
  })

  test('of somebody who lost it is removed by an admin', async () => {
    const admin = journey.page()
    await admin.goto(`${tenant}/settings/users`)
    await admin.getByRole('button', { name: 'Actions for bob' }).click()
    await admin.getByRole('menuitem', { name: 'Remove second factor' }).click()
    await journey.isAccessible(admin)
    await admin.getByRole('button', { name: 'Remove it' }).click()
    await admin.getByText('bob signs in with the password alone now.').waitFor()
    await admin.getByText('1 of 2 active people has none.').waitFor()
  })

  test('did nothing that a page must not', () => {
    expect(journey.faults()).toEqual([])
  })
})
