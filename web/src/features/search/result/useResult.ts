import { useCallback, useEffect, useRef, useState } from 'react'
import { type EventRow, search } from '../../../../../shared/contract/search.ts'
import { call } from '../../../api/call.ts'
import { readSort } from '../grid/columns.ts'
import { type PageAsk, RowStore } from '../rows/row-store.ts'
import { lacking, type Question, reversedSort } from './question.ts'

export interface Result {
  question: Question
  store: RowStore<EventRow>
  total: number
  without_time: number
  took_ms: number
}

export interface Searching {
  /** The last one that came; it stays while the next is on its way or has failed. */
  result: Result | null
  /** Of the question that is asked now. */
  state: 'asking' | 'here' | 'failed' | 'cancelled'
  problem: Error | null
  startedMs: number
  cancel: () => void
}

const firstRows = 200

const pageOf = (question: Question, ask: PageAsk, signal: AbortSignal) => {
  const { filter, sort } = question
  const of = ask.isAbsent ? lacking(filter, readSort(sort).field) : filter
  return call(search, {
    body: {
      ...of,
      ...(ask.from === undefined ? {} : { from: ask.from }),
      ...(ask.to === undefined ? {} : { to: ask.to }),
      ...(ask.isReversed ? { sort: reversedSort(sort) } : sort === null ? {} : { sort }),
      ...(ask.cursor === undefined ? {} : { cursor: ask.cursor }),
      limit: ask.limit,
    },
    signal,
  })
}

const firstAsk: PageAsk = { cursor: undefined, limit: firstRows, isReversed: false, from: undefined, to: undefined, isAbsent: false }

const ask = async (question: Question, signal: AbortSignal): Promise<Result> => {
  const first = await pageOf(question, firstAsk, signal)
  const store = new RowStore<EventRow>({ first, fetchPage: (page, stop) => pageOf(question, page, stop) })
  return { question, store, total: first.total, without_time: first.without_time, took_ms: first.took_ms }
}

const isAborted = (error: unknown) => error instanceof DOMException && error.name === 'AbortError'

/** Asks whenever the question changes; the one before is given up. */
export const useResult = (question: Question | null): Searching => {
  const [result, setResult] = useState<Result | null>(null)
  const [state, setState] = useState<Searching['state']>('asking')
  const [problem, setProblem] = useState<Error | null>(null)
  const [startedMs, setStarted] = useState(() => Date.now())
  const control = useRef<AbortController | null>(null)
  const shown = useRef<Result | null>(null)

  useEffect(() => {
    if (question === null) return
    const mine = new AbortController()
    control.current = mine
    setState('asking')
    setProblem(null)
    setStarted(Date.now())
    ask(question, mine.signal).then(
      (next) => {
        if (mine.signal.aborted) return next.store.close()
        shown.current?.store.close()
        shown.current = next
        setResult(next)
        setState('here')
      },
      (error: unknown) => {
        if (mine.signal.aborted || isAborted(error)) return
        setProblem(error instanceof Error ? error : new Error(String(error)))
        setState('failed')
      },
    )
    return () => mine.abort()
  }, [question])

  useEffect(() => () => shown.current?.store.close(), [])

  const cancel = useCallback(() => {
    control.current?.abort()
    setState('cancelled')
  }, [])
  return { result, state, problem, startedMs, cancel }
}
