import { describe, expect, it } from 'vitest'
import { heightPx, placeFor, rowsInSight, rowY, scrolledTo, ScrollModel, topToShow } from './scroll.ts'

const short = { count: 1000, rowPx: 24, viewPx: 600 }
const long = { count: 10_000_000, rowPx: 24, viewPx: 600 }

describe('scrolling', () => {
  it('is the element itself while the list is short', () => {
    expect(heightPx(short)).toBe(24_000)
    const at = scrolledTo(short, { scrollTop: 0, top: 0 }, 2400)
    expect(at).toEqual({ scrollTop: 2400, top: 2400 })
    expect(rowsInSight(short, at.top, 5)).toEqual({ first: 95, last: 130 })
    expect(rowY(short, at, 100)).toBe(2400)
  })
  it('never makes an element taller than browsers draw', () => {
    expect(heightPx(long)).toBe(8_000_000)
  })
  it('moves row by row through ten million rows with small steps', () => {
    const start = placeFor(long, 120_000_000)
    const next = scrolledTo(long, start, start.scrollTop + 100)
    expect(next.top).toBeCloseTo(120_000_100, 3)
    expect(rowY(long, next, Math.floor(next.top / 24))).toBeLessThanOrEqual(next.scrollTop)
    expect(rowY(long, next, Math.ceil(next.top / 24))).toBeGreaterThanOrEqual(next.scrollTop - 1)
  })
  it('reaches the first and the last row at the ends of the bar', () => {
    const end = scrolledTo(long, { scrollTop: 0, top: 0 }, 8_000_000 - 600)
    expect(rowsInSight(long, end.top, 0).last).toBe(9_999_999)
    expect(scrolledTo(long, end, 0).top).toBe(0)
  })
  it('takes a pull at the bar as a share of the whole', () => {
    const half = scrolledTo(long, { scrollTop: 0, top: 0 }, (8_000_000 - 600) / 2)
    expect(half.top / (10_000_000 * 24)).toBeCloseTo(0.5, 3)
  })
  it('shows a row with the least movement', () => {
    expect(topToShow(short, 2400, 101)).toBe(2400)
    expect(topToShow(short, 2400, 99)).toBe(99 * 24)
    expect(topToShow(short, 2400, 125)).toBe(126 * 24 - 600)
  })
  it('shows nothing of an empty list', () => {
    expect(rowsInSight({ ...short, count: 0 }, 0, 5)).toEqual({ first: 0, last: -1 })
  })
})

describe('the place of a list', () => {
  it('stays exact when the element only catches up with it', () => {
    const model = new ScrollModel(long)
    const scrollTop = model.show(5_000_000) ?? 0
    const chosen = model.snapshot().top
    model.scrolled(Math.round(scrollTop))
    expect(model.snapshot().top).toBe(chosen)
    expect(chosen).toBe(5_000_001 * 24 - 600)
    expect(model.show(5_000_000)).toBeNull()
    expect(model.reset(0)).toBe(0)
  })
})
