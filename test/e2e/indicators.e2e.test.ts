// A list is made, a paste is shown as what it is read as, and what is found leads to its rows; any value becomes an indicator with n.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { createFirstAccount, sidewaysOf, withBrowser } from '../harness/browser.ts'

const journey = withBrowser()
const shots = process.env.SHOTS ?? ''
const shoot = async (page: Page, name: string): Promise<void> => {
  if (shots !== '') await page.screenshot({ path: `${shots}/${name}.png` })
}
const send = (page: Page, path: string, body: object): Promise<number> =>
  page.evaluate(
    async ([url, json]) => (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: json })).status,
    [path, JSON.stringify(body)] as const,
  )

const connections = ['10.9.8.7', '10.1.1.1', '10.9.8.7'].map((ip, n) => ({
  Pid: n,
  Name: n === 1 ? 'svchost.exe' : 'loader.exe',
  FamilyString: 'IPv4',
  TypeString: 'TCP',
  Status: 'ESTAB',
  'Laddr.IP': '192.168.1.5',
  'Laddr.Port': 5000 + n,
  'Raddr.IP': ip,
  'Raddr.Port': 443,
  Timestamp: `2026-03-12T08:0${n}:00Z`,
}))

describe('indicators', () => {
  test('the page teaches while there is no list, and a list begins with what is pasted', async () => {
    const page = journey.page()
    await page.goto('/')
    await createFirstAccount(page)
    await page.goto('/')
    await page.waitForURL(/\/t\/[0-9a-f-]{36}/)
    expect(
      await send(page, '/api/ingestion/ingest', { hostname: 'HLD-1', data: { artifact: 'Windows.Network.Netstat', results: connections } }),
    ).toBe(200)
    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await page.getByRole('heading', { name: 'No list of indicators yet' }).waitFor()
    await journey.isAccessible(page)
    await page.getByRole('button', { name: 'New list' }).click()
    await page.getByLabel('Name').fill('Campaign')
    await page.getByRole('button', { name: 'Make the list' }).click()
    await page.getByLabel('Paste').fill('10[.]9[.]8[.]7\nevil[.]example # its domain\nloader.exe\nnothing known')
    await page.getByText('3 indicators recognised, 1 refused').waitFor()
    await journey.isAccessible(page)
    await shoot(page, 'import')
    await page.getByRole('button', { name: 'Add 3 indicators' }).click()
    await page.getByText('They are looked for in all that is stored now').waitFor()
    await page.getByRole('button', { name: 'Close' }).last().click()
    await page
      .getByText(/Looked at \d+ rows/)
      .first()
      .waitFor()
  })

  test('what is found says where, and opens its rows', async () => {
    const page = journey.page()
    await page.getByRole('option', { name: /10\.9\.8\.7.*2 on 1 host/ }).waitFor()
    await journey.isAccessible(page)
    await shoot(page, 'list')
    await page.getByRole('tab', { name: /Found/ }).click()
    await page.getByText('destination_ip').waitFor()
    await journey.isAccessible(page)
    await shoot(page, 'found')
    await page.getByRole('link', { name: '10.9.8.7' }).click()
    await page.waitForURL(/\/explore\?q=destination_ip/)
    await page.getByRole('grid').waitFor()
  })

  test('a value of a row becomes one with n', async () => {
    const page = journey.page()
    await page.goto(page.url().replace(/\/explore.*/, '/explore?q=svchost.exe'))
    await page
      .getByRole('gridcell', { name: /svchost\.exe/ })
      .first()
      .getByText('svchost.exe', { exact: true })
      .click()
    await page.getByRole('menuitem', { name: /Make it an indicator/ }).waitFor()
    await page.keyboard.press('n')
    await page.getByText('Now in the list Added by hand').waitFor()
  })

  test('fits a phone and a light screen', async () => {
    const page = journey.page()
    const lists = page.url().replace(/\/explore.*/, '/indicators')
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(lists)
    await page.getByRole('link', { name: 'Campaign' }).first().waitFor()
    expect(await sidewaysOf(page)).toBe(0)
    await journey.isAccessible(page)
    await shoot(page, 'lists-390')
    await page.getByRole('link', { name: 'Campaign' }).first().click()
    await page.getByRole('option', { name: /10\.9\.8\.7/ }).waitFor()
    expect(await sidewaysOf(page)).toBe(0)
    await shoot(page, 'list-390')
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(lists)
    await page.getByRole('link', { name: 'Campaign' }).first().waitFor()
    await journey.isAccessible(page)
    await shoot(page, 'lists-light')
    expect(journey.faults()).toEqual([])
  })
})
