import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisTicks, spanName, widthName } from './axis.ts'
import { between, isoOf, leastMicros, microsOf, mostMicros, moved, shareOf, type Span, timeAt, zoomed } from './micros.ts'

const micros = fc.bigInt({ min: leastMicros, max: mostMicros - 1n })
const span = fc
  .tuple(micros, micros)
  .map(([one, other]): Span => (one < other ? { from: one, to: other + 1n } : { from: other, to: one + 1n }))
const of = (from: string, to: string): Span => ({ from: microsOf(from), to: microsOf(to) })

describe('times to the microsecond', () => {
  it('come back from their text, from 1900 to 2299', () => {
    fc.assert(
      fc.property(micros, (at) => {
        expect(microsOf(isoOf(at))).toBe(at)
      }),
    )
    expect(isoOf(-1n)).toBe('1969-12-31T23:59:59.999999Z')
  })
  it('stand at a share of a span and are found there again', () => {
    fc.assert(
      fc.property(span, fc.double({ min: 0, max: 1, noNaN: true }), (within, share) => {
        const at = timeAt(within, share)
        expect(at >= within.from && at <= within.to).toBe(true)
        if (within.to - within.from > 10n ** 9n) expect(shareOf(within, at)).toBeCloseTo(share, 6)
      }),
    )
  })
})

describe('zoom', () => {
  it('stays within the times that the store holds and is never too narrow to show', () => {
    fc.assert(
      fc.property(
        span,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (before, by, share) => {
          for (const after of [zoomed(before, by, share), moved(before, by - 50)]) {
            expect(after.from >= leastMicros && after.to <= mostMicros).toBe(true)
            expect(after.to > after.from).toBe(true)
          }
        },
      ),
    )
  })
  it('keeps what is under the pointer', () => {
    const before = of('2026-03-12T00:00:00Z', '2026-03-13T00:00:00Z')
    expect(zoomed(before, 0.5, 0.25)).toEqual(of('2026-03-12T03:00:00Z', '2026-03-12T15:00:00Z'))
    expect(zoomed(before, 2, 0.5)).toEqual(of('2026-03-11T12:00:00Z', '2026-03-13T12:00:00Z'))
  })
  it('moves by a share of what is shown', () => {
    expect(moved(of('2026-03-12T00:00:00Z', '2026-03-13T00:00:00Z'), -0.5)).toEqual(of('2026-03-11T12:00:00Z', '2026-03-12T12:00:00Z'))
  })
  it('takes the two ends of a brush in either order', () => {
    const within = of('2026-03-12T00:00:00Z', '2026-03-13T00:00:00Z')
    expect(between(within, 0.75, 0.25)).toEqual(of('2026-03-12T06:00:00Z', '2026-03-12T18:00:00Z'))
    expect(between(within, 0.5, 0.5).to - between(within, 0.5, 0.5).from).toBe(10n)
  })
})

describe('the axis', () => {
  it('has at most one mark for each of its spacing, in order, inside the span', () => {
    fc.assert(
      fc.property(span, fc.integer({ min: 80, max: 2000 }), (within, width) => {
        const shares = axisTicks(within, 'utc', width).map((tick) => tick.share)
        expect(shares.length).toBeLessThanOrEqual(width / 60 + 2)
        expect(shares).toEqual(shares.toSorted((a, b) => a - b))
        expect(shares.every((share) => share >= 0 && share < 1)).toBe(true)
      }),
    )
  })
  it.each([
    ['years', '1900-01-01T00:00:00Z', '2299-01-01T00:00:00Z', '2100'],
    ['months', '2026-01-01T00:00:00Z', '2026-12-01T00:00:00Z', '2026-03'],
    ['days', '2026-03-01T00:00:00Z', '2026-03-09T00:00:00Z', '03-02'],
    ['minutes', '2026-03-12T08:00:00Z', '2026-03-12T09:00:00Z', '08:10'],
    ['seconds', '2026-03-12T08:00:00Z', '2026-03-12T08:00:30Z', '08:00:05'],
    ['milliseconds', '2026-03-12T08:00:01Z', '2026-03-12T08:00:01.100Z', '01.020'],
    ['microseconds', '2026-03-12T08:00:01.000100Z', '2026-03-12T08:00:01.000150Z', '01.000110'],
  ])('names %s as what they are', (_, from, to, label) => {
    expect(axisTicks(of(from, to), 'utc', 600).map((tick) => tick.label)).toContain(label)
  })
  it('says once what all of it shares', () => {
    expect(spanName(of('2026-03-12T08:00:00Z', '2026-03-12T09:00:00Z'), 'utc')).toBe('2026-03-12')
    expect(spanName(of('2026-03-12T08:00:00Z', '2026-03-12T08:00:30Z'), 'utc')).toBe('2026-03-12 08:00')
    expect(spanName(of('2026-03-12T08:00:00Z', '2026-05-12T08:00:30Z'), 'utc')).toBe('2026')
  })
  it('names the width of a bar', () => {
    expect([1, 500, 20_000, 15_000_000, 7_200_000_000, 86_400_000_000, 31_536_000_000_000 * 2].map(widthName)).toEqual([
      '1 µs',
      '500 µs',
      '20 ms',
      '15 s',
      '2 h',
      '1 day',
      '2 years',
    ])
  })
})
