import { describe, expect, it } from 'vitest'
import { type PageAsk, RowStore } from './row-store.ts'
import { barOf, indexBars, startsOf, startsOfEnd } from './strands.ts'

/** A server that holds the numbers 0 to total-1 as rows, by cursor only. */
const serve = (total: number, options: { keep?: number } = {}) => {
  const asks: PageAsk[] = []
  const read = (ask: Omit<PageAsk, 'from' | 'isAbsent'>) => {
    const start = ask.to === undefined ? 0 : Number(ask.to)
    const at = (ask.cursor === undefined ? start : Number(ask.cursor)) + ask.skip
    const events: number[] = []
    for (let i = at; i < Math.min(total, at + ask.limit); i++) events.push(ask.isReversed ? total - 1 - i : i)
    return { events, next_cursor: at + ask.limit < total ? String(at + ask.limit) : null, total }
  }
  const store = new RowStore<number>({
    fetchPage: (ask) => {
      asks.push(ask)
      return Promise.resolve(read(ask))
    },
    first: read({ cursor: undefined, skip: 0, limit: 100, isReversed: false, to: undefined }),
    ...(options.keep === undefined ? {} : { keep: options.keep }),
  })
  return { store, asks }
}
const settle = async () => {
  for (let i = 0; i < 200; i++) await Promise.resolve()
}
const rowsOf = (store: RowStore<number>, first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => store.rowAt(first + at))
const numbers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at)

describe('the rows of a result', () => {
  it('come page by page as the window moves, each at its own index', async () => {
    const { store, asks } = serve(10_000)
    store.need(80, 130)
    await settle()
    expect(rowsOf(store, 80, 130)).toEqual(numbers(80, 130))
    expect(asks).toEqual([{ cursor: '100', skip: 0, limit: 200, isReversed: false, from: undefined, to: undefined, isAbsent: false }])
  })
  it('are not asked for twice', async () => {
    const { store, asks } = serve(10_000)
    store.need(80, 130)
    store.need(80, 130)
    await settle()
    store.need(90, 140)
    await settle()
    expect(asks).toHaveLength(1)
  })
  it('reach the end of a million by the reversed sort in one request', async () => {
    const { store, asks } = serve(1_000_000)
    store.offer(startsOfEnd(1_000_000, 0))
    store.need(999_960, 999_999)
    await settle()
    expect(rowsOf(store, 999_960, 999_999)).toEqual(numbers(999_960, 999_999))
    expect(asks).toHaveLength(1)
    expect(asks[0]?.isReversed).toBe(true)
  })
  it('are reached in the middle of a million by passing over what lies before, in one request, and go on from there', async () => {
    const { store, asks } = serve(1_000_000)
    store.need(400_000, 400_040)
    await settle()
    expect(rowsOf(store, 400_000, 400_040)).toEqual(numbers(400_000, 400_040))
    expect(asks).toHaveLength(1)
    store.need(400_180, 400_220)
    await settle()
    expect(rowsOf(store, 400_180, 400_220)).toEqual(numbers(400_180, 400_220))
    expect(asks[1]).toMatchObject({ cursor: '400200', skip: 0 })
    store.need(399_990, 400_030)
    await settle()
    expect(rowsOf(store, 399_990, 400_030)).toEqual(numbers(399_990, 400_030))
  })
  it('are passed over a million at a time', async () => {
    const { store, asks } = serve(5_000_000)
    store.need(2_500_000, 2_500_040)
    await settle()
    expect(rowsOf(store, 2_500_000, 2_500_040)).toEqual(numbers(2_500_000, 2_500_040))
    expect(asks).toHaveLength(3)
    expect(asks.every((ask) => ask.skip <= 1_000_000)).toBe(true)
  })
  it('that were passed over to come again when they were let go', async () => {
    const { store } = serve(1_000_000, { keep: 1000 })
    store.need(400_000, 400_040)
    await settle()
    for (let first = 0; first < 4000; first += 150) {
      store.need(first, first + 40)
      await settle()
    }
    expect(store.rowAt(400_010)).toBeUndefined()
    store.need(400_000, 400_040)
    await settle()
    expect(rowsOf(store, 400_000, 400_040)).toEqual(numbers(400_000, 400_040))
  })
  it('are reached in the middle from the edge of a bar', async () => {
    const { store, asks } = serve(1_000_000)
    // The stand-in reads `to` as the index to begin at, as the edge of a bar means one.
    store.offer([{ index: 499_900, step: 1, to: '499900' }])
    store.need(500_000, 500_040)
    await settle()
    expect(rowsOf(store, 500_000, 500_040)).toEqual(numbers(500_000, 500_040))
    expect(asks).toHaveLength(1)
    expect(asks[0]?.to).toBe('499900')
  })
  it('are let go far from the window and come again by the cursor of their page', async () => {
    const { store, asks } = serve(20_000, { keep: 1000 })
    for (let first = 0; first < 4000; first += 150) {
      store.need(first, first + 40)
      await settle()
    }
    expect(store.rowAt(500)).toBeUndefined()
    const before = asks.length
    store.need(500, 540)
    await settle()
    expect(rowsOf(store, 500, 540)).toEqual(numbers(500, 540))
    expect(asks.length).toBe(before + 1)
  })
  it('stop at a page that does not come, say why, and go on when asked to', async () => {
    let fails = true
    const store = new RowStore<number>({
      fetchPage: () => (fails ? Promise.reject(new Error('gone')) : Promise.resolve({ events: [1], next_cursor: null, total: 2 })),
      first: { events: [0], next_cursor: '1', total: 2 },
    })
    store.need(0, 1)
    await settle()
    expect(store.problem?.message).toBe('gone')
    fails = false
    store.retry()
    await settle()
    expect(store.rowAt(1)).toBe(1)
    expect(store.problem).toBeNull()
  })
  it('end without asking for ever when fewer come than were counted', async () => {
    let asked = 0
    const store = new RowStore<number>({
      fetchPage: () => {
        asked += 1
        return Promise.resolve({ events: [], next_cursor: null, total: 900 })
      },
      first: { events: [0], next_cursor: '1', total: 900 },
    })
    store.offer([{ index: 400, step: 1, to: 'x' }])
    store.need(0, 800)
    await settle()
    expect(asked).toBeLessThanOrEqual(3)
    expect(store.rowAt(0)).toBe(0)
  })
})

