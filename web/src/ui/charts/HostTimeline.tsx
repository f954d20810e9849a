// The times of one host in five lanes (processes, files, persistence, network, logons). How to use it: `<HostTimeline hostId from to
// onRange={(from, to) => ...} onOpen={(from, to) => ...} />`; `from` and `to` belong to the page, null for all there is.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { timelineDensity } from '../../../../shared/contract/hunt/timeline.ts'
import { messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { Button } from '../actions/Button.tsx'
import { EmptyState } from '../feedback/EmptyState.tsx'
import { Note } from '../feedback/Note.tsx'
import { Skeleton } from '../feedback/Skeleton.tsx'
import { countOf } from '../format/numbers.ts'
import { LaneChart } from './LaneChart.tsx'

export interface HostTimelineProps {
  hostId: string
  /** RFC 3339; null is open. */
  from: string | null
  to: string | null
  onRange: (range: { from: string | null; to: string | null }) => void
  /** Opens the whole timeline of the host in that range. */
  onOpen?: (range: { from: string | null; to: string | null }) => void
  marks?: readonly string[]
}

export const HostTimeline = ({ hostId, from, to, onRange, onOpen, marks = [] }: HostTimelineProps) => {
  const range = { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) }
  const asked = { query: '', host_ids: [hostId], lanes: 'kind', buckets: 160, ...range }
  const found = useQuery({ ...queryOf(timelineDensity, { body: asked }), placeholderData: keepPreviousData, retry: false })
  const { data } = found
  const isNarrowed = from !== null || to !== null
  if (found.isError)
    return (
      <Note tone="bad" live action={<Button onClick={() => void found.refetch()}>Try again</Button>}>
        {messageOf(found.error)}
      </Note>
    )
  if (data === undefined) return <Skeleton rows={6} height={20} label="Loading the timeline" />
  if (data.from === null)
    return (
      <EmptyState
        title={isNarrowed ? 'Nothing of this host is in this range' : 'No row of this host has a time'}
        actions={isNarrowed && <Button onClick={() => onRange({ from: null, to: null })}>Any time</Button>}
      />
    )
  return (
    <LaneChart
      label="Times of the host"
      data={data}
      isOld={found.isPlaceholderData}
      marks={marks}
      hueOf={(lane, at) => (lane.is_other ? 0 : at + 1)}
      labelOf={(lane) => (lane.is_other ? 'Other' : lane.key)}
      range={{ from, to }}
      onRange={(start, end) => onRange({ from: start, to: end })}
      onAll={isNarrowed ? () => onRange({ from: null, to: null }) : undefined}
      head={
        <>
          <strong>{countOf(data.total, 'time')}</strong>
          {onOpen !== undefined && (
            <Button size="sm" variant="ghost" iconAfter="forward" onClick={() => onOpen({ from, to })}>
              Open timeline
            </Button>
          )}
        </>
      }
    />
  )
}
