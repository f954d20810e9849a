import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvCell, csvLine, jsonLine } from './safe-text.ts'

describe('a cell of CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\0=1', ' =1', '＝1', '\t', '\0'])(
    'is text and no formula: %j',
    (text) => {
      expect(csvCell(text).replace(/^"/, '').startsWith("'")).toBe(true)
    },
  )
  it.each(['ann', '127.0.0.1', '2026-03-12', '', 'a=b', 'Mozilla/5.0 (X11) -x'])('that is no formula stays as it is: %j', (text) => {
    expect(csvCell(text)).toBe(text)
  })
  it('is read again by another reader as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const [cells] = parse(`${csvCell(text)},end\r\n`, { relax_column_count: true }) as string[][]
        expect(cells).toEqual([csvCell(text).replace(/^"/, '').startsWith("'") && !text.startsWith("'") ? `'${text}` : text, 'end'])
      }),
    )
  })
  it('that is the only one of its line and empty still makes a line', () => {
    expect(parse(csvLine(['']) + csvLine(['a'])) as string[][]).toEqual([[''], ['a']])
  })
})

describe('a line of JSON', () => {
  it('is one line of printed characters that says the same', () => {
    const hostile = 'a\r\n\u001b[31mred\u0085\u2028\u2029\u202e\u009b'
    const line = jsonLine({ user_agent: hostile })
    expect(line.slice(0, -1)).toMatch(/^[\x20-\x7e]+$/)
    expect(line.endsWith('\n')).toBe(true)
    expect((JSON.parse(line) as { user_agent: string }).user_agent).toBe(hostile)
  })
})
