import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketsOver, floorTo } from './buckets.ts'
import { burstsOf, type Filled, gapsOf } from './marks.ts'

// 1900-01-01 to 2299-12-31, all that the store holds.
const micros = fc.bigInt({ min: -2_208_988_800_000_000n, max: 10_413_791_999_999_999n })
const second = 1_000_000n

describe('buckets', () => {
  it('cover a range from 1900 to 2299 without a hole or a doubling, each at a multiple of its width', () => {
    fc.assert(
      fc.property(micros, micros, micros, fc.integer({ min: 10, max: 1000 }), (one, other, inside, most) => {
        const [from, to] = one < other ? [one, other] : [other, one + 1n]
        const { origin, width, count } = bucketsOver(from, to, most)
        expect(count).toBeGreaterThan(0)
        expect(count).toBeLessThanOrEqual(most)
        expect(origin % width).toBe(0n)
        expect(origin <= from && from < origin + width).toBe(true)
        expect(origin + BigInt(count) * width >= to).toBe(true)
        expect(origin + BigInt(count - 1) * width < to).toBe(true)
        // The store divides by the width from the origin: what is in the range falls into a bucket, before 1970 as well.
        const at = from + ((inside < 0n ? -inside : inside) % (to - from))
        const bucket = (at - origin) / width
        expect(bucket >= 0n && bucket < BigInt(count)).toBe(true)
        expect(origin + bucket * width).toBe(floorTo(at, width))
      }),
      { numRuns: 2000 },
    )
  })
  it('are of a width that a double holds, so that the wire keeps it', () => {
    fc.assert(
      fc.property(micros, micros, (one, other) => {
        const { width } = bucketsOver(one < other ? one : other, one < other ? other : one, 10)
        expect(BigInt(Number(width))).toBe(width)
      }),
    )
  })
  it.each([
    { name: 'ten microseconds', from: 0n, to: 10n, width: 1n, count: 10 },
    { name: 'a second', from: 0n, to: second, width: 5_000n, count: 200 },
    { name: 'a day', from: 0n, to: 86_400n * second, width: 600n * second, count: 144 },
    { name: 'the second before 1970', from: -second, to: 0n, width: 5_000n, count: 200 },
    { name: 'one moment', from: -1n, to: 0n, width: 1n, count: 1 },
  ])('of $name are as people count', ({ from, to, width, count }) => expect(bucketsOver(from, to, 200)).toMatchObject({ width, count }))
})

const filled = (...at: [bucket: number, moments: number][]): Filled[] =>
  at.map(([bucket, moments]) => ({ bucket, moments, first: BigInt(bucket) * second, last: BigInt(bucket) * second + 999_999n }))
const range = { from: 0n, to: 100n * second, width: second }

describe('a gap', () => {
  it('is marked where a lane pauses eight times as long as it usually does', () => {
    const beats = Array.from({ length: 20 }, (_, at): [number, number] => [at * 2, 3])
    expect(gapsOf(filled(...beats, [60, 1], [98, 1]), range)).toEqual([
      { from: 38n * second + 999_999n, to: 60n * second, is_marked: true },
      { from: 60n * second + 999_999n, to: 98n * second, is_marked: true },
    ])
  })
  it('is told but not marked where the lane has too little to know what is usual', () => {
    expect(gapsOf(filled([10, 1], [90, 1]), range)).toEqual([{ from: 10n * second + 999_999n, to: 90n * second, is_marked: false }])
  })
  it('is the whole range in a lane without a moment', () => {
    expect(gapsOf([], range)).toEqual([{ from: 0n, to: 100n * second, is_marked: false }])
  })
  it('is none within a bucket, where it cannot be seen', () => {
    expect(gapsOf(filled(...Array.from({ length: 100 }, (_, at): [number, number] => [at, 1])), range)).toEqual([])
  })
})

describe('a burst', () => {
  it('is a bucket far above the median of those that have moments', () => {
    expect(burstsOf(filled([1, 4], [2, 5], [3, 5], [40, 40], [50, 39]))).toEqual([40])
  })
  it('is not told of a few moments, nor of a few buckets', () => {
    expect(burstsOf(filled([1, 1], [2, 1], [3, 1], [4, 19]))).toEqual([])
    expect(burstsOf(filled([1, 1], [2, 1], [4, 1900]))).toEqual([])
  })
})
