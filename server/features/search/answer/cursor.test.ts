import { describe, expect, it } from 'vitest'
import { readCursor, writeCursor } from './cursor.ts'
import { bucketsOver, isoOfMicros } from './times.ts'

const scope = { tenant_id: 'a', question: { query: 'x', sort: 'timestamp' } }
const place = { values: ['1637546756123456'], id: '00'.repeat(16), now: 5 }

describe('a cursor', () => {
  it('gives back the place where the page ended', () => expect(readCursor('k', scope, writeCursor('k', scope, place))).toEqual(place))
  it.each([
    ['another tenant', 'k', { ...scope, tenant_id: 'b' }],
    ['another question', 'k', { ...scope, question: { query: 'y', sort: 'timestamp' } }],
    ['another key', 'j', scope],
  ])('of %s is refused', (_, key, of) =>
    expect(() => readCursor('k', scope, writeCursor(key, of, place))).toThrow('no cursor of this search'),
  )
  it('that was changed is refused', () => {
    const good = writeCursor('k', scope, place)
    const body = Buffer.from(JSON.stringify({ ...place, values: ['0'] })).toString('base64url')
    for (const bad of ['', '.', 'x', good.slice(1), `${good}x`, `${body}.${good.split('.')[1]}`])
      expect(() => readCursor('k', scope, bad)).toThrow('no cursor of this search')
  })
})

describe('times of a reply', () => {
  it.each([
    [1_637_546_756_000_000n, '2021-11-22T02:05:56Z'],
    [1_637_546_756_120_000n, '2021-11-22T02:05:56.120Z'],
    [1_637_546_756_123_456n, '2021-11-22T02:05:56.123456Z'],
    [-1n, '1969-12-31T23:59:59.999999Z'],
  ])('%s have their own digits', (micros, text) => expect(isoOfMicros(micros)).toBe(text))

  it.each([
    { from: 0, to: 0, most: 100, step_ms: 1, count: 1 },
    { from: 0, to: 86_400_000, most: 100, step_ms: 900_000, count: 97 },
    { from: 0, to: 6 * 86_400_000, most: 100, step_ms: 7_200_000, count: 73 },
    { from: -2_208_988_800_000, to: 10_413_791_999_999, most: 400, step_ms: 730 * 86_400_000, count: 202 },
  ])('from $from to $to fall into at most $most human buckets', ({ from, to, most, step_ms, count }) => {
    expect(bucketsOver(from, to, most)).toMatchObject({ step_ms, count })
  })
  it('fall into one bucket when one is asked for, also across 1970', () => {
    expect(bucketsOver(-5, 5, 1)).toEqual({ origin_ms: -5, step_ms: 11, count: 1 })
  })
})
