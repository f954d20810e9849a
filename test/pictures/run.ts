// npm run pictures: the pictures of the README and the guides, taken anew from the demo in the product as it is.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { chromiumPath, quietChromium } from '../harness/browser.ts'
import { dropDataDir, firstAccount, password, startServer } from '../harness/server.ts'
import { walkHunt } from './hunt-shots.ts'
import { smallPng } from './small-png.ts'

const folder = fileURLToPath(new URL('../../docs/pictures', import.meta.url))

interface Shot {
  name: string
  path: string
  width: number
  height: number
  scheme: 'dark' | 'light'
  /** Opens the row that the picture is about. */
  opens?: string
}

const found = `/explore?q=${encodeURIComponent('ProgramData\\Dell NOT process_name:SupportAssistAgent.exe')}`
const wide = { width: 1440, height: 900, scheme: 'dark' } as const
const shots: readonly Shot[] = [
  { ...wide, name: 'explore', path: found, opens: 'dsaupd.exe' },
  { ...wide, name: 'explore-light', path: found, scheme: 'light', opens: 'dsaupd.exe' },
  { name: 'explore-phone', path: found, width: 390, height: 844, scheme: 'dark' },
  { ...wide, name: 'imports', path: '/imports' },
  { ...wide, name: 'overview', path: '' },
]

mkdirSync(folder, { recursive: true })
const server = await startServer()
const browser = await chromium.launch({ executablePath: chromiumPath(), args: quietChromium })
const opened = async (o: Pick<Shot, 'width' | 'height' | 'scheme' | 'path'>): Promise<Page> => {
  const context = await browser.newContext({
    viewport: o,
    baseURL: server.url.replace('127.0.0.1', 'localhost'),
    colorScheme: o.scheme,
  })
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  await page.request.post('/api/auth/session', { data: { username: 'mara', password }, headers: { 'sec-fetch-site': 'same-origin' } })
  await page.addInitScript(`localStorage.setItem('velocicompanion.theme', JSON.stringify('${o.scheme}'))`)
  await page.goto(o.path)
  return page
}
const take = async (page: Page, name: string): Promise<void> => {
  // Numbers beside values and lanes of a chart come after the rest.
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(700)
  writeFileSync(`${folder}/${name}.png`, smallPng(await page.screenshot()))
}
try {
  const client = await firstAccount(server.url)
  await client.call('POST', '/api/ingestion/demo', {})
  const isDone = async (): Promise<boolean> => {
    const { body } = await client.call<{ state: string }[]>('GET', '/api/ingestion/imports')
    return body.length >= 4 && body.every((i) => i.state === 'ready')
  }
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 250))
  const me = await client.call<{ tenant_id: string }>('GET', '/api/auth/me')
  const home = `/t/${me.body.tenant_id}`
  for (const shot of shots) {
    const page = await opened({ ...shot, path: `${home}${shot.path}` })
    await page.waitForLoadState('networkidle')
    if (shot.opens !== undefined) {
      await page.getByRole('grid').getByText(shot.opens).first().click()
      await page.keyboard.press('Escape')
      await page.keyboard.press('Space')
    }
    await take(page, shot.name)
    await page.context().close()
  }
  const page = await opened({ ...wide, height: 810, path: `${home}/explore` })
  await walkHunt(page, (name) => take(page, name))
} finally {
  await browser.close()
  await server.stop()
  dropDataDir(server.dataDir)
}
