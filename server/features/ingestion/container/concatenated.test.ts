import { describe, expect, it } from 'vitest'
import { collectBytes } from '../../../../test/harness/poison/collect.ts'
import { ExactNumber } from '../reading.ts'

const numbered = async (text: string) => {
  const found = await collectBytes(text, { name: 'x.json' })
  const rows = found.members[0]?.rows.map((row) => [row.number, row.raw] as const) ?? []
  return { rows, rejects: found.rejects.map((reject) => [reject.row_number, reject.raw, reject.reason] as const) }
}
const lines = '{"n":1}\n{"n":2}\n'

describe('JSON objects one behind the other on a line', () => {
  it('are rows of their own, each with its number and its text', async () => {
    expect(await numbered(`${lines}{"n":3}{"n":"}{"} \t{"n":{"x":5}}\n{"n":6}\n`)).toEqual({
      rows: [
        [0, '{"n":1}'],
        [1, '{"n":2}'],
        [2, '{"n":3}'],
        [3, '{"n":"}{"}'],
        [4, '{"n":{"x":5}}'],
        [5, '{"n":6}'],
      ],
      rejects: [],
    })
  })

  it('are read when the file is nothing but one such line', async () => {
    for (const text of ['{"a":1}{"a":2}', '{"a":1} {"a":2}\n']) {
      expect((await numbered(text)).rows).toEqual([
        [0, '{"a":1}'],
        [1, '{"a":2}'],
      ])
    }
  })

  it('keep all digits and letters', async () => {
    const found = await collectBytes(`${lines}{"n":9007199254740993}{"n":"é"}\n`)
    expect(found.members[0]?.rows.slice(2).map((row) => [row.value, row.isAscii])).toEqual([
      [{ n: new ExactNumber('9007199254740993') }, true],
      [{ n: 'é' }, false],
    ])
  })

  it('cost only the one that is broken', async () => {
    const { rows, rejects } = await numbered(`${lines}{"n":3}{"n":}{"n":5}\n{"n":6}{"n":\n`)
    expect(rows.slice(2)).toEqual([
      [2, '{"n":3}'],
      [4, '{"n":5}'],
      [5, '{"n":6}'],
    ])
    expect(rejects.map(([number, raw]) => [number, raw])).toEqual([
      [3, '{"n":}'],
      [6, '{"n":'],
    ])
    expect(rejects[1]?.[2]).toBe('The line ends inside this row')
  })

  it('are not looked for in a line that does not begin with a whole row', async () => {
    const { rejects } = await numbered(`${lines}{"n":"x"y"}{"n":4}\n`)
    expect(rejects.map(([number, raw]) => [number, raw])).toEqual([[2, '{"n":"x"y"}{"n":4}']])
  })
})
