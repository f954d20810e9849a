import { describe, expect, it } from 'vitest'
import { listAudit } from '../../../../shared/contract/audit.ts'
import { type AuditSearch, cursorOf, dayStart, filterOf, isFiltered } from './audit-filter.ts'
import { actWords, factsOf, personWords } from './audit-words.ts'

describe('the URL of the audit page', () => {
  it('asks for all of both ends of a span of days', () => {
    expect(filterOf({ from: '2026-03-06', to: '2026-03-06' })).toMatchObject({
      from: '2026-03-06T00:00:00.000Z',
      to: '2026-03-07T00:00:00.000Z',
    })
    expect([dayStart('2026-02-31x'), dayStart('yesterday'), dayStart(undefined), dayStart('2026-13-01')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
  it.each<AuditSearch>([
    {},
    { result: 'nonsense', chain: 'nonsense', before: '-1', from: 'now', to: '0' },
    { actor: 'x'.repeat(5000), action: '  ', object: '', address: "'; drop" },
    { result: 'denied', chain: 'platform', before: '17', action: 'session.' },
  ])('is always a query that the server takes: %j', (search) => {
    expect(listAudit.query.safeParse({ ...filterOf(search), cursor: cursorOf(search) }).error).toBeUndefined()
  })
  it('knows whether anything is filtered', () => {
    expect(isFiltered(filterOf({ chain: 'platform', before: '3', row: '4', actor: ' ' }))).toBe(false)
    expect(isFiltered(filterOf({ result: 'failure' }))).toBe(true)
  })
})

describe('words of the log', () => {
  it('name an act, a person and the facts', () => {
    expect([actWords('host.create'), actWords('of.tomorrow')]).toEqual(['Added a host', 'of.tomorrow'])
    expect(personWords({ actor_kind: 'anonymous', actor_name: '', details: {} })).toBe('not signed in')
    const byKey = { api_key: { id: '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11', name: 'nightly' }, file: 'a.zip' }
    expect(personWords({ actor_kind: 'user', actor_name: 'ann', details: byKey })).toBe('ann, by the key nightly')
    expect(factsOf(byKey)).toBe('file: a.zip')
    expect(factsOf({ api_key: 'x' })).toBe('api_key: x')
    expect(
      factsOf({
        files: [
          { file: 'a.zip', import_id: '1' },
          { file: 'b.zip', import_id: '2' },
        ],
      }),
    ).toBe('files: a.zip, b.zip')
    expect(factsOf({ file: 'a.zip', size_bytes: 12, sha256: null, files: [{ a: 1 }] })).toBe(
      'file: a.zip, size_bytes: 12, files: [{"a":1}]',
    )
  })
})
