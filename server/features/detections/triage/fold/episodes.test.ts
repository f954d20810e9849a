import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Episode, type Existing, type Plan, planEpisodes } from './episodes.ts'

const episode = (from: number | null, to: number | null, more: Partial<Episode> = {}): Episode => ({
  host_ref: 'h:1',
  host_key: 'C.1',
  span_from: from === null ? null : BigInt(from),
  span_to: to === null ? null : BigInt(to),
  first_at: null,
  last_at: null,
  import_id: null,
  rows: 1,
  silenced_rows: 0,
  matched_at: '',
  subject_version: 1,
  ...more,
})
const there = (id: string, from: number | null, to: number | null, more: Partial<Existing> = {}): Existing => ({
  id,
  host_ref: 'h:1',
  span_from: from === null ? null : BigInt(from),
  span_to: to === null ? null : BigInt(to),
  import_id: null,
  status: 'new',
  created_at: new Date(0),
  rows: 1,
  silenced_rows: 0,
  is_touched: false,
  ...more,
})
const short = (plan: Plan) => ({
  made: plan.made.length,
  kept: plan.kept.map((one) => [one.id, ...one.joined].join('+')),
  apart: plan.apart.map((one) => one.from),
  gone: plan.gone,
  emptied: plan.emptied,
})

describe('an episode', () => {
  it('is a new detection where none is, and belongs to the one that it meets', () => {
    expect(short(planEpisodes([there('a', 1, 5)], [episode(4, 9), episode(20, 30)]))).toEqual({
      made: 1,
      kept: ['a'],
      apart: [],
      gone: [],
      emptied: [],
    })
  })

  it('belongs to one on its own host alone', () => {
    expect(short(planEpisodes([there('a', 1, 5)], [episode(1, 5, { host_ref: 'k:x' })]))).toMatchObject({ made: 1, gone: ['a'] })
  })

  it('that reaches over two makes one of them, and the open one stays', () => {
    const plan = planEpisodes(
      [there('closed', 1, 2, { status: 'benign' }), there('open', 8, 9, { created_at: new Date(9) })],
      [episode(1, 9)],
    )
    expect(short(plan)).toMatchObject({ kept: ['open+closed'], made: 0, gone: [] })
  })

  it('without a time belongs to its import', () => {
    const of = (import_id: string) => episode(null, null, { import_id })
    expect(short(planEpisodes([there('a', null, null, { import_id: 'i' })], [of('i'), of('k')]))).toMatchObject({ kept: ['a'], made: 1 })
  })
})

describe('a detection', () => {
  it('that fell apart goes with its larger part, and the other one is as it was', () => {
    expect(short(planEpisodes([there('a', 1, 9)], [episode(1, 2), episode(8, 9, { rows: 5 })]))).toMatchObject({
      kept: ['a'],
      apart: ['a'],
      made: 0,
    })
    expect(planEpisodes([there('a', 1, 9)], [episode(1, 2), episode(8, 9, { rows: 5 })]).kept[0]?.episode.rows).toBe(5)
  })

  it('without a row is gone, unless somebody said something about it', () => {
    expect(
      short(planEpisodes([there('a', 1, 2), there('b', 3, 4, { is_touched: true }), there('c', 5, 6, { is_touched: true, rows: 0 })], [])),
    ).toMatchObject({
      gone: ['a'],
      emptied: ['b'],
    })
  })
})

it('what was planned once is kept as it is the next time, whatever the episodes', () => {
  const apart = fc.array(
    fc.record({ from: fc.integer({ min: 0, max: 1000 }), long: fc.integer({ min: 0, max: 40 }), host: fc.constantFrom('h:1', 'k:x') }),
    {
      maxLength: 20,
    },
  )
  fc.assert(
    fc.property(apart, (given) => {
      // episodes as the store gives them never meet
      const episodes: Episode[] = []
      for (const { from, long, host } of given) {
        const next = episode(from, from + long, { host_ref: host })
        if (planEpisodes([there('x', from, from + long, { host_ref: host })], episodes).kept.length === 0) episodes.push(next)
      }
      const made = planEpisodes([], episodes).made
      expect(made).toHaveLength(episodes.length)
      const existing = made.map((one, n) => ({
        ...there(String(n), 0, 0),
        host_ref: one.host_ref,
        span_from: one.span_from,
        span_to: one.span_to,
      }))
      const again = planEpisodes(existing, episodes)
      expect(again.kept.every((one) => one.joined.length === 0)).toBe(true)
      expect([again.made, again.gone, again.apart, again.kept.length]).toEqual([[], [], [], episodes.length])
    }),
    { numRuns: 200 },
  )
})
