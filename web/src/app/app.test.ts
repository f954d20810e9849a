import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { only, parseSearch, stringifySearch } from './search-params.ts'
import { quoteForQuery } from './shell/quote-for-query.ts'
import { summarise } from './shell/running.ts'

describe('parameters of an address', () => {
  it('come back as they were written, whatever they hold', () => {
    const text = fc.string({ minLength: 1 }).filter((value) => !/\p{Cs}/u.test(value))
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('q', 'f', 'from', 'row'), text), (search) => {
        expect(parseSearch(stringifySearch(search))).toEqual(search)
      }),
    )
  })
  it('keep numbers as text and leave out what is empty', () => {
    expect(parseSearch('?q=123&from=')).toEqual({ q: '123', from: '' })
    expect(stringifySearch({ q: '', row: undefined, skip: 100 })).toBe('?skip=100')
  })
  it('are dropped where a page does not know them', () => {
    expect(only('q', 'row')({ q: 'x', evil: 'y', row: '' })).toEqual({ q: 'x' })
  })
})

describe('words from the palette', () => {
  it('become one phrase, and a query stays a query', () => {
    expect(quoteForQuery(' mimikatz ')).toBe('mimikatz')
    expect(quoteForQuery('two words')).toBe('"two words"')
    expect(quoteForQuery('OR')).toBe('"OR"')
    expect(quoteForQuery('process_name:cmd.exe NOT x')).toBe('process_name:cmd.exe NOT x')
  })
})

describe('imports under way', () => {
  it('are counted with the bytes of all of them', () => {
    const one = { state: 'reading', bytes_read: 63, bytes_total: 100 } as const
    expect(summarise([one])).toMatchObject({ running: 1, percent: 63, text: '1 import, 63%' })
    expect(summarise([one, { state: 'queued', bytes_read: 0, bytes_total: 100 }])?.text).toBe('2 imports, 31%')
  })
  it('leave out those that wait for a secret, unless there are only such', () => {
    const locked = { state: 'locked', bytes_read: 0, bytes_total: 900 } as const
    expect(summarise([locked, { state: 'reading', bytes_read: 5, bytes_total: 10 }])?.text).toBe('1 import, 50%')
    expect(summarise([locked])).toMatchObject({ running: 0, text: '1 import locked' })
    expect(summarise([])).toBeNull()
  })
})
