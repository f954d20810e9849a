import { describe, expect, it } from 'vitest'
import { parseExplore } from '../state/explore-state.ts'
import {
  afterClick,
  areSameFields,
  hostsShown,
  isChosen,
  rowsOfGroup,
  stackedBy,
  stackOf,
  withFields,
  withHosts,
  withOrder,
} from './stack-query.ts'

const state = (q: string) => parseExplore({ q, group: '["x"]', baseline: '00000000-0000-4000-8000-000000000001' }, 'stack')
const bars = [
  { from: 1, to: 1 },
  { from: 2, to: 3 },
  { from: 4, to: 10 },
  { from: 11, to: null },
]

describe('the text of a stack', () => {
  it('takes other fields and keeps order, filter and conditions as they are', () => {
    expect(withFields(state('a:b | stack x by host top | where count > 2'), ['x', 'process_name']).q).toBe(
      'a:b | stack x, process_name by host top | where count > 2',
    )
    expect(withFields(state('a:b'), ['x'])).toEqual({ q: 'a:b | stack x by host', group: null, baseline: null, fresh: false })
    expect(withFields(state('a:b | stack x | where hosts = 1'), []).q).toBe('a:b')
  })
  it('begins anew by one field from wherever one comes', () => {
    expect(stackedBy(state('a:b | stack x, y top 5 | where hosts = 1'), 'raw.My Name')).toMatchObject({
      view: 'stack',
      q: 'a:b | stack "raw.My Name" by host',
    })
    expect(stackOf(stackedBy(state('a:b | sort x'), 'y').q ?? '')?.fields.map((one) => one.name)).toEqual(['y'])
  })
  it('takes another order', () => {
    expect(withOrder('| stack x', { order: 'newest' })).toBe('| stack x newest')
    expect(withOrder('| stack x top 7', { by_host: true })).toBe('| stack x by host top 7')
    expect(withOrder('a', { order: 'top' })).toBe('a')
  })
})

describe('the distribution by hosts', () => {
  it('is a condition on hosts in the query, beside those on rows', () => {
    expect(withHosts('| stack x | where count > 2', { from: 2, to: 3 })).toBe(
      '| stack x | where count > 2 | where hosts >= 2 | where hosts <= 3',
    )
    expect(withHosts('| stack x | where hosts = 1 | where count > 2', null)).toBe('| stack x | where count > 2')
    expect(hostsShown('| stack x')).toBeNull()
    expect(hostsShown('| stack x | where hosts > 1 | where hosts < 11')).toEqual({ from: 2, to: 10 })
    expect(hostsShown('| stack x | where hosts >= 11')).toEqual({ from: 11, to: null })
  })
  it('says the same back that it wrote', () => {
    for (const from of bars)
      for (const to of bars) {
        const range = { from: from.from, to: to.to }
        if (range.to !== null && range.to < range.from) continue
        expect(hostsShown(withHosts('| stack x', range))).toEqual(range)
      }
  })
  it('is chosen bar by bar: neighbours join, an edge goes, a far one begins anew, the last one opens all', () => {
    const click = (q: string, at: number) => {
      const bar = bars[at]
      return bar === undefined ? q : withHosts(q, afterClick(bars, hostsShown(q), bar))
    }
    const chosen = (q: string) => bars.map((bar) => isChosen(bar, hostsShown(q)))
    const one = click('| stack x', 0)
    expect(chosen(one)).toEqual([true, false, false, false])
    const two = click(one, 1)
    expect(chosen(two)).toEqual([true, true, false, false])
    expect(chosen(click(two, 0))).toEqual([false, true, false, false])
    expect(chosen(click(two, 3))).toEqual([false, false, false, true])
    expect(click(one, 0)).toBe('| stack x')
  })
})

it('the rows of a group are the same query with a pill for each value', () => {
  const to = rowsOfGroup(state('a:b | stack process_name, user_name'), ['process_name', 'user_name'], ['C:\\a b', null])
  expect(to).toMatchObject({ view: 'rows', group: null })
  expect(to.pills?.map((pill) => pill.text)).toEqual(['process_name:="C:\\a b"', 'NOT user_name:*'])
})

it('a baseline is of the same fields in any order', () => {
  expect(areSameFields(['a', 'raw.B'], ['b', 'a'])).toBe(true)
  expect(areSameFields(['a'], ['a', 'b'])).toBe(false)
})
