// Evidence is hostile. Two hundred texts that have run as script somewhere, as values, column names, host, artifact and file
// names: every page shows them, and none does anything.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { createFirstAccount, withBrowser } from '../harness/browser.ts'

const journey = withBrowser()

const acts = ['window.__ran=1', 'alert(1)', 'fetch("http://canary.example/")', 'document.body.remove()']
const wraps: readonly ((act: string) => string)[] = [
  (a) => `<script>${a}</script>`,
  (a) => `</script><script>${a}</script>`,
  (a) => `<img src=x onerror='${a}'>`,
  (a) => `"><img src=x onerror='${a}'>`,
  (a) => `'><svg onload='${a}'>`,
  (a) => `<svg><script>${a}</script></svg>`,
  (a) => `<svg><animate onbegin='${a}' attributeName=x dur=1s>`,
  (a) => `<math><mtext><table><mglyph><style><img src=x onerror='${a}'>`,
  (a) => `<iframe srcdoc="<script>parent.${a}</script>"></iframe>`,
  (a) => `<iframe src='javascript:${a}'>`,
  (a) => `<object data='javascript:${a}'>`,
  (a) => `<a href='javascript:${a}'>x</a>`,
  (a) => `javascript:${a}//`,
  (a) => `java\tscript:${a}`,
  (a) => `data:text/html,<script>${a}</script>`,
  (a) => `<details open ontoggle='${a}'>`,
  (a) => `<body onload='${a}'>`,
  (a) => `<input autofocus onfocus='${a}'>`,
  (a) => `<video><source onerror='${a}'></video>`,
  (a) => `<style>@import 'http://canary.example/';</style><b onclick='${a}'>`,
  (a) => `<link rel=stylesheet href=http://canary.example/x.css onload='${a}'>`,
  (a) => `<meta http-equiv=refresh content='0;url=javascript:${a}'>`,
  (a) => `<base href=http://canary.example/><img src=x onerror='${a}'>`,
  (a) => `<form action='javascript:${a}'><button>x</button></form>`,
  (a) => `[x](javascript:${a})`,
  (a) => `![x](x"onerror="${a})`,
  (a) => `\`\`\`html\n<script>${a}</script>\n\`\`\``,
  (a) => `{{constructor.constructor('${a}')()}}`,
  (a) => `\${${a}}`,
  (a) => `#{${a}}<%= ${a} %>`,
  (a) => `expression(${a})`,
  (a) => `</style><script>${a}</script>`,
  (a) => `</textarea><script>${a}</script>`,
  (a) => `</title><script>${a}</script>`,
  (a) => `<!--><script>${a}</script>-->`,
  (a) => `<![CDATA[<script>${a}</script>]]>`,
  (a) => `\u2028${a}\u2029`,
  (a) => `\u202e${a}\u202c`,
  (a) => `\u200b<scr\u200bipt>${a}`,
  (a) => `\u001b]8;;javascript:${a}\u0007x\u001b]8;;\u0007`,
  (a) => `\u001b[31m${a}\u001b[0m`,
  (a) => `＜script＞${a}＜/script＞`,
  (a) => `&lt;script&gt;${a}&lt;/script&gt;`,
  (a) => `&#60;script&#62;${a}&#60;/script&#62;`,
  (a) => `%3Cscript%3E${a}%3C/script%3E`,
  (a) => `\\u003cscript\\u003e${a}\\u003c/script\\u003e`,
  (a) => `url(http://canary.example/?${a})`,
  (a) => `red;background:url(http://canary.example/)`.concat(a),
  (a) => `__proto__<img src=x onerror='${a}'>`,
  (a) => `=cmd|'/c ${a}'!A1`,
]
const texts = acts.flatMap((act) => wraps.map((wrap) => wrap(act)))

const rows = texts
  .map((text, n) =>
    JSON.stringify({
      _ts: 1_772_000_000 + n,
      Name: text,
      CommandLine: `c:\\x.exe ${text}`,
      Url: text,
      Message: text,
      [`Column ${text}`.slice(0, 200)]: text,
      Nested: { [text]: [text, { deeper: text }] },
    }),
  )
  .join('\n')

