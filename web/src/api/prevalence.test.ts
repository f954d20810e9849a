import { describe, expect, it } from 'vitest'
import type { AskedValue } from '../../../shared/contract/hunt/prevalence.ts'
import { PrevalenceBatch } from './prevalence.ts'

const live = () => new AbortController().signal

/** A batch whose moment ends when the test says so, with what it asked. */
const batchOf = (answer: (values: AskedValue[]) => AskedValue[] = (values) => values) => {
  const asked: { values: AskedValue[]; signal: AbortSignal }[] = []
  let end = () => undefined as void
  const batch = new PrevalenceBatch(
    (values, signal) => {
      asked.push({ values, signal })
      const found = answer(values).map((one) => ({ ...one, hosts: one.value.length, rows: 1, first_seen: null, last_seen: null }))
      return Promise.resolve({ prevalence: found, fleet: 9 })
    },
    (run) => {
      end = run
    },
  )
  return { batch, asked, end: () => end() }
}

describe('prevalence in a page', () => {
  it('is asked for in one call for all of a moment, each value once', async () => {
    const { batch, asked, end } = batchOf()
    const found = ['a.exe', 'bb.exe', 'a.exe'].map((value) => batch.load({ field: 'process_name', value }, live()))
    expect(asked).toEqual([])
    end()
    expect((await Promise.all(found)).map((one) => [one.value, one.hosts, one.fleet])).toEqual([
      ['a.exe', 5, 9],
      ['bb.exe', 6, 9],
      ['a.exe', 5, 9],
    ])
    expect(asked.map((one) => one.values.length)).toEqual([2])
  })

  it('lets no name wait for a path, and asks for no more than 200 values at once', async () => {
    const { batch, asked, end } = batchOf()
    const names = Array.from({ length: 201 }, (_, at) => batch.load({ field: 'process_name', value: `p${at}` }, live()))
    const path = batch.load({ field: 'file_path', value: 'C:\\a' }, live())
    end()
    await Promise.all([...names, path])
    expect(asked.map((one) => one.values.length)).toEqual([200, 1, 1])
    expect(asked.at(-1)?.values).toEqual([{ field: 'file_path', value: 'C:\\a' }])
  })

  it('does not ask for what nobody waits for any more, and gives up a call when the last has gone', async () => {
    const { batch, asked, end } = batchOf()
    const [early, late, other] = [new AbortController(), new AbortController(), new AbortController()]
    const gone = batch.load({ field: 'user_name', value: 'gone' }, early.signal)
    early.abort()
    void batch.load({ field: 'user_name', value: 'late' }, late.signal)
    void batch.load({ field: 'user_name', value: 'other' }, other.signal)
    end()
    expect(asked.map((one) => one.values.map((value) => value.value))).toEqual([['late', 'other']])
    late.abort()
    expect(asked[0]?.signal.aborted).toBe(false)
    other.abort()
    expect(asked[0]?.signal.aborted).toBe(true)
    await expect(gone).rejects.toThrow()
  })

  it('fails for the one value that was not answered and for no other', async () => {
    const { batch, end } = batchOf((values) => values.slice(1))
    const [first, second] = ['x', 'y'].map((value) => batch.load({ field: 'user_name', value }, live()))
    end()
    await expect(first).rejects.toThrow('no answer')
    expect((await second)?.hosts).toBe(1)
  })
})
