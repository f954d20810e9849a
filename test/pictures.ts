// npm run pictures: the README's pictures, taken anew from the demo in the product as it is.
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { chromiumPath, quietChromium } from './harness/browser.ts'
import { dropDataDir, firstAccount, password, startServer } from './harness/server.ts'

const folder = fileURLToPath(new URL('../docs/pictures', import.meta.url))

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
const shots: readonly Shot[] = [
  { name: 'explore', path: found, width: 1440, height: 900, scheme: 'dark', opens: 'dsaupd.exe' },
  { name: 'explore-light', path: found, width: 1440, height: 900, scheme: 'light', opens: 'dsaupd.exe' },
  { name: 'explore-phone', path: found, width: 390, height: 844, scheme: 'dark' },
  { name: 'imports', path: '/imports', width: 1440, height: 900, scheme: 'dark' },
  { name: 'overview', path: '', width: 1440, height: 900, scheme: 'dark' },
]

mkdirSync(folder, { recursive: true })
const server = await startServer()
const browser = await chromium.launch({ executablePath: chromiumPath(), args: quietChromium })
try {
  const client = await firstAccount(server.url)
  await client.call('POST', '/api/ingestion/demo', {})
  const isDone = async (): Promise<boolean> => {
    const { body } = await client.call<{ state: string }[]>('GET', '/api/ingestion/imports')
    return body.length >= 4 && body.every((i) => i.state === 'ready')
  }
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 250))
  const me = await client.call<{ tenant_id: string }>('GET', '/api/auth/me')
  for (const shot of shots) {
    const context = await browser.newContext({
      viewport: shot,
      baseURL: server.url.replace('127.0.0.1', 'localhost'),
      colorScheme: shot.scheme,
    })
    const page = await context.newPage()
    await page.request.post('/api/auth/session', { data: { username: 'mara', password }, headers: { 'sec-fetch-site': 'same-origin' } })
    await page.addInitScript(`localStorage.setItem('velocicompanion.theme', JSON.stringify('${shot.scheme}'))`)
    await page.goto(`/t/${me.body.tenant_id}${shot.path}`)
    await page.waitForLoadState('networkidle')
    if (shot.opens !== undefined) await page.getByRole('grid').getByText(shot.opens).first().click()
    if (shot.opens !== undefined) await page.keyboard.press('Escape')
    if (shot.opens !== undefined) await page.keyboard.press('Space')
    await page.waitForTimeout(700)
    await page.screenshot({ path: `${folder}/${shot.name}.png` })
    await context.close()
  }
} finally {
  await browser.close()
  await server.stop()
  dropDataDir(server.dataDir)
}
