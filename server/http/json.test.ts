import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAppError } from '../platform/errors.ts'
import { parseJson } from './json.ts'

const bytes = (text: string): Buffer => Buffer.from(text)

const outcome = (text: Uint8Array): unknown => {
  try {
    return { value: parseJson(text) }
  } catch (error) {
    return isAppError(error) ? error.code : error
  }
}

const safeKey = fc.string().filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key) && !key.includes('\0'))
const safeText = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    safeText,
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('any'), { maxLength: 5 }),
  object: fc.dictionary(safeKey, tie('any'), { maxKeys: 5 }),
})).any

describe('JSON of requests', () => {
  it('is read as JSON.parse reads it when it is harmless', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (given, indent) => {
        const text = JSON.stringify(given, null, indent)
        expect(parseJson(bytes(text))).toEqual(JSON.parse(text))
      }),
      { numRuns: 2000 },
    )
  })
  it('ends in a value or in `malformed`, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 60 }),
          fc
            .array(fc.constantFrom(...'{ } [ ] " , : \\ u 0 e E + - . 1 a'.split(' '), ' ', '\n'), { maxLength: 60 })
            .map((c) => bytes(c.join(''))),
        ),
        (data) => {
          const read = outcome(data)
          if (read === 'malformed') return
          expect(read).toEqual({ value: JSON.parse(Buffer.from(data).toString()) })
        },
      ),
      { numRuns: 20_000 },
    )
  })
  it('takes the same key in two objects, and key-like text in values', () => {
    expect(parseJson(bytes('[{"a":"__proto__"},{"a":"a"},["a","a"]]'))).toEqual([{ a: '__proto__' }, { a: 'a' }, ['a', 'a']])
  })
  it.each([
    ['lists within lists, to the depth that is allowed', `[${`${'['.repeat(62)}${']'.repeat(62)},`.repeat(8000)}0]`],
    ['empty objects', `[${'{},'.repeat(340_000)}0]`],
    ['strings with an escape', `[${'"\\n",'.repeat(200_000)}0]`],
    ['numbers', `[${'1,'.repeat(520_000)}0]`],
    ['commas', ','.repeat(1_000_000)],
    ['opened lists', '['.repeat(1_000_000)],
    ['opened objects', '{"a":'.repeat(200_000)],
  ])('is refused early when a mebibyte is made of %s', (_name, text) => {
    const begun = performance.now()
    expect(outcome(bytes(text))).toBe('malformed')
    // 13 ms at most where nothing else runs
    expect(performance.now() - begun).toBeLessThan(200)
  })
  it('never lets a key reach the prototype of objects', () => {
    for (const key of ['__proto__', '\\u005f\\u005fproto__', 'constructor', 'prototype'])
      expect(outcome(bytes(`{"a":{"${key}":{"polluted":1}}}`))).toBe('malformed')
    expect('polluted' in {}).toBe(false)
  })
})
