// What the browser takes: bytes of script, the time until Explore can be used, and frames while a long result is scrolled.
import { chromium, type Page } from 'playwright-core'
import { chromiumPath, quietChromium } from '../harness/browser.ts'
import { password, type Server } from '../harness/server.ts'
import { median, type Line } from './table.ts'

const signIn = async (page: Page): Promise<void> => {
  await page.request.post('/api/auth/session', { data: { username: 'mara', password }, headers: { 'sec-fetch-site': 'same-origin' } })
}

/** Bytes of script as they travel, for a browser that has never been here. */
const scriptBytes = async (page: Page, path: string): Promise<number> => {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const scripts = new Set<string>()
  let bytes = 0
  session.on('Network.responseReceived', (event) => {
    if (event.type === 'Script') scripts.add(event.requestId)
  })
  session.on('Network.loadingFinished', (event) => {
    if (scripts.has(event.requestId)) bytes += event.encodedDataLength
  })
  await page.goto(path)
  await page.getByRole('grid').getByRole('row').nth(3).waitFor()
  return bytes
}

const millisecondsUntilUsable = async (page: Page, path: string): Promise<number> => {
  const begun = performance.now()
  await page.goto(path)
  await page.getByRole('grid').getByRole('row').nth(3).waitFor()
  await page.getByRole('combobox', { name: 'Query' }).focus()
  return performance.now() - begun
}

/** In the page: scrolls the rows for four seconds and takes the time of each frame. */
const scroller = `new Promise((done) => {
  const box = document.querySelector('[role=grid]')
  const at = []
  const begun = performance.now()
  const step = (now) => {
    at.push(now)
    box.scrollTop += 240
    if (now - begun < 4000) requestAnimationFrame(step)
    else done(at.slice(1).map((one, i) => one - at[i]))
  }
  requestAnimationFrame(step)
})`

export const benchWeb = async (server: Server, tenantId: string): Promise<Line[]> => {
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: quietChromium })
  const fresh = async (): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      baseURL: server.url.replace('127.0.0.1', 'localhost'),
    })
    const page = await context.newPage()
    await signIn(page)
    return page
  }
  const path = `/t/${tenantId}/explore`
  try {
    const kilobytes = (await scriptBytes(await fresh(), path)) / 1000
    const times: number[] = []
    for (let i = 0; i < 5; i++) times.push(await millisecondsUntilUsable(await fresh(), path))
    const page = await fresh()
    await millisecondsUntilUsable(page, path)
    const frames = await page.evaluate<number[]>(scroller)
    const slow = frames.filter((ms) => ms > 20).length
    const what = 'web: '
    return [
      { what: `${what}script until Explore is usable, as it travels`, measured: `${kilobytes.toFixed(0)} kB`, memory: '', ratio: '' },
      {
        what: `${what}Explore usable with rows, cold browser`,
        measured: `median ${median(times).toFixed(0)} ms, worst ${Math.max(...times).toFixed(0)} ms`,
        memory: '',
        ratio: '',
      },
      {
        what: `${what}scrolling all rows for 4 s`,
        measured: `${(1000 / (frames.reduce((a, b) => a + b, 0) / frames.length)).toFixed(0)} frames/s, ${slow} of ${frames.length} frames above 20 ms, worst ${Math.max(...frames).toFixed(0)} ms`,
        memory: '',
        ratio: '',
      },
    ]
  } finally {
    await browser.close()
  }
}
