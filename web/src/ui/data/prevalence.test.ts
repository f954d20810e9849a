import { describe, expect, it } from 'vitest'
import { prevalenceWords, rarityOf } from './Prevalence.tsx'

describe('the badge of prevalence', () => {
  it('marks up to three hosts, then the share of the fleet: 2.5%, 12%, more', () => {
    expect([1, 3, 4, 10, 11, 49, 50, 412].map((hosts) => rarityOf(hosts, 412))).toEqual([
      'few',
      'few',
      'rare',
      'rare',
      'some',
      'some',
      'common',
      'common',
    ])
  })
  it('calls nothing rare that most of a small fleet has', () => {
    expect([rarityOf(1, 1), rarityOf(2, 3), rarityOf(1, 3), rarityOf(3, 3)]).toEqual(['common', 'common', 'few', 'common'])
  })
  it('says the number, the fleet and since when', () => {
    expect(prevalenceWords({ hosts: 2, fleet: 412, first_seen: '2026-03-12T08:42:19.507Z' }, 'utc')).toBe(
      '2 of 412 hosts, since 2026-03-12 08:42 UTC',
    )
    expect(prevalenceWords({ hosts: 1, fleet: 1, first_seen: null }, 'utc')).toBe('1 of 1 host')
  })
})
