import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExportReader, ParquetTail } from './export-reader.ts'

const csvLine = (cells: readonly string[]): string => `${cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')}\r\n`
const jsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (parts: readonly Uint8Array[]): string => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode()
}
const cut = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))

const read = (format: 'csv' | 'jsonl', chunks: readonly Uint8Array[]) => {
  const reader = new ExportReader(format)
  const parts = chunks.map((chunk) => reader.push(chunk))
  const end = reader.end()
  return end === null ? null : { rows: end.rows, text: textOf([...parts, end.bytes]) }
}

const cells = fc.array(fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { minLength: 2, maxLength: 3 }), { maxLength: 8 })

describe('the file that is kept of an export', () => {
  it('is the rows without the last line, however the bytes come and whatever the cells hold', () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 1, max: 200 }), (rows, size) => {
        const csv = csvLine(['a', 'b']) + rows.map(csvLine).join('')
        expect(read('csv', cut(bytesOf(`${csv}end_of_export,${rows.length}\r\n`), size))).toEqual({
          rows: rows.length,
          text: textOf([bytesOf(csv)]),
        })
        const jsonl = rows.map(jsonLine).join('')
        const whole = `${jsonl}${jsonLine({ end_of_export: { rows: rows.length } })}`
        expect(read('jsonl', cut(bytesOf(whole), size))?.rows).toBe(rows.length)
      }),
    )
  })
  it('is none where the end is missing, cut, or counts other rows', () => {
    for (const text of [
      'a,b\r\n1,2\r\n',
      'a,b\r\n1,2\r\nend_of_export,1',
      'a,b\r\n1,2\r\nend_of_export,2\r\n',
      '',
      'a,b\r\n"x\r\nend_of_export,0\r\n',
    ])
      expect(read('csv', [bytesOf(text)])).toBeNull()
    expect(read('jsonl', [bytesOf('{"a":1}\n{"end_of_export":{"rows":2}}\n')])).toBeNull()
  })
})

it('a Parquet file is kept with its mark at the end, and not without', () => {
  const read = (...chunks: number[][]) => {
    const tail = new ParquetTail(7)
    for (const chunk of chunks) tail.push(Uint8Array.from(chunk))
    return tail.end()?.rows ?? null
  }
  expect([read([1, 2, 0x50], [0x41], [0x52, 0x31]), read([0x50, 0x41, 0x52, 0x31])]).toEqual([7, 7])
  expect([read(), read([0x50, 0x41, 0x52]), read([0x50, 0x41, 0x52, 0x31, 0])]).toEqual([null, null, null])
})
