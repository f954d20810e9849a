import { expect, it } from 'vitest'
import { inLanes } from './in-lanes.ts'

it('every item is worked on, in order of the results, and never more at once than there are lanes', async () => {
  let running = 0
  let most = 0
  const doubled = await inLanes([5, 1, 4, 2, 3, 0, 9], 3, async (n) => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, n))
    running--
    return n * 2
  })
  expect(doubled).toEqual([10, 2, 8, 4, 6, 0, 18])
  expect(most).toBe(3)
  expect(await inLanes([], 3, async () => 1)).toEqual([])
})
