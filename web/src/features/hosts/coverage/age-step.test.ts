import { expect, it } from 'vitest'
import { ageStep, shortAge } from './age-step.ts'

const now = Date.parse('2026-03-12T12:00:00Z')
it.each([
  ['2026-03-12T11:59:00Z', 1, '0h'],
  ['2026-03-13T00:00:00Z', 1, '0h'],
  ['2026-03-10T13:00:00Z', 2, '47h'],
  ['2026-03-03T12:00:00Z', 3, '9d'],
  ['2026-01-03T12:00:00Z', 4, '68d'],
  ['2019-03-12T12:00:00Z', 4, '7y'],
])('rows of %s are of step %i and say %s', (at, step, text) => {
  expect(ageStep(at, now)).toBe(step)
  expect(shortAge(at, now)).toBe(text)
})
