import { useMediaQuery } from '@mantine/hooks'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react'
import { timelineDensity } from '../../../../../shared/contract/hunt/timeline.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { queryOf } from '../../../api/queries.ts'
import { useExplore } from '../explore-context.ts'
import type { Question } from '../result/question.ts'
import { type Searching, SearchRun } from '../result/search-run.ts'
import { indexBars, startsOf } from '../rows/strands.ts'
import { askMoments, type MomentPlace, type MomentsResult } from './moment-rows.ts'

export type Density = Reply<typeof timelineDensity>

const buckets = 240

/** One after the other: what is counted for the chart is counted once, and a query that is refused is refused once. */
const useDensity = (question: Question | null, lanes: string, isWanted: boolean) => {
  const isPhone = useMediaQuery('(max-width: 719px)', undefined, { getInitialValueInEffect: false }) === true
  const filter = question?.filter ?? { query: '' }
  return useQuery({
    ...queryOf(timelineDensity, { body: { ...filter, lanes, buckets, top: isPhone ? 3 : 8 } }),
    enabled: isWanted,
    placeholderData: keepPreviousData,
    retry: false,
  })
}

/** Moments can be read from the edge of every bucket, as long as chart and list are of the same moments. */
const offerBuckets = (result: MomentsResult, density: Density): void => {
  if (density.total !== result.total) return result.store.offer(result.starts)
  const counts = density.starts.map((_, at) => density.lanes.reduce((sum, lane) => sum + (lane.counts[at] ?? 0), 0))
  const bars = indexBars({ starts: density.starts, counts, endsAt: density.to ?? '' }, 'oldest')
  result.store.offer([...result.starts, ...startsOf(bars, 'oldest')])
}

/** With the moment that the link names, when it was asked. */
interface PlacedQuestion extends Question {
  place: MomentPlace | null
}
const placeOf = (question: Question): MomentPlace | null => ('place' in question ? (question as PlacedQuestion).place : null)

/** The moments of a question and how many there are by lane and time. */
export const useTimeline = (question: Question | null) => {
  const { state } = useExplore()
  const [run] = useState(() => new SearchRun((asked, signal) => askMoments(asked, placeOf(asked), signal)))
  const start = useEffectEvent((asked: Question) => {
    const placed: PlacedQuestion = { ...asked, place: state.at === null ? null : { at: state.at, id: state.row } }
    void run.start(placed)
  })
  useEffect(() => {
    if (question !== null) start(question)
  }, [question])
  useEffect(() => () => run.stop(), [run])
  const searching: Searching = useSyncExternalStore(run.subscribe, run.snapshot)
  const result = searching.result as MomentsResult | null
  const isOfResult = result !== null && result.question.key === question?.key
  const density = useDensity(question, state.lanes, isOfResult)
  const { data, isPlaceholderData } = density
  useEffect(() => {
    if (result !== null && data !== undefined && !isPlaceholderData && isOfResult) offerBuckets(result, data)
  }, [result, data, isPlaceholderData, isOfResult])
  const queries = useQueryClient()
  const cancel = () => {
    run.cancel()
    void queries.cancelQueries({ queryKey: [timelineDensity.path] })
  }
  return { searching, result, density, cancel }
}
