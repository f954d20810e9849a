import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../../../shared/query/parse.ts'
import { parsePipeline } from '../../../../../shared/query/pipeline.ts'
import { compileQuery, placeOf } from './compile-query.ts'
import { type ExploreState, parseExplore, printExplore } from './explore-state.ts'
import { editPill, parsePills, pillFor, printPills, readPill, togglePill, withoutPill, withPill, wordFor } from './pills.ts'
import { around, describeRange, parseTyped, resolveBound } from './time-range.ts'

const text = fc.string({ unit: 'binary', maxLength: 40 })
const hex = fc.stringMatching(/^[0-9a-f]{32}$/)
const state: fc.Arbitrary<ExploreState> = fc.record({
  view: fc.constantFrom('rows' as const, 'stack' as const, 'timeline' as const),
  q: text,
  pills: fc.array(fc.record({ text: text.filter((one) => one.trim() !== ''), is_off: fc.boolean() }), { maxLength: 4 }),
  from: fc.constantFrom(null, 'now-7d', '2026-03-06T00:00:00Z'),
  to: fc.constantFrom(null, '2026-03-13T00:00:00Z'),
  sort: fc.constantFrom(null, '-host_name', 'timestamp'),
  cols: fc.option(
    fc.array(
      text.filter((one) => one !== ''),
      { minLength: 1, maxLength: 4 },
    ),
  ),
  row: fc.option(hex),
  panel: fc.constantFrom('fields' as const, 'raw' as const, 'provenance' as const),
  imports: fc.array(fc.uuid(), { maxLength: 2 }),
  artifacts: fc.array(
    text.filter((one) => one !== ''),
    { maxLength: 2 },
  ),
  hosts: fc.array(fc.uuid(), { maxLength: 2 }),
  by: fc.constantFrom('artifact', 'host_name'),
  time: fc.constantFrom('timestamp', 'ingested_at', 'Created at'),
  baseline: fc.option(fc.uuid()),
  fresh: fc.boolean(),
  group: fc.option(fc.array(fc.option(text), { minLength: 1, maxLength: 5 })),
  lanes: fc.constantFrom('host', 'kind', 'user name'),
  at: fc.constantFrom(null, '2026-03-12T08:42:19Z', '1969-12-31T23:59:59.999999Z'),
})
const viaUrl = (given: ExploreState): ExploreState => {
  const params = new URLSearchParams(Object.entries(printExplore(given)) as [string, string][])
  return parseExplore(Object.fromEntries(new URLSearchParams(params.toString())), given.view)
}

describe('the state in the URL', () => {
  it('comes back from the address as it went in, whatever was typed', () => {
    fc.assert(
      fc.property(state, (given) => {
        // A lone surrogate cannot stand in a URL.
        fc.pre(!/\\ud[89a-f]/.test(JSON.stringify(given)))
        expect(viaUrl(given)).toEqual(given)
      }),
    )
  })
  it('leaves a plain view with a plain address', () => {
    expect(printExplore(parseExplore({}))).toEqual({})
  })
  it('drops what is no row, no import, no tab and no moment', () => {
    const odd = { row: '../x', imports: 'a,b', panel: 'nope', at: '2026-13-01T00:00:00Z' }
    expect(parseExplore(odd)).toMatchObject({ row: null, imports: [], panel: 'fields', at: null })
  })
})

describe('pills', () => {
  it('become a query that finds the value as it is, whatever it holds', () => {
    fc.assert(
      fc.property(
        text,
        text.filter((one) => one !== ''),
        (value, field) => {
          for (const how of ['only', 'not'] as const) {
            const parsed = parseQuery(pillFor(field, value, how).text)
            const tree = parsed.ok ? parsed.tree : undefined
            expect(tree?.kind).toBe(how === 'only' ? 'term' : 'not')
            const term = tree?.kind === 'not' ? tree.of : tree
            expect(term).toMatchObject({
              kind: 'term',
              field: { name: field },
              test: { kind: 'is', pattern: value === '' ? [] : [{ text: value }] },
            })
          }
        },
      ),
    )
  })
  it('find a value anywhere as plain text', () => {
    fc.assert(
      fc.property(
        text.filter((one) => one !== ''),
        (value) => {
          expect(parseQuery(wordFor(value))).toMatchObject({ ok: true, tree: { kind: 'word', pattern: [{ text: value }] } })
        },
      ),
    )
  })
  it('say what they are', () => {
    expect(readPill('host_os:windows')).toEqual({ is_not: false, field: 'host_os', value: 'windows' })
    expect(readPill('NOT artifact:"a b"')).toEqual({ is_not: true, field: 'artifact', value: 'a b' })
    expect(readPill('process_pid:>1000')).toEqual({ is_not: false, field: 'process_pid', value: '>1000' })
    expect(readPill('a OR b')).toEqual({ is_not: false, field: null, value: 'a OR b' })
  })
  it('stand for a missing value by its absence', () => {
    expect(pillFor('user_name', null, 'only').text).toBe('NOT user_name:*')
    expect(pillFor('user_name', null, 'not').text).toBe('user_name:*')
  })
  it('replace their opposite and wake a resting twin', () => {
    const only = pillFor('host_os', 'linux', 'only')
    expect(withPill([pillFor('host_os', 'linux', 'not')], only)).toEqual([only])
    expect(withPill([{ ...only, is_off: true }], only)).toEqual([only])
    expect(togglePill([only], 0)).toEqual([{ ...only, is_off: true }])
    expect(editPill([{ ...only, is_off: true }], 0, 'host_os:macos')).toEqual([{ text: 'host_os:macos', is_off: false }])
    expect(withoutPill([only], 0)).toEqual([])
  })
  it('are read one a line, a resting one behind a tilde', () => {
    expect(
      printPills([
        { text: 'a:b', is_off: false },
        { text: 'c:d', is_off: true },
      ]),
    ).toBe('a:b\n~ c:d')
    expect(parsePills('a:b\n\n~ c:d')).toEqual([
      { text: 'a:b', is_off: false },
      { text: 'c:d', is_off: true },
    ])
  })
})

