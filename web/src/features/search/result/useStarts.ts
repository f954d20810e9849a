import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { histogram, search } from '../../../../../shared/contract/search.ts'
import { queryOf } from '../../../api/queries.ts'
import { readSort } from '../grid/columns.ts'
import { lacking } from './question.ts'
import { startsAround } from './starts-around.ts'
import type { Result } from './useResult.ts'

type Bars = Reply<typeof histogram>

/** Columns that every row has: nothing stands behind the rows that have them. */
const always = new Set(['artifact'])

/** Tells the rows from where else they can be read: from their end, and from the bars of the histogram. */
export const useStarts = (result: Result | null, bars: Bars | undefined): void => {
  const sort = readSort(result?.question.sort ?? null)
  const isTime = sort.field === 'timestamp'
  const filter = result?.question.filter
  const isRanged = filter?.from !== undefined || filter?.to !== undefined
  const isCounted = isTime ? isRanged : always.has(sort.field)
  const isLong = result !== null && result.total > 200
  const absent = useQuery({
    ...queryOf(search, { body: { ...lacking(filter ?? { query: '' }, sort.field), limit: 1 } }),
    enabled: isLong && !isCounted,
  })
  const missing = isCounted ? 0 : absent.data?.total
  useEffect(() => {
    if (result === null || missing === undefined || !isLong) return
    startsAround(result, isTime ? bars : undefined, missing)
  }, [result, bars, missing, isLong, isTime])
}
