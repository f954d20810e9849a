import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inSight, scrollToShow } from './useWindow.ts'

it('every row in sight is drawn, whatever the place, and not many more', () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.integer({ min: 20, max: 60 }), fc.nat(100_000), fc.nat(2000), (count, size, scrolled, viewPx) => {
      const { first, end } = inSight(count, size, { scrolled, viewPx })
      for (let row = Math.floor(scrolled / size); row * size < scrolled + viewPx && row < count; row++)
        expect(row >= first && row < end).toBe(true)
      expect(end - first).toBeLessThanOrEqual(Math.ceil(viewPx / size) + 18)
    }),
  )
})

it.each([
  [0, 100, 0],
  [10, 0, 10 * 26 + 26 + 26 - 200],
  [3, 0, null],
])('row %i from %i scrolls to %s', (index, scrolled, to) => {
  expect(scrollToShow(index, 26, { scrolled, viewPx: 200, headPx: 26 })).toBe(to)
})
