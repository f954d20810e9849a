import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeBeside } from './place.ts'

const view = { width: 1000, height: 800 }

describe('a floating layer', () => {
  it('stands under its anchor where there is room', () => {
    expect(placeBeside({ left: 100, top: 100, right: 140, bottom: 128 }, { width: 286, height: 300 }, view)).toMatchObject({
      left: 100,
      top: 132,
    })
  })
  it('stands above it near the lower edge', () => {
    const { top } = placeBeside({ left: 100, top: 700, right: 140, bottom: 728 }, { width: 286, height: 300 }, view)
    expect(top + 300).toBe(696)
  })
  it('lines up with the right edge when asked, and never leaves the window', () => {
    expect(placeBeside({ left: 900, top: 10, right: 980, bottom: 30 }, { width: 286, height: 100 }, view, 'end').left).toBe(694)
    fc.assert(
      fc.property(fc.integer({ min: -200, max: 1200 }), fc.integer({ min: 0, max: 780 }), (left, top) => {
        const placed = placeBeside({ left, top, right: left + 20, bottom: top + 20 }, { width: 286, height: 1000 }, view)
        return placed.left >= 8 && placed.left + 286 <= 992 && placed.top >= 8
      }),
    )
  })
})
