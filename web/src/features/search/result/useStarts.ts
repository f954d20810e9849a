import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { histogram, search } from '../../../../../shared/contract/search.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { queryOf } from '../../../api/queries.ts'
import { readSort } from '../grid/columns.ts'
import { totalsOf } from '../histogram/geometry.ts'
import { startsOfBars, startsOfEnd } from '../rows/strands.ts'
import { lacking } from './question.ts'
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
    const fits = bars !== undefined && bars.total - (isRanged ? 0 : bars.without_time) === result.total - missing
    const edges =
      isTime && bars !== undefined && bars.starts.length > 0 && fits
        ? startsOfBars(
            {
              starts: bars.starts,
              counts: totalsOf(bars),
              endsAt: new Date(Date.parse(bars.starts.at(-1) ?? '') + bars.bucket_ms).toISOString(),
            },
            sort.isDescending ? 'newest' : 'oldest',
          )
        : []
    result.store.offer([...startsOfEnd(result.total, missing), ...edges])
  }, [result, bars, missing, isLong, isTime, isRanged, sort.isDescending])
}
