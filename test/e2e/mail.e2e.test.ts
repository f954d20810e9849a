// Mail as people meet it: an admin sees that it works, and a lost password comes back by a link.
import { afterAll, describe, expect, test } from 'vitest'
import { createFirstAccount, person, sidewaysOf, withBrowser, signInAs, typePassword } from '../harness/browser.ts'
import { startMailSink, type SunkMail, tokenIn } from '../harness/mail/sink.ts'

const sink = await startMailSink()
const journey = withBrowser(sink.env)
const next = 'seven quiet lanterns drift'
afterAll(() => sink.close())

const shots = process.env.MAIL_SHOTS

const linkPath = (mail: SunkMail | undefined): string => `/reset-password?token=${tokenIn(mail)}`

describe('mail', () => {
  test('is seen to work by who runs the installation, with the reason where it does not', async () => {
    const page = journey.page()
    await createFirstAccount(page)
    await page.goto('/')
    await page.waitForURL(/\/t\/[0-9a-f-]{36}/)
    await page.goto(`${new URL(page.url()).pathname.replace(/\/$/, '')}/settings/mail`)
    await page.getByText('127.0.0.1:').waitFor()
    await journey.isAccessible(page)
    await page.getByRole('button', { name: 'Send me a test mail' }).click()
    await page.getByText('The last test mail to m…@halden.example was taken by the mail server.').waitFor()
    const [mail] = await sink.next()
    expect([mail?.to, mail?.headers.subject]).toEqual([[person.email], 'VelociCompanion: Test of mail'])
    sink.manners.refuse = () => ({ code: 550, message: 'no such mailbox' })
    await page.getByRole('button', { name: 'Send me a test mail' }).click()
    await page.getByText('was given up after 1 try').waitFor()
    await page.getByRole('heading', { name: 'Could not be sent' }).waitFor()
    await journey.isAccessible(page)
    if (shots !== undefined) await page.screenshot({ path: `${shots}/mail-1440.png` })
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await sidewaysOf(page)).toBe(0)
    if (shots !== undefined) await page.screenshot({ path: `${shots}/mail-390.png` })
    sink.manners.refuse = () => null
  })

  test('brings back a lost password by a link that works once', async () => {
    const page = await journey.freshPage({ scheme: 'light' })
    await page.goto('/sign-in')
    await page.getByRole('link', { name: 'Password forgotten?' }).click()
    await page.getByRole('button', { name: 'Send me a link' }).waitFor()
    await journey.isAccessible(page)
    if (shots !== undefined) await page.screenshot({ path: `${shots}/ask-1440.png` })
    await page.getByRole('button', { name: 'Send me a link' }).click()
    await page.getByText('Enter your email or user name.').waitFor()
    await page.getByLabel('Email or user name').fill(person.email)
    await page.getByRole('button', { name: 'Send me a link' }).click()
    await page.getByText('If there is an account with this address').waitFor()
    await journey.isAccessible(page)
    const path = linkPath((await sink.next())[0])
    await page.goto(path)
    await page.getByLabel('New password').fill(next)
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText('Your password is set.').waitFor()
    await page.getByRole('link', { name: 'Sign in with it' }).click()
    await typePassword(page, person.email, next)
    await page.waitForURL(/\/t\//)
    await page.goto(path)
    await page.getByLabel('New password').fill(person.password)
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText('This link is not valid: it is used, over or replaced.').waitFor()
    await page.context().close()
  })

  test('tells a stranger the same about an address that nobody has', async () => {
    const page = await journey.freshPage({ width: 390, height: 844 })
    await page.goto('/reset-password')
    await page.getByLabel('Email or user name').fill('nobody@halden.example')
    await page.getByRole('button', { name: 'Send me a link' }).click()
    await page.getByText('If there is an account with this address').waitFor()
    expect(await sidewaysOf(page)).toBe(0)
    if (shots !== undefined) await page.screenshot({ path: `${shots}/asked-390.png` })
    await page.context().close()
  })

  test('goes to a new address only with the current password', async () => {
    const page = await journey.freshPage()
    await signInAs(page, person.email, next)
    await page.goto(`${new URL(page.url()).pathname.replace(/\/$/, '')}/settings/account`)
    await page.getByLabel('Email', { exact: true }).fill('mara@elsewhere.example')
    await page.getByRole('button', { name: 'Save profile' }).click()
    await page.getByText('Enter your current password.').waitFor()
    await journey.isAccessible(page)
    await page.getByLabel('Current password, for the new address').fill(next)
    await page.getByRole('button', { name: 'Save profile' }).click()
    await page.getByText('Profile saved.').waitFor()
    await page.context().close()
  })

  test('did nothing that a page must not', () => {
    expect(journey.faults()).toEqual([])
  })
})
