// What goes wrong with an upload, what waits for a person, and what is not for everybody: as the page says it.
import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFirstAccount, person, signInAs, withBrowser } from '../harness/browser.ts'
import { buildZip } from '../harness/poison/build-zip.ts'
import { zipOf } from '../harness/zip.ts'

const journey = withBrowser({ MAX_UPLOAD: '200KB' })
const folder = mkdtempSync(join(tmpdir(), 'vc-e2e-imports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const written = (name: string, data: string | Buffer): string => {
  const path = join(folder, name)
  writeFileSync(path, data)
  return path
}
const csv = (rows: number, mark: string): string =>
  `Name,Pid\n${Array.from({ length: rows }, (_, at) => `${mark}-${at}.exe,${at}`).join('\n')}\n`
const choose = async (page: Page, files: string | string[]): Promise<void> => {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /Choose files/ }).click()])
  await chooser.setFiles(files)
}
const callAs = (page: Page, method: string, path: string, body: unknown): Promise<number> =>
  page.evaluate(
    async ([how, where, what]) =>
      (await fetch(where, { method: how, headers: { 'content-type': 'application/json' }, body: JSON.stringify(what) })).status,
    [method, path, body] as [string, string, unknown],
  )
/** What a browser holds while files are dragged over a page. */
const transferOf = (page: Page, names: readonly string[]) =>
  page.evaluateHandle(`(() => {
    const held = new DataTransfer()
    for (const name of ${JSON.stringify(names)}) held.items.add(new File(['Name,Pid\\n' + name + '.exe,7\\n'], name))
    return held
  })()`)
const tenantOf = (page: Page): string => /\/t\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name.slice(0, 12) })

beforeAll(async () => {
  const page = journey.page()
  await createFirstAccount(page)
  await page.goto('/')
  await page.waitForURL(/\/t\//)
  await page.goto(`/t/${tenantOf(page)}/imports`)
  await page.getByRole('button', { name: /Choose files/ }).waitFor()
})

describe('an upload that is refused', () => {
  test('because it is too large says so, keeps nothing, and offers no retry that cannot work', async () => {
    const page = journey.page()
    await choose(page, written('too-large.csv', csv(30_000, 'large')))
    const card = page.getByRole('region', { name: /Stopped: too-large/ })
    await card.getByText(/larger than the server takes.*Split the export/).waitFor()
    expect(await card.getByRole('button', { name: 'Retry' }).count()).toBe(0)
    await journey.isAccessible(page)
    await card.getByRole('button', { name: 'Dismiss' }).click()
    await expect.poll(() => card.count()).toBe(0)
  })

  test('because the quota is full says that stored rows are safe, and goes through once there is room', async () => {
    const page = journey.page()
    expect(await callAs(page, 'PUT', `/api/tenants/${tenantOf(page)}`, { quota_bytes: 10 })).toBe(200)
    await choose(page, written('no-room.csv', csv(50, 'room')))
    const card = page.getByRole('region', { name: /Stopped: no-room/ })
    await card.getByText(/quota is full.*already stored are safe/).waitFor()
    await journey.isAccessible(page)
    expect(await callAs(page, 'PUT', `/api/tenants/${tenantOf(page)}`, { quota_bytes: null })).toBe(200)
    await card.getByRole('button', { name: 'Retry' }).click()
    await rowOf(page, 'no-room.csv').getByText('Ready').waitFor()
  })

  test('because the session has ended leads to the sign-in, and goes on by itself in the same view', async () => {
    const page = journey.page()
    await page.goto(`/t/${tenantOf(page)}/imports?state=open`)
    await page.getByRole('button', { name: /Choose files/ }).waitFor()
    await page.context().clearCookies()
    await choose(page, written('session-ended.csv', csv(20, 'session')))
    await page.waitForURL(/\/sign-in/)
    await page.getByLabel(/Email or user name/).fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/\/imports\?state=open/)
    await page.getByRole('button', { name: /^All / }).click()
    await rowOf(page, 'session-ended.csv').getByText('Ready').waitFor()
  })
})

test('several files dropped anywhere on the page are each imported', async () => {
  const page = journey.page()
  const transfer = await transferOf(page, ['dropped-one.csv', 'dropped-two.csv', 'dropped-three.csv'])
  await page.dispatchEvent('nav', 'dragenter', { dataTransfer: transfer })
  await page.getByText('Let go to import').waitFor()
  await page.dispatchEvent('nav', 'drop', { dataTransfer: transfer })
  for (const name of ['dropped-one', 'dropped-two', 'dropped-three']) await rowOf(page, name).getByText('Ready').waitFor()
  await page.getByText('Drop Velociraptor exports here').waitFor()
})

