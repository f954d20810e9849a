import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type PointerEvent, useId, useRef } from 'react'
import { type EventRow, getEvent } from '../../../../../shared/contract/search.ts'
import { ApiProblem, messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { Tabs } from '../../../ui/actions/Tabs.tsx'
import { Button } from '../../../ui/actions/Button.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { usePreference } from '../../../ui/preferences.ts'
import { useExplore } from '../explore-context.ts'
import { DetailHead } from './DetailHead.tsx'
import { FieldsTab } from './FieldsTab.tsx'
import { ProvenanceTab } from './ProvenanceTab.tsx'
import { RawTab } from './RawTab.tsx'
import './detail.css'

const limits = { least: 320, most: 720, usual: 392 }
const clamp = (widthPx: number) => Math.max(limits.least, Math.min(limits.most, Math.round(widthPx)))

export const useDetailWidth = () => usePreference<number>('explore.detail-width', limits.usual)

const Edge = () => {
  const [width, setWidth] = useDetailWidth()
  const start = useRef<{ x: number; width: number } | null>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: 16, ArrowRight: -16 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    setWidth(clamp(width + by))
  }
  return (
    <div
      className="detail-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the row panel"
      aria-valuemin={limits.least}
      aria-valuemax={limits.most}
      aria-valuenow={width}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event: PointerEvent<HTMLDivElement>) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { x: event.clientX, width }
      }}
      onPointerMove={(event) => {
        if (start.current !== null) setWidth(clamp(start.current.width + start.current.x - event.clientX))
      }}
      onPointerUp={() => {
        start.current = null
      }}
    />
  )
}

export interface DetailProps {
  id: string
  /** The same row from the grid: its fields are there at once. */
  row: EventRow | undefined
  onStep: (by: 1 | -1) => void
  onClose: () => void
}

/** One row whole, beside the grid. */
export const Detail = ({ id, row, onStep, onClose }: DetailProps) => {
  const { state, patch } = useExplore()
  const panelId = useId()
  const detail = useQuery({ ...queryOf(getEvent, { params: { event_id: id } }), staleTime: 60_000 })
  const shown = detail.data ?? (row?.id === id ? row : undefined)
  const isGone = detail.error instanceof ApiProblem && detail.error.code === 'not_found'
  return (
    <aside className="detail" aria-label="Row">
      <Edge />
      {shown === undefined && detail.isError && (
        <EmptyState
          title={isGone ? 'This row is not here' : 'The row could not be read'}
          actions={
            <>
              {!isGone && <Button onClick={() => void detail.refetch()}>Try again</Button>}
              <Button onClick={onClose}>Close</Button>
            </>
          }
        >
          {isGone ? 'Its import was deleted, or the link belongs to another tenant.' : messageOf(detail.error)}
        </EmptyState>
      )}
      {shown === undefined && !detail.isError && <Skeleton rows={12} label="Loading the row" />}
      {shown !== undefined && (
        <>
          <DetailHead row={shown} onStep={onStep} onClose={onClose} />
          <Tabs
            label="Row"
            value={state.panel}
            panelId={panelId}
            tabs={[
              { value: 'fields', label: 'Fields', count: Object.keys(shown.ecs).length + Object.keys(shown.fields).length },
              { value: 'raw', label: 'Raw' },
              { value: 'provenance', label: 'Provenance' },
            ]}
            onChange={(panel) => patch({ panel }, { replace: true })}
          />
          <div className="detail-scroll" id={panelId} role="tabpanel" aria-label={state.panel} tabIndex={0}>
            {state.panel === 'fields' && <FieldsTab row={shown} />}
            {state.panel !== 'fields' && detail.data === undefined && <Skeleton rows={8} label="Loading the row" />}
            {state.panel === 'raw' && detail.data !== undefined && <RawTab raw={detail.data.raw} />}
            {state.panel === 'provenance' && detail.data !== undefined && <ProvenanceTab detail={detail.data} />}
          </div>
        </>
      )}
    </aside>
  )
}
