// A real Chromium on a real server. Every page that a journey shows is checked with axe and for violations of the CSP,
// and no request may leave this machine.
import { existsSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { copyControlPlane } from './ready-control-plane.ts'
import { dropDataDir, newDataDir, type Server, startServer } from './server.ts'

export const quietChromium = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const chromiumPath = (): string => {
  const named = process.env.CHROMIUM_PATH ?? ''
  const found = [named, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path !== '' && existsSync(path),
  )
  if (found === undefined) throw new Error('There is no Chromium: run npm test, which finds or brings one, or set CHROMIUM_PATH.')
  return found
}

export interface Journey {
  server: () => Server
  page: () => Page
  /** A page of a browser that knows nothing yet. */
  freshPage: (o?: { width?: number; height?: number; scheme?: 'dark' | 'light' }) => Promise<Page>
  /** No fault by axe on what the page shows now. */
  isAccessible: (page: Page) => Promise<void>
  /** What the pages did that they must not: CSP violations, errors, requests to elsewhere. */
  faults: () => string[]
}

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** A menu that is still fading in has another contrast than the one that people read. What moves for ever is not waited for. */
const settled = `Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished))`

// axe in legacy mode opens no second page for each look; that is for frames of other sites, and there are none. Only what is
// wrong is written out: naming all that is right took most of its time.
export const withBrowser = (env: Record<string, string> = {}): Journey => {
  let server: Server | null = null
  let browser: Browser | null = null
  let page: Page | null = null
  const faults: string[] = []

  const watch = (context: BrowserContext): void => {
    context.on('page', (opened) => {
      opened.on('pageerror', (error) => faults.push(`error: ${error.message}`))
      opened.on('console', (message) => {
        if (message.type() === 'error' && /Content Security Policy|Trusted|Refused to/.test(message.text())) faults.push(message.text())
      })
      opened.on('dialog', (dialog) => {
        faults.push(`dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      opened.on('request', (request) => {
        const url = new URL(request.url())
        if (/^https?:$/.test(url.protocol) && url.hostname !== '127.0.0.1' && url.hostname !== 'localhost')
          faults.push(`request to ${url.host}`)
      })
    })
  }
  const freshPage: Journey['freshPage'] = async (o = {}) => {
    if (browser === null) throw new Error('the browser is not open yet')
    const context = await browser.newContext({
      viewport: { width: o.width ?? 1440, height: o.height ?? 900 },
      colorScheme: o.scheme ?? 'dark',
      baseURL: server?.url.replace('127.0.0.1', 'localhost') ?? '',
    })
    watch(context)
    context.setDefaultTimeout(20_000)
    return context.newPage()
  }
  beforeAll(async () => {
    const dataDir = newDataDir()
    copyControlPlane(dataDir)
    server = await startServer({ dataDir, env })
    browser = await chromium.launch({ executablePath: chromiumPath(), args: quietChromium })
    page = await freshPage()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    if (server !== null) dropDataDir(server.dataDir)
  })
  const given = <T>(value: T | null): T => {
    if (value === null) throw new Error('not open yet')
    return value
  }
  return {
    server: () => given(server),
    page: () => given(page),
    freshPage,
    isAccessible: async (of) => {
      await of.evaluate(settled)
      const { violations } = await new AxeBuilder({ page: of })
        .setLegacyMode(true)
        .options({ runOnly: { type: 'tag', values: wcag }, resultTypes: ['violations'] })
        .analyze()
      expect(
        violations.map(
          (v) =>
            `${v.id}: ${v.nodes
              .slice(0, 3)
              .map((n) => n.html.slice(0, 160))
              .join(' | ')}`,
        ),
      ).toEqual([])
    },
    faults: () => faults,
  }
}

/** How far the page, or its part that scrolls, reaches beyond the window sideways. A table in a frame of its own may. */
export const sidewaysOf = (page: Page): Promise<number> =>
  page.evaluate<number>(
    "Math.max(...[document.documentElement, ...document.querySelectorAll('.main, .page, .page-body, [role=dialog]')].map((e) => e.scrollWidth - e.clientWidth))",
  )

export const person = { email: 'mara.okafor@halden.example', password: 'a lantern over the quay' }

/** Goes through the first-run page as a newcomer; ends at its last step. */
export const createFirstAccount = async (page: Page): Promise<void> => {
  await page.goto('/')
  await page.getByLabel('Name', { exact: true }).fill('Mara Okafor')
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Tenant').fill('Halden Maritime')
  await page.locator('button[type=submit]').click()
  await page.getByRole('heading', { name: 'The demo' }).waitFor()
}

/** On the page that asks for them. */
export const typePassword = async (page: Page, name = person.email, password = person.password): Promise<void> => {
  await page.getByLabel('Email or user name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** The first step of a sign-in, whatever comes of it. */
export const givePassword = async (page: Page, name = person.email, password = person.password): Promise<void> => {
  await page.goto('/sign-in')
  await typePassword(page, name, password)
}

export const signInAs = async (page: Page, name = person.email, password = person.password): Promise<void> => {
  await givePassword(page, name, password)
  await page.waitForURL(/\/t\/[0-9a-f-]{36}/)
}

/** The proof of a sign-in is still fresh: the next call to these addresses is told once that it is not. */
export const refuseProofOnce = async (page: Page, url: string | RegExp): Promise<void> => {
  const problem = { type: 'x', title: 'x', status: 403, code: 'step_up', detail: 'Confirm that it is you.', request_id: 'r' }
  await page.route(url, (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) }), {
    times: 1,
  })
}
