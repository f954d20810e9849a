import fc from 'fast-check'
import { expect, it } from 'vitest'
import { savedState } from '../../../../../shared/domain/hunt.ts'
import { parseQuery } from '../../../../../shared/query/parse.ts'
import { parseExplore } from '../state/explore-state.ts'
import { fromSaved, storedSince, toSaved } from './saved-state.ts'

const search = fc.record(
  {
    q: fc.string({ maxLength: 30 }),
    f: fc.constantFrom('host_name:A\n~ NOT tag:x', 'a:b'),
    from: fc.constant('now-7d'),
    sort: fc.constantFrom('-host_name', 'timestamp'),
    cols: fc.constantFrom('time,host', 'a%2Cb'),
    artifacts: fc.constant('Windows.System.Pslist'),
    by: fc.constantFrom('host_name', 'user_name'),
  },
  { requiredKeys: [] },
)

it('what is kept is what was seen, but for the row that was open', () => {
  fc.assert(
    fc.property(search, fc.constantFrom('rows' as const, 'stack' as const), (given, view) => {
      const state = parseExplore(given, view)
      const saved = toSaved({ ...state, row: 'a'.repeat(32), panel: 'raw' })
      expect(savedState.parse(saved)).toEqual(saved)
      expect(fromSaved(JSON.parse(JSON.stringify(saved)) as typeof saved)).toEqual(state)
    }),
  )
})

it('a view that is there no longer becomes the rows', () => {
  expect(fromSaved({ ...toSaved(parseExplore({ q: 'x' })), view: 'gone' })).toMatchObject({ view: 'rows', q: 'x' })
})

it('new rows are asked for by a filter that reads well', () => {
  expect(parseQuery(storedSince('2026-11-24T19:20:03.123Z'))).toMatchObject({
    ok: true,
    tree: { kind: 'term', test: { kind: 'compare', op: '>=', value: '2026-11-24T19:20:03.123Z' } },
  })
})
