import { describe, expect, test } from 'vitest'
import { regexSteps } from './regex-steps.ts'

describe('the steps of a regular expression', () => {
  test.each([
    ['abc', 3],
    ['a{5}', 5],
    ['a{2,}', 3],
    ['a{2,9}', 9],
    ['a{0,3}b', 4],
    ['[a-z\\]]{64}', 64],
    ['[]a]{3}', 3],
    ['[[:alpha:]]{3}', 3],
    ['\\pL{3}', 3],
    ['\\p{Greek}{3}', 3],
    ['\\x{10FFFF}{4}', 4],
    ['\\{5}', 3],
    ['\\Qa{9}\\E', 4],
    ['a{x}', 4],
  ])('%s are %i', (source, steps) => expect(regexSteps(source)).toBe(steps))

  test('of groups in groups multiply, whatever stands inside', () => {
    expect(regexSteps('((ab){10}c){20}')).toBeGreaterThanOrEqual(20 * 21)
    expect(regexSteps(`(${'a'.repeat(900)}){1000}`)).toBeGreaterThanOrEqual(900_000)
    expect(regexSteps('(?:a|b[)]|\\)){100}')).toBeGreaterThanOrEqual(300)
    expect(regexSteps('(a{10}){10}{10}')).toBeGreaterThanOrEqual(1000)
  })

  test('are told of anything that is typed', () => {
    for (const source of ['(', ')', '((((', '))))', '[', '\\', '{', '{1}', '\\Q', '[^', '*', 'a|*'])
      expect(regexSteps(source)).toBeGreaterThanOrEqual(0)
  })
})
