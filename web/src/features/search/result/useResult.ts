import { useEffect, useState, useSyncExternalStore } from 'react'
import { type EventRow, search } from '../../../../../shared/contract/search.ts'
import { call } from '../../../api/call.ts'
import { readSort } from '../grid/columns/columns.ts'
import { type PageAsk, RowStore } from '../rows/row-store.ts'
import { lacking, type Question, reversedSort } from './question.ts'
import { type Ask, type Searching, SearchRun } from './search-run.ts'

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
      ...(ask.skip === 0 ? {} : { skip: ask.skip }),
      limit: ask.limit,
    },
    signal,
  })
}

const firstAsk: PageAsk = {
  cursor: undefined,
  skip: 0,
  limit: firstRows,
  isReversed: false,
  from: undefined,
  to: undefined,
  isAbsent: false,
}

const ask: Ask = async (question, signal) => {
  const first = await pageOf(question, firstAsk, signal)
  const store = new RowStore<EventRow>({ first, fetchPage: (page, stop) => pageOf(question, page, stop) })
  const { total, deduplicated, columns, without_time, took_ms } = first
  return { question, store, total, deduplicated, columns, without_time, took_ms }
}

/** Asks whenever the question changes; the one before is given up. */
export const useResult = (question: Question | null): Searching & { cancel: () => void } => {
  const [run] = useState(() => new SearchRun(ask))
  useEffect(() => {
    if (question !== null) void run.start(question)
  }, [run, question])
  useEffect(() => () => run.stop(), [run])
  return { ...useSyncExternalStore(run.subscribe, run.snapshot), cancel: run.cancel }
}