describe('the end of the rows', () => {
  it('is read backwards, and rows without the sorted field have an end of their own', () => {
    expect(startsOfEnd(100, 0)).toEqual([{ index: 99, step: -1 }])
    expect(startsOfEnd(100, 30)).toEqual([
      { index: 69, step: -1 },
      { index: 70, step: 1, isAbsent: true },
      { index: 99, step: -1, isAbsent: true },
    ])
    expect(startsOfEnd(0, 0)).toEqual([])
  })
})

describe('edges of bars', () => {
  const counts = { starts: ['a', 'b', 'c'], counts: [10, 0, 5], endsAt: 'd' }
  it('count rows from the newest', () => {
    expect(startsOf(indexBars(counts, 'newest'), 'newest')).toEqual([{ index: 5, step: 1, to: 'b' }])
  })
  it('count rows from the oldest, from where the outer bar begins', () => {
    expect(startsOf(indexBars(counts, 'oldest', 100), 'oldest')).toEqual([
      { index: 100, step: 1, from: 'a' },
      { index: 110, step: 1, from: 'c' },
    ])
  })
  it('find the narrowest bar of a row', () => {
    const bars = [...indexBars(counts, 'newest'), { from: 'a', to: 'aa', index: 7, rows: 2 }]
    expect(barOf(bars, 8)?.to).toBe('aa')
    expect(barOf(bars, 6)?.to).toBe('b')
    expect(barOf(bars, 99)).toBeUndefined()
  })
  it('are looked for more finely when every known one is far', async () => {
    const asked: number[] = []
    const store = new RowStore<number>({
      first: { events: [0], next_cursor: '1', total: 100_000 },
      fetchPage: (ask) => {
        const at = (ask.cursor === undefined ? Number(ask.to ?? 0) : Number(ask.cursor)) + ask.skip
        asked.push(at)
        return Promise.resolve({ events: numbers(at, at + ask.limit - 1), next_cursor: String(at + ask.limit), total: 100_000 })
      },
      refine: (index) => Promise.resolve([{ index: index - 50, step: 1, to: String(index - 50) }]),
    })
    store.need(60_000, 60_040)
    await settle()
    expect(rowsOf(store, 60_000, 60_040)).toEqual(numbers(60_000, 60_040))
    expect(asked).toEqual([59_950])
  })
})
