import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DetectionExplanation } from '../../../../../shared/contract/detect/detections.ts'
import { asksOf, selectionsOf } from './explained.ts'
import { hitPieces } from './HitText.tsx'

const explanation = (rest: Partial<DetectionExplanation>): DetectionExplanation => ({
  row_id: '0'.repeat(32),
  held: true,
  reason: null,
  title: 'LSASS memory dump',
  logsource: 'process_creation',
  condition: 'img and call and not filter',
  selections: [],
  tree: null,
  values: [],
  ...rest,
})

describe('what a rule asks of a field', () => {
  it('is said in words', () => {
    expect(asksOf('Image|endswith')).toBe('Image ends with')
    expect(asksOf('CommandLine|contains|all')).toBe('CommandLine contains all of')
    expect(asksOf('EventID')).toBe('EventID is')
    expect(asksOf('Image|cased')).toBe('Image is cased')
    expect(asksOf('')).toBe('')
  })
})

describe('an explanation', () => {
  const told = selectionsOf(
    explanation({
      selections: [
        { name: 'img', held: true },
        { name: 'filter', held: false },
      ],
      tree: {
        kind: 'and',
        held: true,
        of: [
          { kind: 'field', held: true, selection: 'img', key: 'CommandLine|contains', wanted: '#24' },
          { kind: 'field', held: false, selection: 'img', key: 'CommandLine|contains', wanted: 'MiniDump' },
          {
            kind: 'not',
            held: true,
            of: [{ kind: 'field', held: false, selection: 'filter', key: 'ParentImage|endswith', wanted: 'WerFault.exe', absent: true }],
          },
        ],
      },
    }),
  )
  it('puts all values that one field was compared with on one line, and says which was found', () => {
    expect(told[0]).toMatchObject({ name: 'img', held: true })
    expect(told[0]?.lines).toEqual([
      {
        asks: 'CommandLine contains',
        wanted: [
          { value: '#24', held: true },
          { value: 'MiniDump', held: false },
        ],
        more: 0,
        held: true,
        absent: false,
      },
    ])
  })
  it('says of a filter that it is not true here, and that the row has no such field', () => {
    expect(told[1]).toMatchObject({ name: 'filter', held: false, lines: [{ absent: true, held: false }] })
  })
  it('shows of very many values those that were found, and how many others there are', () => {
    const of = Array.from({ length: 40 }, (_, at) => ({
      kind: 'field' as const,
      held: at === 39,
      selection: 'hash',
      key: 'Hashes',
      wanted: String(at),
    }))
    const [hash] = selectionsOf(explanation({ selections: [{ name: 'hash', held: true }], tree: { kind: 'or', held: true, of } }))
    expect(hash?.lines[0]?.wanted[0]).toEqual({ value: '39', held: true })
    expect(hash?.lines[0]).toMatchObject({ more: 34 })
  })
})

describe('marks in a value', () => {
  it('lose no character of it, wherever they are said to be', () => {
    const places = fc.array(fc.record({ start: fc.nat(40), end: fc.nat(40) }), { maxLength: 5 })
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), places, (value, hits) => {
        expect(
          hitPieces(value, hits)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(value)
      }),
      { numRuns: 300 },
    )
  })
})