const isUntouched = async (page: Page, where: string): Promise<void> => {
  const done = await page.evaluate<unknown>(
    `({ ran: window.__ran ?? null, bodies: document.querySelectorAll('body').length,
        alien: [...document.querySelectorAll('script:not([src]), iframe, object, embed, base, math, form[action^="javascript"], [onerror], [onload], a[href^="javascript"], img[src="x"], link[href*="canary"]')].map((e) => e.outerHTML.slice(0, 200)) })`,
  )
  expect(done, where).toEqual({ ran: null, bodies: 1, alien: [] })
}

describe('hostile evidence', () => {
  test('is two hundred texts, which are read, named and stored', async () => {
    expect(new Set(texts).size).toBe(200)
    const page = journey.page()
    await createFirstAccount(page)
    await page.goto('/')
    await page.waitForURL(/\/t\/[0-9a-f-]{36}/)
    const statuses = await page.evaluate(
      async ({ sent, hostile }) => {
        const form = new FormData()
        form.set('artifact', 'Custom.Hostile')
        form.set('hostname', hostile.slice(0, 60))
        form.append('files', new Blob([sent]), `${hostile}.jsonl`)
        const ingested = await fetch('/api/ingestion/ingest', { method: 'POST', body: form })
        const host = { hostname: hostile.slice(0, 60) }
        const made = await fetch('/api/hosts', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(host),
        })
        return [ingested.status, made.status]
      },
      { sent: rows, hostile: '<img src=x onerror=window.__ran=1>' },
    )
    expect(statuses[0]).toBeLessThan(300)
    expect([201, 409, 422]).toContain(statuses[1])
    const { pathname } = new URL(page.url())
    const [, , tenant = ''] = pathname.split('/')
    await expect
      .poll(
        async () => page.evaluate(async () => ((await (await fetch('/api/ingestion/imports')).json()) as { state: string }[])[0]?.state),
        { timeout: 30_000 },
      )
      .toMatch(/ready|partly/)
    expect(tenant).toMatch(/^[0-9a-f-]{36}$/)
  })
  test('is text on every page: rows, one row, values, hosts, imports, a receipt, the log', { timeout: 120_000 }, async () => {
    const page = journey.page()
    const base = /^.*\/t\/[0-9a-f-]{36}/.exec(page.url())?.[0] ?? ''
    for (const place of [
      '',
      '/explore',
      '/explore?q=Name:*',
      '/hosts',
      '/imports',
      '/imports/storage',
      '/settings/audit',
      '/settings/users',
    ]) {
      await page.goto(`${base}${place}`)
      await page.getByRole('heading').first().waitFor()
      await page.waitForLoadState('networkidle')
      await isUntouched(page, place)
    }
    await page.goto(`${base}/explore`)
    const grid = page.getByRole('grid', { name: 'Rows' })
    await grid.getByText('canary.example').first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('menu').waitFor()
    await isUntouched(page, 'the menu of a value')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Space')
    const detail = page.getByRole('complementary', { name: 'Row' })
    const seen = new Set<string>()
    for (let n = 0; n < 20; n++) {
      await detail.waitFor()
      seen.add(await detail.innerText())
      await isUntouched(page, `row ${n}`)
      await page.keyboard.press('j')
    }
    expect(seen.size).toBeGreaterThan(15)
    await isUntouched(page, 'one row')
    const first = texts[2] ?? ''
    await page.goto(`${base}/explore?q=${encodeURIComponent(`Name:"${first.replaceAll('"', '\\"')}"`)}`)
    await page.waitForLoadState('networkidle')
    await isUntouched(page, 'a query that holds one')
    await page.goto(`${base}/imports`)
    await page
      .getByRole('link', { name: /img src=x/ })
      .first()
      .click()
    await page.waitForURL(/imports\/[0-9a-f-]{36}/)
    await page.waitForLoadState('networkidle')
    await isUntouched(page, 'the receipt')
  })
  test('did nothing: no dialog, no error, no request to elsewhere', () => {
    expect(journey.faults()).toEqual([])
  })
})
