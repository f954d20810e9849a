import { describe, expect, it } from 'vitest'
import { parseExplore } from '../state/explore-state.ts'
import { asRows, isReadAnywhere, lacking, questionOf, questionParts, reversedSort, waysOut } from './question.ts'

const now = Date.parse('2026-03-13T00:00:00Z')

describe('a question', () => {
  it('joins box, awake pills, time and scope', () => {
    const state = parseExplore({
      q: 'a OR b',
      f: 'host_os:windows\n~ x:y',
      from: 'now-1h',
      imports: '3f0c2a4e-7a0a-4d6e-9a35-2f8f5a1d6e10',
    })
    expect(questionOf(state, 0, now)?.filter).toEqual({
      query: '(a OR b) host_os:windows',
      from: '2026-03-12T23:00:00.000Z',
      import_ids: ['3f0c2a4e-7a0a-4d6e-9a35-2f8f5a1d6e10'],
    })
  })
  it('is none while the box does not parse', () => {
    expect(questionOf(parseExplore({ q: '(a' }), 0, now)).toBeNull()
  })
  it('stays the same while a row is opened, and is new when it is run again', () => {
    expect(questionParts(parseExplore({ q: 'a', row: '0'.repeat(32) }))).toBe(questionParts(parseExplore({ q: 'a' })))
    const state = parseExplore({ q: 'a' })
    expect(questionOf(state, 1, now)?.key).not.toBe(questionOf(state, 2, now)?.key)
  })
  it('is asked for rows without the stages that show something else', () => {
    const asked = (q: string) => {
      const question = questionOf(parseExplore({ q, f: 'host_os:windows' }), 0, now)
      return question === null ? null : { query: asRows(question).filter.query, anywhere: isReadAnywhere(question) }
    }
    expect(asked('a | stack x top 5 | where count > 3')).toEqual({ query: 'a host_os:windows', anywhere: true })
    expect(asked('a | timeline')).toEqual({ query: 'a host_os:windows', anywhere: true })
    expect(asked('a | sort x | fields y')).toEqual({ query: 'a host_os:windows | sort x | fields y', anywhere: false })
    expect(asked('a | dedup x')?.anywhere).toBe(false)
  })
  it('turns its sort round', () => {
    expect([null, '-host_name', 'host_name'].map(reversedSort)).toEqual(['timestamp', 'host_name', '-host_name'])
  })
  it('can be asked for rows that lack a field', () => {
    expect(lacking({ query: 'a OR b' }, 'timestamp').query).toBe('(a OR b) NOT timestamp:*')
    expect(lacking({ query: '' }, 'user name').query).toBe('NOT "user name":*')
  })
})

describe('ways out of an empty result', () => {
  it('are the time, each awake pill and the box, each with the question without it', () => {
    const ways = waysOut(parseExplore({ q: 'zzz', f: 'a:b\n~ c:d', from: '2026-03-12T00:00:00Z' }), now)
    expect(ways.map((way) => [way.id, way.filter])).toEqual([
      ['time', { query: 'zzz a:b' }],
      ['pill 0', { query: 'zzz', from: '2026-03-12T00:00:00Z' }],
      ['q', { query: 'a:b', from: '2026-03-12T00:00:00Z' }],
    ])
  })
  it('are none when nothing but the box was asked', () => {
    expect(waysOut(parseExplore({ q: 'zzz' }), now)).toEqual([])
  })
})
