import { describe, expect, it } from 'vitest'
import { barAt, bucketName, type HistogramData, layBars, rangeOfBars, roundMax, timeTicks, totalsOf } from './geometry.ts'

const data: HistogramData = {
  bucket_ms: 3_600_000,
  starts: ['2026-03-06T00:00:00Z', '2026-03-06T01:00:00Z', '2026-03-06T02:00:00Z'],
  series: [
    { key: 'Evtx', is_other: false, total: 401, counts: [100, 1, 300] },
    { key: 'Pslist', is_other: false, total: 100_000, counts: [0, 0, 100_000] },
  ],
}

describe('the histogram', () => {
  it('counts a bar over all series', () => {
    expect(totalsOf(data)).toEqual([100, 1, 100_300])
  })
  it('stacks bars from the bottom, none higher than the plot, and shows one row among thousands', () => {
    const bars = layBars(data, 300, 48)
    expect(bars).toHaveLength(3)
    expect(bars[1]?.segments[0]).toEqual({ series: 0, y: 47, height: 1 })
    const [lower, upper] = bars[2]?.segments ?? []
    if (lower === undefined || upper === undefined) throw new Error('the last bar has two segments')
    expect([lower.series, upper.series]).toEqual([0, 1])
    expect(upper.y).toBeGreaterThanOrEqual(0)
    expect(upper.y + upper.height).toBeCloseTo(lower.y, 3)
    expect(layBars({ ...data, starts: [], series: [] }, 300, 48)).toEqual([])
  })
  it('ends its axis on a round number', () => {
    expect([0, 1, 7, 423, 600, 601, 9999].map(roundMax)).toEqual([1, 1, 8, 500, 600, 800, 10_000])
  })
  it('names the width of a bar', () => {
    expect([7_200_000, 900_000, 86_400_000, 172_800_000, 1500, 20].map(bucketName)).toEqual([
      '2 h',
      '15 min',
      '1 day',
      '2 days',
      '1.5 s',
      '20 ms',
    ])
  })
  it('puts ticks on round times and never closer than asked', () => {
    const ticks = timeTicks(data, 'utc', 600, 150)
    expect(ticks.map((tick) => tick.label)).toEqual(['03-06 00:00', '03-06 01:00', '03-06 02:00'])
    expect(ticks.map((tick) => tick.x)).toEqual([0, 200, 400])
    expect(timeTicks(data, 'utc', 100, 80)).toHaveLength(1)
    expect(timeTicks({ ...data, starts: [] }, 'utc', 600)).toEqual([])
  })
  it('finds the bar under the pointer and the range of a brush in either direction', () => {
    expect([-5, 0, 99, 100, 299, 900].map((x) => barAt(x, 300, 3))).toEqual([0, 0, 0, 1, 2, 2])
    expect(rangeOfBars(data, 1, 0)).toEqual({ from: '2026-03-06T00:00:00Z', to: '2026-03-06T02:00:00Z' })
    expect(rangeOfBars(data, 2, 2)).toEqual({ from: '2026-03-06T02:00:00Z', to: '2026-03-06T03:00:00.000Z' })
  })
})