describe('the query that is sent', () => {
  it('joins box and pills, with parentheses only where they are needed', () => {
    expect(
      compileQuery('a OR b', [
        { text: 'c:d', is_off: false },
        { text: 'x:y', is_off: true },
      ]).query,
    ).toBe('(a OR b) c:d')
    expect(compileQuery('a OR b', []).query).toBe('a OR b')
    expect(compileQuery(' ', [{ text: 'NOT c:d', is_off: false }]).query).toBe('NOT c:d')
    expect(compileQuery('', []).query).toBe('')
  })
  it('leads a position of the whole back to its part', () => {
    const compiled = compileQuery('a OR bad:x', [
      { text: 'host:y', is_off: true },
      { text: 'wrong:z', is_off: false },
    ])
    expect(compiled.query).toBe('(a OR bad:x) wrong:z')
    expect(placeOf(compiled, 6, 3)).toEqual({ pill: null, position: 5, length: 3 })
    expect(placeOf(compiled, 13, 5)).toEqual({ pill: 1, position: 0, length: 5 })
  })
  it('puts pills before the stages of the box, and finds both parts of the box again', () => {
    const q = 'a OR b | stack bad'
    const compiled = compileQuery(q, [{ text: 'host:y', is_off: false }])
    expect(compiled.query).toBe('(a OR b) host:y | stack bad')
    expect(parsePipeline(compiled.query)).toMatchObject({ ok: true, pipeline: { filter: { kind: 'and' }, stages: [{ kind: 'stack' }] } })
    const at = compiled.query.indexOf('bad')
    expect(placeOf(compiled, at, 3)).toEqual({ pill: null, position: q.indexOf('bad'), length: 3 })
    expect(compileQuery(' | stack x', [{ text: 'host:y', is_off: false }]).query).toBe('host:y | stack x')
    expect(compileQuery('| stack x', []).query).toBe('| stack x')
  })
  it('lets no pill bring a stage', () => {
    const { query } = compileQuery('', [{ text: 'a | stack b', is_off: false }])
    expect(parsePipeline(query)).toMatchObject({ ok: false, errors: [{ position: 0 }] })
  })
})

describe('time ranges', () => {
  it('are sent as RFC 3339, with relative ones counted from now', () => {
    const now = Date.parse('2026-03-13T12:00:00Z')
    expect(resolveBound('now-24h', now)).toBe('2026-03-12T12:00:00.000Z')
    expect(resolveBound('2026-03-12T08:42:19.507123Z', now)).toBe('2026-03-12T08:42:19.507123Z')
    expect(resolveBound(null, now)).toBeUndefined()
    expect(resolveBound('soon', now)).toBeUndefined()
  })
  it('are typed in the zone of the page', () => {
    expect(parseTyped('2026-03-06', 'utc')).toBe('2026-03-06T00:00:00Z')
    expect(parseTyped('2026-03-06 8:05:01.25', 'utc')).toBe('2026-03-06T08:05:01.25Z')
    expect(parseTyped('2026-02-31', 'utc')).toBeNull()
    expect(parseTyped('2026-03-06 25:00', 'utc')).toBeNull()
    expect(parseTyped('now-7d', 'local')).toBe('now-7d')
    const local = parseTyped('2026-03-06 08:00', 'local') ?? ''
    expect(new Date(local).getHours()).toBe(8)
  })
  it('leave the year out where both ends share it', () => {
    expect(describeRange({ from: '2026-03-06T00:00:00Z', to: '2026-03-13T00:00:00Z' }, 'utc')).toEqual({
      from: '03-06 00:00',
      to: '03-13 00:00',
      preset: null,
    })
    expect(describeRange({ from: null, to: null }, 'utc').preset).toBe('All time')
  })
  it('reach as far before as behind a row', () => {
    expect(around('2026-03-12T08:42:19.507Z', 5)).toEqual({ from: '2026-03-12T08:37:19.507Z', to: '2026-03-12T08:47:19.507Z' })
  })
})
