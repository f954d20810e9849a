import { describe, expect, it } from 'vitest'
import { RowStore } from '../rows/row-store.ts'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { parseExplore } from '../state/explore-state.ts'
import { type Question, questionOf } from './question.ts'
import { type Result, SearchRun } from './search-run.ts'

const question = (q: string): Question => {
  const made = questionOf(parseExplore({ q }), 0, 0)
  if (made === null) throw new Error(`${q} does not parse`)
  return made
}
const resultOf = (asked: Question, total: number): Result => ({
  question: asked,
  store: new RowStore<EventRow>({ first: { events: [], next_cursor: null, total }, fetchPage: () => Promise.reject(new Error('no page')) }),
  total,
  deduplicated: 0,
  columns: null,
  without_time: 0,
  took_ms: 1,
})
/** Answers when told to, in any order. */
const rig = () => {
  const waiting = new Map<string, { answer: (total: number) => void; fail: (error: Error) => void; signal: AbortSignal }>()
  const run = new SearchRun(
    (asked, signal) =>
      new Promise((resolve, reject) => {
        waiting.set(asked.q, { answer: (total) => resolve(resultOf(asked, total)), fail: reject, signal })
      }),
    () => 5,
  )
  const of = (q: string) => {
    const found = waiting.get(q)
    if (found === undefined) throw new Error(`${q} was not asked`)
    return found
  }
  return { run, of }
}
const settle = async () => {
  for (let i = 0; i < 5; i++) await Promise.resolve()
}

describe('a search', () => {
  it('shows only the answer to the newest question, and gives the older up', async () => {
    const { run, of } = rig()
    void run.start(question('a'))
    void run.start(question('b'))
    expect(of('a').signal.aborted).toBe(true)
    of('b').answer(2)
    await settle()
    of('a').answer(1)
    await settle()
    expect(run.snapshot()).toMatchObject({ state: 'here', result: { total: 2 } })
  })
  it('keeps the last result when the next question fails, and says why', async () => {
    const { run, of } = rig()
    void run.start(question('a'))
    of('a').answer(1)
    await settle()
    void run.start(question('b'))
    of('b').fail(new Error('It took too long.'))
    await settle()
    expect(run.snapshot()).toMatchObject({ state: 'failed', problem: { message: 'It took too long.' }, result: { total: 1 } })
  })
  it('can be cancelled: the request is given up and no error is shown', async () => {
    const { run, of } = rig()
    void run.start(question('a'))
    run.cancel()
    expect(of('a').signal.aborted).toBe(true)
    of('a').fail(new DOMException('aborted', 'AbortError'))
    await settle()
    expect(run.snapshot()).toMatchObject({ state: 'cancelled', problem: null, result: null })
  })
})
