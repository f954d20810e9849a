import { expect, it } from 'vitest'
import { codesLeft, withoutWords } from './factor-words.ts'

it('numbers are sentences', () => {
  expect([0, 1, 9].map(codesLeft)).toEqual(['No recovery code is left.', '1 recovery code is left.', '9 recovery codes are left.'])
  expect([withoutWords(1, 0), withoutWords(5, 0), withoutWords(5, 1), withoutWords(5, 5)]).toEqual([
    'The one active person here has one.',
    'All 5 active people have one.',
    '1 of 5 active people has none.',
    '5 of 5 active people have none.',
  ])
})
