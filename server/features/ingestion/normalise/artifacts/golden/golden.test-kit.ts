// A row of an artifact's own shape and what must come of it, tried under the artifact's name, under the name of a custom
// copy, and (where its columns tell the artifact) without any name.
import { describe, expect, it } from 'vitest'
import { BlockBuilder } from '../../block-builder.ts'
import { bareMember, decodeBlock, facts, memberOf, rowOf } from '../../decode-block.test-kit.ts'
import type { NormalValue } from '../../normalise-row.ts'
import { normaliseRow } from '../../normalise-row.ts'
import type { Member, Row } from '../../../reading.ts'
import { hasShape, mappingByName, mappingByShape } from '../find-mapping.ts'

export interface Golden {
  artifact: string
  row: Row
  /** Columns that must have exactly these values. */
  expected: Readonly<Record<string, NormalValue>>
  /** How many times the row has. */
  times?: number
}

const normalised = (member: Member, row: Row): Record<string, NormalValue> => {
  const builder = new BlockBuilder(facts)
  builder.startMember(member)
  builder.add(rowOf(row))
  const [decoded] = decodeBlock(builder.take(0).bytes)
  expect(decoded).toEqual(normaliseRow(member, facts, rowOf(row)))
  return decoded as Record<string, NormalValue>
}

const check = (found: Readonly<Record<string, NormalValue>>, golden: Golden): void => {
  expect(found).toMatchObject(golden.expected)
  if (golden.times !== undefined) expect(found.time_names).toHaveLength(golden.times)
}

export const checkGolden = (group: string, rows: readonly Golden[]): void => {
  describe(group, () => {
    for (const golden of rows) {
      it(`maps ${golden.artifact} by name, and a custom copy of it`, () => {
        check(normalised(memberOf(golden.artifact), golden.row), golden)
        check(normalised(memberOf(`Custom.${golden.artifact}`), golden.row), golden)
        const [artifact = '', source = ''] = golden.artifact.split('/')
        expect(mappingByName(artifact, source)).not.toBeNull()
      })
      const named = mappingByName(golden.artifact.split('/')[0] ?? '', golden.artifact.split('/')[1] ?? '')
      if (named === null || named.shape.length === 0) continue
      it(`maps ${golden.artifact} by its columns when nothing names it`, () => {
        expect(hasShape(named, golden.row)).toBe(true)
        expect(mappingByShape(golden.row)?.category).toBe(named.category)
        check(normalised(bareMember(), golden.row), golden)
      })
    }
  })
}
