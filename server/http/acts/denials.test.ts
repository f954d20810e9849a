import { expect, it } from 'vitest'
import { createDenials } from './denials.ts'

it('each person leaves 300 rows a minute of what they are denied, and the next one says how many were left out', () => {
  let now = 0
  const denials = createDenials(() => new Date(now))
  const takes = (who: string, times: number): (number | null)[] => Array.from({ length: times }, () => denials.take(who))
  expect(takes('ann', 300)).toEqual(Array.from({ length: 300 }, () => 0))
  expect(takes('ann', 7)).toEqual(Array.from({ length: 7 }, () => null))
  expect(denials.take('bob')).toBe(0)
  now = 59_999
  expect(denials.take('ann')).toBeNull()
  now = 60_000
  expect(takes('ann', 2)).toEqual([8, 0])
})
