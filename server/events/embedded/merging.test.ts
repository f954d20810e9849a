import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectOf, Merging } from './merging.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const withEngine = (oldestMergeS = 0): { merging: Merging; said: string[]; fail: { times: number } } => {
  const said: string[] = []
  const fail = { times: 0 }
  const merging = new Merging({
    oldestMergeS: () => Promise.resolve(oldestMergeS),
    run: (text) => {
      if (fail.times > 0) {
        fail.times--
        return Promise.reject(new Error('busy'))
      }
      said.push(text)
      return Promise.resolve()
    },
  })
  return { merging, said, fail }
}
const insert = async (merging: Merging): Promise<void> => {
  await merging.before('insert')
  merging.after('insert')
}

test('merges wait while rows arrive and go on three seconds after the last', async () => {
  const { merging, said } = withEngine()
  for (let i = 0; i < 5; i++) {
    await insert(merging)
    await vi.advanceTimersByTimeAsync(2000)
  }
  expect(said).toEqual(['SYSTEM STOP MERGES'])
  await vi.advanceTimersByTimeAsync(1000)
  expect(said).toEqual(['SYSTEM STOP MERGES', 'SYSTEM START MERGES'])
})

test('after 150 inserts without a pause merges go on, and wait again only after one', async () => {
  const { merging, said } = withEngine()
  for (let i = 0; i < 400; i++) await insert(merging)
  expect(said).toEqual(['SYSTEM STOP MERGES', 'SYSTEM START MERGES'])
  await vi.advanceTimersByTimeAsync(3000)
  await insert(merging)
  expect(said).toEqual(['SYSTEM STOP MERGES', 'SYSTEM START MERGES', 'SYSTEM STOP MERGES'])
})

test('inserts that leave merges no time between them are not let stop them for ever', async () => {
  const { merging, said } = withEngine(1)
  for (let i = 0; i < 200; i++) {
    await insert(merging)
    await vi.advanceTimersByTimeAsync(4000)
  }
  expect(said.slice(-2)).toEqual(['SYSTEM STOP MERGES', 'SYSTEM START MERGES'])
  expect(said).toHaveLength(300)
})

test('a deletion does not wait for ever for an engine that refuses', async () => {
  const { merging, said, fail } = withEngine()
  await insert(merging)
  fail.times = 30
  const waiting = merging.before('change')
  await vi.advanceTimersByTimeAsync(10_000)
  await waiting
  merging.after('change')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(said).toEqual(['SYSTEM STOP MERGES', 'SYSTEM START MERGES'])
})

test('a deletion finds merges running, and inserts beside it do not stop them', async () => {
  const { merging, said } = withEngine()
  await insert(merging)
  await merging.before('change')
  expect(said.at(-1)).toBe('SYSTEM START MERGES')
  await insert(merging)
  expect(said.at(-1)).toBe('SYSTEM START MERGES')
  merging.after('change')
  await insert(merging)
  expect(said.at(-1)).toBe('SYSTEM STOP MERGES')
})

test('a merge that has run for long is not thrown away', async () => {
  const { merging, said } = withEngine(11)
  await insert(merging)
  expect(said).toEqual([])
})

test('merges come back also when the engine refuses at first', async () => {
  const { merging, said, fail } = withEngine()
  await insert(merging)
  fail.times = 3
  await vi.advanceTimersByTimeAsync(10_000)
  expect(said).toEqual(['SYSTEM STOP MERGES', 'SYSTEM START MERGES'])
})

test.each([
  ['INSERT INTO t.events FORMAT RowBinary', 'insert'],
  ['  insert INTO a SELECT 1', 'insert'],
  ['DELETE FROM t WHERE 1', 'change'],
  ['ALTER TABLE t UPDATE a = 1 WHERE 1', 'change'],
  ['OPTIMIZE TABLE t', 'change'],
  ['TRUNCATE TABLE t', 'none'],
  ['SELECT 1', 'none'],
])('%s is to merges: %s', (text, effect) => {
  expect(effectOf(text)).toBe(effect)
})
