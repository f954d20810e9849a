import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DetectionFilter, detectionSorts, detectionStatuses, severities } from '../../../../../shared/domain/detections.ts'
import { isSameFilter, parseQueue, printQueue, type QueueState, searchOfFilter } from './queue-state.ts'

const lists = <T extends string>(known: readonly T[]) => fc.option(fc.subarray([...known], { minLength: 1 }), { nil: undefined })
const texts = fc.option(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 }), { nil: undefined })
const filters: fc.Arbitrary<DetectionFilter> = fc
  .record({
    status: lists(detectionStatuses),
    severity: lists(severities),
    assignee: lists(['me', 'none']),
    subject_id: texts,
    technique: lists(['T1003', 'T1003.001']),
    text: fc.option(fc.string({ minLength: 1, maxLength: 20 }), { nil: undefined }),
    news: fc.constantFrom(true, undefined),
    silenced: fc.constantFrom(true, undefined),
  })
  .map((filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)))
const states: fc.Arbitrary<QueueState> = fc.record({
  filter: filters,
  sort: fc.constantFrom(...detectionSorts),
  order: fc.constantFrom('asc' as const, 'desc' as const),
  is_by_host: fc.boolean(),
})

describe('the address of the queue', () => {
  it('is plain for what is shown by itself: the open ones, the most severe first, host by host', () => {
    const plain = parseQueue({})
    expect(plain).toEqual({ filter: { status: ['new', 'in_progress'] }, sort: 'severity', order: 'desc', is_by_host: true })
    expect(printQueue(plain)).toEqual({})
  })
  it('brings back everything that it was made from', () => {
    fc.assert(
      fc.property(states, (state) => {
        const back = parseQueue(printQueue(state))
        expect(isSameFilter(back.filter, state.filter)).toBe(true)
        expect(printQueue(back)).toEqual(printQueue(state))
      }),
      { numRuns: 200 },
    )
  })
  it('asks for every status by name', () => {
    expect(parseQueue({ status: 'any' }).filter).toEqual({})
    expect(searchOfFilter({})).toEqual({ status: 'any' })
  })
  it('asks for closed ones that grew without naming a status', () => {
    expect(parseQueue({ news: '1' }).filter).toEqual({ news: true })
  })
  it('drops what is no filter: a strange status, a host that is no id, a time that is none', () => {
    expect(parseQueue({ status: 'lost', host: 'HLD-FIN-017', from: 'yesterday', severity: 'huge', sort: 'mood' })).toEqual(parseQueue({}))
  })
})

describe('filters', () => {
  it('are the same whatever order they name things in, and other ones when a part is missing', () => {
    expect(isSameFilter({ severity: ['high', 'low'] }, { severity: ['low', 'high'] })).toBe(true)
    expect(isSameFilter({ severity: ['high'] }, { severity: ['high', 'low'] })).toBe(false)
    expect(isSameFilter({ status: ['new'] }, {})).toBe(false)
  })
})
