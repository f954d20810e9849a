// Rules of docs/SECURITY.md that are about the source itself, so that no test of behaviour can miss a new place.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

interface Source {
  path: string
  text: string
}

const sources: readonly Source[] = ['server', 'shared', 'web/src'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test(-kit)?\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'utf8').replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '') })),
)
const those = (pattern: RegExp, of = sources): string[] => of.filter((s) => pattern.test(s.text)).map((s) => s.path)
const inWeb = sources.filter((s) => s.path.startsWith('web'))

test('there are sources to look at', () => {
  expect(sources.length).toBeGreaterThan(300)
  expect(inWeb.length).toBeGreaterThan(100)
})

test('the linter bans what makes markup or code of text', () => {
  const { rules } = JSON.parse(readFileSync('.oxlintrc.json', 'utf8')) as { rules: Record<string, unknown> }
  for (const rule of ['no-eval', 'no-new-func', 'no-implied-eval', 'react/no-danger', 'react/jsx-no-script-url'])
    expect(rules[rule], rule).toBe('error')
  expect(
    those(/\b(innerHTML|outerHTML|srcdoc|insertAdjacentHTML|createContextualFragment)\b|document\.write|dangerouslySetInnerHTML/i),
  ).toEqual([])
  expect(those(/\beval\(|new Function\(|setTimeout\(['"`]/)).toEqual([])
})

test('code that is made at run time is of one place, the reader of event logs, and never of its input', () => {
  expect(those(/from 'node:vm'/)).toEqual([join('server', 'features', 'ingestion', 'container', 'evtx', 'read-evtx.ts')])
})

test('no value of evidence becomes a link: what an address of a page is made of comes from the table of routes or of pages', () => {
  const links = inWeb.flatMap((s) =>
    [...s.text.matchAll(/\b(?:href|src)=(\{[^}]*\}?|"[^"]*")/g)].map((found) => `${s.path}: ${found[1] ?? ''}`),
  )
  const known = /: ("#[\w-]+"|\{(urlOf\(|pictureOf\(|href\}|src\}|image|`data:image))/
  expect(links.filter((one) => !known.test(one))).toEqual([])
  expect(those(/window\.open\(|location\.(href|assign|replace)\s*[=(]\s*(row|value|event|raw)/, inWeb)).toEqual([])
})

test("secrets are made and compared by the platform's own functions", () => {
  const server = sources.filter((s) => !s.path.startsWith('web'))
  expect(those(/Math\.random/, server)).toEqual([])
  const compared =
    /\b(?:token|secret|signature|mac|password)(?:_?hash)?\s*[!=]==\s*(?!null|undefined|''|true|false)[\w.]*(?:token|secret|signature|mac|password|hash)/i
  expect(those(compared, server)).toEqual([])
  expect(those(/rejectUnauthorized:\s*false|NODE_TLS_REJECT_UNAUTHORIZED|checkServerIdentity/, server)).toEqual([])
})

test('nothing calls out but the client that checks where it goes, the event store and the mail server', () => {
  const callers = those(
    /^import (?!type).*from 'node:https?'|from 'undici'|(?<![.\w])fetch\(/m,
    sources.filter((s) => s.path.startsWith('server')),
  )
  expect(
    callers.filter((path) => !/server\/(platform\/outbound\/|cli\/socket\/|events\/embedded\/|events\/clients|http\/)/.test(path)),
  ).toEqual([])
})