describe('an encrypted import', () => {
  test('is opened with its password, after a wrong one was refused in words', async () => {
    const page = journey.page()
    const rows = '{"Name":"sealed.exe","Pid":1}\n'
    await choose(page, written('with-password.zip', zipOf({ 'results/Windows.System.Pslist.json': rows }, { password: 'open sesame' })))
    await rowOf(page, 'with-password').getByRole('button', { name: 'Unlock' }).click()
    const dialog = page.getByRole('dialog', { name: 'Unlock this import' })
    expect(await dialog.evaluate((element) => element.ownerDocument.defaultView?.getComputedStyle(element).whiteSpace)).toBe('normal')
    await dialog.getByRole('button', { name: 'Unlock and read' }).click()
    await dialog.getByText('Enter the password.').waitFor()
    await journey.isAccessible(page)
    // A key that is dropped on the dialog is nothing to import.
    const key = await transferOf(page, ['dropped-key.csv'])
    await dialog.getByText('waits.').dispatchEvent('drop', { dataTransfer: key })
    await dialog.getByLabel('Password', { exact: true }).fill('not this one')
    await dialog.getByRole('button', { name: 'Unlock and read' }).click()
    await expect.poll(() => dialog.isVisible()).toBe(false)
    await rowOf(page, 'with-password').getByRole('button', { name: 'Unlock' }).click()
    await dialog.getByText(/does not open|wrong/i).waitFor()
    await dialog.getByLabel('Password', { exact: true }).fill('open sesame')
    await dialog.getByRole('button', { name: 'Unlock and read' }).click()
    await rowOf(page, 'with-password').getByText('Ready').waitFor()
    expect(page.url()).not.toMatch(/\/imports\/[0-9a-f-]{36}/)
    expect(await rowOf(page, 'dropped-key').count()).toBe(0)
  })

  test('is opened with a private key from a file', async () => {
    const page = journey.page()
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const sealed = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha512' }, Buffer.from('s3cret'))
    const metadata = JSON.stringify([{ EncryptedPass: sealed.toString('base64'), Scheme: 'X509', PublicKey: '' }])
    const upload = buildZip([
      { name: 'metadata.json', data: metadata },
      {
        name: 'data.zip',
        data: buildZip([{ name: 'results/Windows.System.Pslist.json', data: '{"Name":"keyed.exe","Pid":1}\n' }]),
        password: 's3cret',
        method: 0,
      },
    ])
    await choose(page, written('with-key.zip', upload))
    await rowOf(page, 'with-key').getByRole('button', { name: 'Unlock' }).click()
    const dialog = page.getByRole('dialog', { name: 'Unlock this import' })
    await dialog.getByLabel('Private key (PEM)').waitFor()
    const key = written('reader.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
    await dialog.getByLabel('Or from a file').setInputFiles(key)
    await expect.poll(() => dialog.getByLabel('Private key (PEM)').inputValue()).toContain('BEGIN PRIVATE KEY')
    await journey.isAccessible(page)
    await dialog.getByRole('button', { name: 'Unlock and read' }).click()
    await rowOf(page, 'with-key').getByText('Ready').waitFor()
  })
})

test('an import is deleted only after a question, and the answer no keeps it', async () => {
  const page = journey.page()
  await page.getByRole('link', { name: 'dropped-one.csv' }).click()
  const remove = page.getByRole('button', { name: 'Delete this import' })
  await remove.click()
  const dialog = page.getByRole('dialog', { name: 'Delete this import?' })
  await dialog.getByText('Its 1 stored row goes for good.').waitFor()
  await journey.isAccessible(page)
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await expect.poll(() => dialog.isVisible()).toBe(false)
  expect(await remove.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
  await remove.click()
  await dialog.getByRole('button', { name: 'Delete the import' }).click()
  await page.waitForURL((url) => url.pathname.endsWith('/imports'))
  await expect.poll(() => rowOf(page, 'dropped-one').count(), { timeout: 20_000 }).toBe(0)
})

test('signing out before a file is there asks first, and the answer no goes on', async () => {
  const page = await journey.freshPage()
  await signInAs(page)
  await page.goto(`/t/${/\/t\/([^/]+)/.exec(page.url())?.[1]}/imports`)
  await page.route('**/api/ingestion/uploads', () => undefined)
  await page.setInputFiles('input[type=file]', { name: 'slow.json', mimeType: 'application/json', buffer: Buffer.from('{"n":1}') })
  const leave = async () => {
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByText('1 file of this window has not arrived whole').waitFor()
  }
  await leave()
  await journey.isAccessible(page)
  await page.getByRole('button', { name: 'Stay' }).click()
  expect(page.url()).toContain('/imports')
  await leave()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/sign-in/)
  await page.context().close()
})

test('a viewer reads everything and is offered nothing that writes', async () => {
  const admin = journey.page()
  const account = { username: 'vera', role: 'viewer', password: person.password }
  expect(await callAs(admin, 'POST', '/api/users', account)).toBe(201)
  const page = await journey.freshPage()
  await signInAs(page, 'vera')
  const tenant = tenantOf(page)
  await page.goto(`/t/${tenant}/imports`)
  await page.getByText('Your role reads imports').waitFor()
  await page.getByRole('link', { name: 'dropped-two.csv' }).click()
  await page.getByRole('heading', { name: 'Receipt' }).waitFor()
  const offered = ['Choose files', 'Options', 'Delete this import', 'Download', 'Unlock', 'Try again', 'Cancel']
  for (const name of offered) expect({ name, count: await page.getByRole('button', { name }).count() }).toEqual({ name, count: 0 })
  expect(await page.getByRole('link', { name: /Download/ }).count()).toBe(0)
  await journey.isAccessible(page)
  await page.goto(`/t/${tenant}/settings`)
  await page.waitForURL(/account/)
  for (const name of ['Users', 'Tenants', 'Audit']) expect(await page.getByRole('link', { name }).count()).toBe(0)
  await page.goto(`/t/${tenant}/settings/users`)
  await page.waitForLoadState('networkidle')
  await journey.isAccessible(page)
  await page.getByText('Only admins and leads see the people of a tenant').waitFor()
  await page.context().close()
})

test('nothing broke the content security policy, no script failed and no request left this machine', () => {
  expect(journey.faults()).toEqual([])
})
