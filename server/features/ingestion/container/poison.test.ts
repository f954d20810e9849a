import { describe, expect, it } from 'vitest'
import { collectBytes } from '../../../../test/harness/poison/collect.ts'
import { poisonCorpus } from '../../../../test/harness/poison/corpus.ts'
import { LockedError, UnreadableError } from '../reading.ts'

const timeCapMs = 30_000

describe('poison files', () => {
  it('are at least sixty, each with a name of its own', () => {
    expect(new Set(poisonCorpus.map((poison) => poison.name)).size).toBe(poisonCorpus.length)
    expect(poisonCorpus.length).toBeGreaterThanOrEqual(60)
  })

  it.each(poisonCorpus.map((poison) => [poison.name, poison] as const))(
    '%s is read or refused honestly, and leaves nothing behind',
    async (_name, poison) => {
      const { expect: wanted } = poison
      const found = await collectBytes(poison.bytes(), {
        name: poison.name,
        password: poison.password ?? null,
        ...(poison.limits ? { limits: poison.limits } : {}),
      })
      const codes = found.warnings.map((warning) => warning.code)
      if (wanted.throws === undefined) expect(found.error).toBeNull()
      else expect(found.error).toBeInstanceOf(wanted.throws === 'locked' ? LockedError : UnreadableError)
      if (wanted.rows >= 0)
        expect({ rows: found.rows, rejects: found.rejects.length }).toEqual({ rows: wanted.rows, rejects: wanted.rejects })
      else expect(found.rows + found.rejects.length).toBeGreaterThan(0)
      for (const code of wanted.warns ?? []) expect(codes).toContain(code)
      for (const reject of found.rejects) {
        expect(reject.reason).not.toBe('')
        expect(reject.raw.length).toBeLessThanOrEqual(65_536)
        expect(reject.raw.isWellFormed()).toBe(true)
      }
      for (const { rows } of found.members) {
        for (const row of rows) expect(row.raw.isWellFormed()).toBe(true)
      }
      expect(found.leftovers).toEqual([])
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    },
    timeCapMs,
  )

  it('numbers rows and rejects of a member without a gap', async () => {
    const found = await collectBytes('{"a":1}\nbad\n{"a":2}\n\n{"a":3}\nworse\n')
    const numbers = [...(found.members[0]?.rows.map((row) => row.number) ?? []), ...found.rejects.map((reject) => reject.row_number ?? -1)]
    expect(numbers.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
    expect(found.rejects.map((reject) => reject.raw)).toEqual(['bad', 'worse'])
  })
})
