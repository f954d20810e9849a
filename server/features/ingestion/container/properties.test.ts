import fc from 'fast-check'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { collectBytes } from '../../../../test/harness/poison/collect.ts'
import { ExactNumber, jsonText, readLimits } from '../reading.ts'
import { CsvRecords } from './csv/records.ts'
import { isLossless, parseExact, reviveExact } from './json/exact-number.ts'
import { parseRow } from './json/parse-row.ts'
import { ValueScanner } from './json/value-scanner.ts'

const runs = { numRuns: 300 }

describe('exact numbers', () => {
  it('keep every integer as BigInt reads it', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), { minLength: 1 }), (numbers) => {
        const { value } = parseExact(`{"a":[${numbers.join(', ')}],"s":"[1,${numbers[0]}]"}`)
        const row = reviveExact(value) as { a: (number | ExactNumber)[]; s: string }
        expect(row.a.map((item) => BigInt(item instanceof ExactNumber ? item.digits : item))).toEqual(numbers)
        expect(row.s).toBe(`[1,${numbers[0]}]`)
      }),
      runs,
    )
  })

  it('leave every double a double', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (value) => Number.isInteger(value) || isLossless(JSON.stringify(value)),
      ),
      runs,
    )
  })

  it('change nothing else: text with none of them parses as JSON.parse does, and prints back', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const { value } = parseExact(`{"v":${text}}`)
        const printed = jsonText(reviveExact(value))
        expect(JSON.parse(printed)).toEqual(JSON.parse(`{"v":${text}}`))
      }),
      runs,
    )
  })

  it('are told from text that looks like one, whatever the key before it ends with', () => {
    const part = fc.constantFrom(':', ',', '[', '{', '"', '\\', ' ', 'a', '1234567890123456789')
    const text = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, text, (key, value) => {
        const parsed = parseExact(`{${JSON.stringify(key)}:1234567890123456789,"-":[${JSON.stringify(value)},9234567890123456789]}`)
        expect(reviveExact(parsed.value, parsed.exact)).toEqual({
          [key]: new ExactNumber('1234567890123456789'),
          '-': [value, new ExactNumber('9234567890123456789')],
        })
      }),
      { numRuns: 3000 },
    )
  })

  it('refuse what JSON.parse refuses', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '12345678901234567890',
      '1e5',
      '-',
      '.',
      ' ',
      'null',
      '"\\"',
      '1234567890123456.5.5',
    )
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        const text = tokens.join('')
        let isValid = true
        try {
          JSON.parse(text)
        } catch {
          isValid = false
        }
        let isTaken = true
        try {
          parseExact(text)
        } catch {
          isTaken = false
        }
        expect(isTaken).toBe(isValid)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('rows in = rows out + rejects', () => {
  const line = fc.oneof(
    fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })).map((row) => JSON.stringify(row)),
    fc.string().map((text) => text.replaceAll(/[\r\n]/g, ' ')),
    fc.constantFrom('{"a":', '[]', '{"a":1}}', '{"big":12345678901234567890}', '', '   '),
  )

  it('for any lines, counted independently', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
        const text = ['{"first":1}', ...lines, '{"last":1}'].join('\n')
        const found = await collectBytes(text, { name: 'x.jsonl' })
        const wanted = text.split('\n').filter((item) => item.replace(/\r$/, '').trim() !== '').length
        fc.pre(found.kind === 'jsonl')
        expect(found.rows + found.rejects.length).toBe(wanted)
      }),
      { numRuns: 150 },
    )
  })

  it('for any cut into chunks the scanner finds the same elements', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))), fc.integer({ min: 1, max: 9 }), (rows, size) => {
        const bytes = Buffer.from(JSON.stringify(rows, null, 1))
        const scanner = new ValueScanner(1e6)
        const texts: string[] = []
        for (let at = 0; at < bytes.length; at += size)
          for (const value of scanner.push(bytes.subarray(at, at + size))) texts.push(value.bytes.toString())
        for (const value of scanner.end()) texts.push(value.bytes.toString())
        expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(JSON.parse(JSON.stringify(rows)))
      }),
      runs,
    )
  })
})

describe('duplicate keys', () => {
  it('are counted exactly when their values differ', () => {
    const key = fc.constantFrom('a', 'b', 'c"', 'd\\')
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.constantFrom('1', '2', '"x\\":"', '{"q":[1,{}]}')), { maxLength: 6 }), (pairs) => {
        const text = `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
        const seen = new Map<string, string>()
        let wanted = 0
        for (const [name, value] of pairs) {
          if (seen.has(name) && seen.get(name) !== value) wanted++
          seen.set(name, value)
        }
        expect(parseRow(text, false, readLimits).duplicates).toBe(wanted)
      }),
      runs,
    )
  })
})

describe('CSV records', () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom('a"b', 'x,y', 'line\nbreak', '""', '', ' lead', 'end '))
  const escape = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

  it('come back as they were written, and as another parser reads them, however the lines arrive', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 20 }), (rows) => {
        const clean = rows.map((row) => row.map((text) => text.replaceAll('\0', '').replaceAll('\r', '')))
        const text = clean.map((row) => `${row.map(escape).join(',')}\n`).join('')
        const records = new CsvRecords(',', readLimits)
        const cells: (string[] | null)[] = []
        for (const line of text.split(/(?<=\n)/)) for (const record of records.push(line)) cells.push(record.cells)
        for (const record of records.end()) cells.push(record.cells)
        expect(cells).toEqual(clean)
        expect(cells).toEqual(parse(text, { delimiter: ',', record_delimiter: '\n' }))
      }),
      runs,
    )
  })
})
