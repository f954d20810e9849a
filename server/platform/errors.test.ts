import { expect, test } from 'vitest'
import { loadConfig } from './config.ts'
import { AppError, CannotStart, sentenceOf } from './errors.ts'

const caught = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

test('what an operator can mend is told by its sentence alone, without a stack', () => {
  expect(sentenceOf(new CannotStart('Stop it first.'))).toBe('Stop it first.')
  expect(sentenceOf(new AppError('unavailable', 'Not now.'))).toBe('Not now.')
  expect(sentenceOf(caught(() => loadConfig({ PORT: 'x' })))).not.toMatch(/\n\s+at /)
})

test('a fault of our own says where it is', () => {
  expect(sentenceOf(new TypeError('x is undefined'))).toMatch(/^TypeError: x is undefined\n\s+at /)
  expect(sentenceOf('only words')).toBe('only words')
})
