import { expect, it } from 'vitest'
import { exportName, rejectLines } from './export-rejects.ts'

it('rejected rows are one JSON object a line, line breaks inside them escaped', () => {
  const reject = {
    file: 'a',
    member: 'b',
    row_number: 3,
    artifact: null,
    reason: 'JSON ends inside a string',
    raw: '{"a":"x\ny',
    raw_bytes: 9,
  }
  const lines = rejectLines([reject, reject])
  expect(lines.split('\n')).toHaveLength(3)
  expect(JSON.parse(lines.split('\n')[0] ?? '')).toEqual(reject)
})
it('the name of an export holds nothing that a path could be made of', () => {
  expect(exportName('../../a b:c.zip')).toBe('.._.._a_b_c.zip-rejects.jsonl')
})
