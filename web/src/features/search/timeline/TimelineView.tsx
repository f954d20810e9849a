import { type CSSProperties, type ReactNode, useCallback, useMemo } from 'react'
import { messageOf } from '../../../api/problem.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { Detail, useDetailWidth } from '../detail/Detail.tsx'
import { ExploreContext, useExplore } from '../explore-context.ts'
import { Unasked } from '../result/ResultView.tsx'
import { SearchingFoot } from '../result/RowsFoot.tsx'
import type { Searching } from '../result/search-run.ts'
import { matchersOf } from '../values/matchers.ts'
import { useReport } from '../views/useReport.ts'
import { TimelineResult } from './TimelineResult.tsx'
import { type Density, useTimeline } from './useTimeline.ts'
import './timeline.css'

const Problem = ({ words, isBad }: { words: string; isBad: boolean }) => {
  const { run } = useExplore()
  const again = (
    <Button size="sm" onClick={run}>
      {isBad ? 'Try again' : 'Search again'}
    </Button>
  )
  return (
    <Note tone={isBad ? 'bad' : 'info'} live action={again}>
      {words}
    </Note>
  )
}

/** What kept the moments or their counts from coming; a mistake of the query stands in the box. */
const Problems = ({ searching, chart, hasFault }: { searching: Searching; chart: Error | null; hasFault: boolean }) => {
  const kept = searching.result === null ? '' : ' What is below is from the query before.'
  if (searching.state === 'cancelled') return <Problem isBad={false} words={`The search was cancelled.${kept}`} />
  if (searching.state === 'failed') return hasFault ? null : <Problem isBad words={`${messageOf(searching.problem)}${kept}`} />
  return chart === null ? null : <Problem isBad words={messageOf(chart)} />
}

/** The colours of artifacts, where they are the lanes. */
const useHues = (lanes: Density['lanes'] | undefined) => {
  const { state } = useExplore()
  const hues = useMemo(
    () => new Map(state.lanes === 'artifact' ? (lanes ?? []).slice(0, 6).map((lane, at) => [lane.key, at + 1] as const) : []),
    [lanes, state.lanes],
  )
  return useCallback((key: string) => hues.get(key) ?? hues.get(key.split('/')[0] ?? key) ?? 0, [hues])
}

/** In the place of the first result, until it comes. */
const Waiting = ({ head, foot, isAsking }: { head: ReactNode; foot: ReactNode; isAsking: boolean }) => {
  const { state, patch, question } = useExplore()
  return (
    <>
      <section className="explore-rows" aria-label="Timeline">
        {head}
        {question === null && <Unasked />}
        {isAsking && <Skeleton rows={16} height={24} label="Reading the times" />}
        {foot}
      </section>
      {state.row !== null && (
        <Detail id={state.row} row={undefined} onStep={() => undefined} onClose={() => patch({ row: null, at: null }, { replace: true })} />
      )}
    </>
  )
}

/** Every time of every row that the query finds: lanes over time, and the moments one by one below. */
export const TimelineView = () => {
  const exploring = useExplore()
  const { state, question } = exploring
  const { searching, result, density, cancel } = useTimeline(question)
  const hasFault = useReport(searching.state === 'failed' ? searching.problem : null, result !== null)
  const [detailWidth] = useDetailWidth()
  const matchers = useMemo(() => matchersOf(result?.question.q ?? ''), [result])
  const hueOf = useHues(density.data?.lanes)
  const inside = useMemo(() => ({ ...exploring, matchers, hueOf }), [exploring, matchers, hueOf])
  const isAsking = searching.state === 'asking' && question !== null
  const isOld = searching.state === 'failed' || searching.state === 'cancelled'
  const head = <Problems searching={searching} chart={density.error} hasFault={hasFault} />
  const foot = isAsking ? <SearchingFoot startedMs={searching.startedMs} onCancel={cancel} /> : null
  const style = { '--detail-width': `${detailWidth}px` } as CSSProperties
  return (
    <ExploreContext value={inside}>
      <div className={`explore-body ${state.row === null ? '' : 'with-detail'}`} style={style}>
        {result === null ? (
          <Waiting head={head} foot={foot} isAsking={isAsking} />
        ) : (
          <TimelineResult
            result={result}
            density={density.data}
            isOld={isOld}
            isChartOld={density.isPlaceholderData}
            head={head}
            foot={foot}
          />
        )}
      </div>
    </ExploreContext>
  )
}
