import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useRef } from 'react'
import type { TimelineLane as Lane } from '../../../../../shared/contract/hunt/timeline.ts'
import { getEvent } from '../../../../../shared/contract/search.ts'
import { withStage } from '../../../../../shared/query/pipeline.ts'
import { queryOf } from '../../../api/queries.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { LaneChart } from '../../../ui/charts/LaneChart.tsx'
import { momentsBefore } from '../../../ui/charts/lanes.ts'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { useHotkeys } from '../../../ui/keys/useHotkeys.ts'
import { Detail } from '../detail/Detail.tsx'
import { useExplore } from '../explore-context.ts'
import type { GridHandle } from '../grid/Grid.tsx'
import { NoRows } from '../result/NoRows.tsx'
import type { Question } from '../result/question.ts'
import { artifactLabel } from '../values/row-values.ts'
import type { MomentsResult } from './moment-rows.ts'
import { MomentList } from './MomentList.tsx'
import { TimelineTools } from './TimelineTools.tsx'
import { useMomentCursor } from './useMomentCursor.ts'
import type { Density } from './useTimeline.ts'

const laneFields: Readonly<Record<string, string>> = { host: 'host_name', category: 'event_category' }

/** Every time of the row that is open, so that one sees where else it stands. */
const useMarks = (): string[] => {
  const { state } = useExplore()
  const detail = useQuery({
    ...queryOf(getEvent, { params: { event_id: state.row ?? '' } }),
    enabled: state.row !== null,
    staleTime: 60_000,
  })
  if (state.row === null || detail.data === undefined) return state.at === null ? [] : [state.at]
  return [...new Set(detail.data.times.map((time) => time.at))]
}

/** Its last part, as everywhere; the whole stands in the tooltip. */
const labelOfArtifact = (lane: Lane) => (lane.is_other || lane.key === '' ? null : artifactLabel(lane.key))

interface ChartProps {
  density: Density
  question: Question
  isOld: boolean
  onPick: (index: number) => void
}

const Chart = ({ density, question, isOld, onPick }: ChartProps) => {
  const { state, patch, openMenu } = useExplore()
  const marks = useMarks()
  const isNarrowed = state.from !== null || state.to !== null
  const field = laneFields[state.lanes] ?? state.lanes
  return (
    <LaneChart
      label="Moments over time"
      data={density}
      isOld={isOld}
      marks={marks}
      labelOf={state.lanes === 'artifact' ? labelOfArtifact : undefined}
      range={{ from: state.from, to: state.to }}
      onRange={(from, to) => patch({ from, to })}
      onAll={isNarrowed ? () => patch({ from: null, to: null }) : undefined}
      onPick={isOld ? undefined : (_, bucket) => onPick(momentsBefore(density.lanes, bucket))}
      onLane={state.lanes === 'kind' ? undefined : (lane, anchor) => openMenu(anchor, { field, value: lane.key === '' ? null : lane.key })}
      head={<TimelineTools question={question} />}
    />
  )
}

const ChartOrWait = ({
  result,
  density,
  isOld,
  onPick,
}: Pick<ChartProps, 'isOld' | 'onPick'> & Pick<TimelineResultProps, 'result' | 'density'>) => {
  if (density === undefined) return result.total > 0 ? <Skeleton rows={6} height={24} label="Counting moments" /> : null
  if (density.from === null) return null
  // What was counted at another time says nothing of where a moment stands in this list.
  return <Chart density={density} question={result.question} isOld={isOld || density.total !== result.total} onPick={onPick} />
}

/** Rows were found, and none of them has the time that is asked for. */
const NoMoments = ({ result }: { result: MomentsResult }) => {
  const { state, patch } = useExplore()
  const field = result.question.stages.find((stage) => stage.kind === 'timeline')?.field?.name
  const isNarrowed = state.from !== null || state.to !== null
  if (result.without_time === 0) return <NoRows result={result} />
  return (
    <EmptyState
      title={
        isNarrowed
          ? 'No moment in this time range'
          : field === undefined
            ? 'None of these rows has a time'
            : `None of these rows has ${field}`
      }
      actions={
        <>
          {isNarrowed && <Button onClick={() => patch({ from: null, to: null })}>Any time</Button>}
          {field !== undefined && <Button onClick={() => patch({ q: withStage(state.q, null, 'timeline') })}>Every time of a row</Button>}
          <Button onClick={() => patch({ view: 'rows' })}>Show as rows</Button>
        </>
      }
    >
      <p>{countOf(result.without_time, 'row')} of the query without such a time.</p>
    </EmptyState>
  )
}

export interface TimelineResultProps {
  result: MomentsResult
  /** Undefined until it is counted for the first time. */
  density: Density | undefined
  /** The list, and the chart, are of an older question. */
  isOld: boolean
  isChartOld: boolean
  head: ReactNode
  /** Stands in the place of the foot while the next result is on its way. */
  foot: ReactNode
}

/** The current moment, and the ways to it from the chart, the list and the open row. */
const useMoment = (result: MomentsResult) => {
  const { state, patch } = useExplore()
  const grid = useRef<GridHandle>(null)
  const cursor = useMomentCursor(result)
  const goTo = (index: number) => {
    if (result.total === 0) return
    const next = Math.max(0, Math.min(result.total - 1, index))
    cursor.move({ index: next, col: cursor.now.current?.col ?? 1 })
    grid.current?.show(next)
  }
  const step = (by: 1 | -1) => goTo((cursor.cursor?.index ?? (by === 1 ? -1 : 1)) + by)
  const close = () => patch({ row: null, at: null }, { replace: true })
  useHotkeys('Panels', [
    { keys: ']', does: 'The row', run: () => (state.row === null ? cursor.peek(cursor.cursor?.index ?? 0) : close()) },
    ...(state.row === null ? [] : [{ keys: 'Escape', run: close }]),
  ])
  return { grid, cursor, goTo, step, close }
}

/** Lanes over time, the moments below them, and the row of one of them. */
export const TimelineResult = ({ result, density, isOld, isChartOld, head, foot }: TimelineResultProps) => {
  const { state } = useExplore()
  const isPhone = useMediaQuery('(max-width: 719px)', undefined, { getInitialValueInEffect: false }) === true
  const { grid, cursor, goTo, step, close } = useMoment(result)
  const isOneYear = density?.from?.slice(0, 4) === density?.to?.slice(0, 4)
  return (
    <>
      <section className="explore-rows" aria-label="Timeline">
        {head}
        <ChartOrWait result={result} density={density} isOld={isChartOld} onPick={goTo} />
        {result.total === 0 ? (
          <>
            <NoMoments result={result} />
            {foot}
          </>
        ) : (
          <MomentList result={result} cursor={cursor} grid={grid} isOneYear={isOneYear} isPhone={isPhone} isOld={isOld} foot={foot} />
        )}
      </section>
      {state.row !== null && (
        <Detail
          id={state.row}
          row={cursor.cursor === null ? undefined : result.store.rowAt(cursor.cursor.index)}
          onStep={step}
          onClose={close}
        />
      )}
    </>
  )
}
