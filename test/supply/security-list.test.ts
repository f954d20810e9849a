// Keeps docs/SECURITY.md true: every number is there, every test that it names exists under that title, and whatever no
// test shows has a reason.
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const span = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)
/** Sections A to F, I, J, L, M and N. */
const wanted = [...span(1, 62), ...span(81, 92), ...span(94, 103)]

interface Item {
  number: number
  promise: string
  shown: string
}

const itemsOf = (text: string): Item[] =>
  [...text.matchAll(/^\| (\d+) \| (.+?) \| (.+) \|$/gm)].map(([, number = '', promise = '', shown = '']) => ({
    number: Number(number),
    promise,
    shown,
  }))

/** Each file with the titles that are said to stand in it. */
const claimsOf = (shown: string): { path: string; titles: string[] }[] =>
  [...shown.matchAll(/`([\w./-]+\.tsx?)`((?:[:,]?\s*"[^"]+")*)/g)].map(([, path = '', titles = '']) => ({
    path,
    titles: [...titles.matchAll(/"([^"]+)"/g)].map((found) => found[1] ?? ''),
  }))

const reasonOf = (shown: string): string => /(?:Not yet|Does not apply(?: yet)?): (.+)$/.exec(shown)?.[1] ?? ''

const faultsOf = (item: Item): string[] => {
  const claims = claimsOf(item.shown)
  const missing = claims.flatMap(({ path, titles }) => {
    if (!existsSync(path)) return [`there is no ${path}`]
    const text = readFileSync(path, 'utf8').replaceAll("\\'", "'")
    if (titles.length === 0) return [`${path} is named without a title`]
    return titles.filter((title) => !text.includes(title)).map((title) => `${path} has nothing called "${title}"`)
  })
  const isEmpty = claims.length === 0 && reasonOf(item.shown).length < 30
  return [...missing, ...(isEmpty ? ['neither a test nor a reason'] : [])].map((fault) => `${item.number}: ${fault}`)
}

const text = readFileSync('docs/SECURITY.md', 'utf8')
const items = itemsOf(text)

test('every item of the checklist stands in docs/SECURITY.md once', () => {
  expect(items.map((i) => i.number)).toEqual(wanted)
})

test('every item has a test that exists under its title, or a reason why there is none', () => {
  expect(items.flatMap(faultsOf)).toEqual([])
})

test('a wrong path, a wrong title, a path without a title and an empty line are found', () => {
  const judged = (shown: string): string[] => faultsOf({ number: 1, promise: '', shown })
  expect(judged('`test/supply/none.test.ts`: "x"')).toEqual(['1: there is no test/supply/none.test.ts'])
  expect(judged(`\`test/supply/security-list.test.ts\`: "${['not', 'there'].join(' ')}"`)).toEqual([
    expect.stringContaining('has nothing called'),
  ])
  expect(judged('`test/supply/security-list.test.ts`')).toEqual([expect.stringContaining('without a title')])
  expect(judged('`test/supply/security-list.test.ts`: "every item has a test", "a wrong path, a wrong title"')).toEqual([])
  expect(judged('Not yet: soon')).toEqual(['1: neither a test nor a reason'])
  expect(judged('Not yet: there is no such thing in this product so far')).toEqual([])
})
