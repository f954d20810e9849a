import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { type histogram, search } from '../../../../../shared/contract/search.ts'
import { queryOf } from '../../../api/queries.ts'
import { readSort } from '../grid/columns/columns.ts'
import { type Filter, isReadAnywhere, lacking } from './question.ts'
import { startsAround } from './starts-around.ts'
import type { Result } from './search-run.ts'

type Bars = Reply<typeof histogram>

/** Columns that every row has: nothing stands behind the rows that have them. */
const always = new Set(['artifact'])

const isRanged = (filter: Filter): boolean => filter.from !== undefined || filter.to !== undefined

/** How many rows lack the field that the result is sorted by; undefined until it is known. */
const useMissing = (result: Result | null): number | undefined => {
  const { filter, sort } = result?.question ?? { filter: { query: '' }, sort: null }
  const { field } = readSort(sort)
  const isNone = always.has(field) || (field === 'timestamp' && isRanged(filter))
  const isLong = result !== null && result.total > 200 && isReadAnywhere(result.question)
  const absent = useQuery({
    ...queryOf(search, { body: { ...lacking(filter, field), limit: 1 } }),
    enabled: isLong && !isNone,
  })
  if (!isLong) return undefined
  return isNone ? 0 : absent.data?.total
}

/** Tells the rows from where else they can be read: from their end, and from the bars of the histogram. */
export const useStarts = (result: Result | null, bars: Bars | undefined): void => {
  const missing = useMissing(result)
  useEffect(() => {
    if (result === null || missing === undefined) return
    const isTime = readSort(result.question.sort).field === 'timestamp'
    startsAround(result, isTime ? bars : undefined, missing)
  }, [result, bars, missing])
}
