// The admin's way through the log: the chain's state, a filter in the address, a row, an export, nothing found.
import { describe, expect, test } from 'vitest'
import { createFirstAccount, sidewaysOf, withBrowser } from '../harness/browser.ts'

const journey = withBrowser()

describe('the audit log', () => {
  test('says that its chain holds, is filtered by its address, and opens a row', async () => {
    const page = journey.page()
    await page.goto('/')
    await createFirstAccount(page)
    await page.goto('/')
    await page.waitForURL(/\/t\/[0-9a-f-]{36}/)
    await page.evaluate(async () => {
      for (const hostname of ['alpha', '=cmd|calc', '<img src=x onerror=alert(1)>'])
        await fetch('/api/hosts', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ hostname }) })
    })
    await page.goto(page.url().replace(/(\/t\/[0-9a-f-]{36}).*/, '$1/settings/audit'))
    await page.getByText('The chain holds.').waitFor()
    await page.getByText(/^Last checkpoint: row 1, .* signed/).waitFor()
    await page.getByRole('button', { name: 'Copy the checkpoint' }).waitFor()
    await journey.isAccessible(page)
    await page.getByLabel('Act', { exact: true }).selectOption({ label: 'Added a host' })
    await page.waitForURL(/action=host\.create/)
    await page.getByText('3 of 3 rows').waitFor()
    await page.getByText('hostname: =cmd|calc').waitFor()
    await page
      .getByRole('button', { name: /^Open row/ })
      .first()
      .click()
    await page.waitForURL(/row=\d+/)
    await page.getByRole('heading', { name: /^Row \d+: Added a host/ }).waitFor()
    await journey.isAccessible(page)
    await page.reload()
    await page.getByRole('heading', { name: /^Row \d+: Added a host/ }).waitFor()
    await page.getByRole('button', { name: 'Close the row' }).click()
  })

  test('is exported as it is filtered, with no formula in it', async () => {
    const page = journey.page()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export 3 rows as CSV' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^audit-tenant-.*\.csv$/)
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer)
    const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines.slice(1).every((line) => /,host\.create,/.test(line))).toBe(true)
  })

  test('says so where nothing matches, and shows all again', async () => {
    const page = journey.page()
    await page.getByLabel('Person').fill('nobody')
    await page.getByRole('heading', { name: 'No act matches' }).waitFor()
    await journey.isAccessible(page)
    await page.getByRole('button', { name: 'Show all acts' }).click()
    await page.getByRole('table').getByText('Exported the audit log').waitFor()
    await page.getByRole('button', { name: 'The installation' }).click()
    await page.waitForURL(/chain=platform/)
    await page.getByRole('heading', { name: 'Nothing has been recorded yet' }).waitFor()
    await journey.isAccessible(page)
  })

  test('is usable on a phone and in light', async () => {
    const page = journey.page()
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'light' })
    await page.getByText('This tenant').click()
    await page.getByText('The chain holds.').waitFor()
    expect(await sidewaysOf(page)).toBe(0)
    await journey.isAccessible(page)
    expect(journey.faults()).toEqual([])
  })
})
