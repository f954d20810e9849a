import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type PointerEvent, useId, useRef } from 'react'
import { type EventDetail, type EventRow, getEvent } from '../../../../../shared/contract/search.ts'
import { ApiProblem, messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { Tabs } from '../../../ui/actions/Tabs.tsx'
import { Button } from '../../../ui/actions/Button.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { usePreference } from '../../../ui/preferences.ts'
import { useRowNotes } from '../../../api/notes/row-notes.ts'
import { useExplore } from '../explore-context.ts'
import { NotesTab } from '../notes/NotesTab.tsx'
import type { DetailTab } from '../state/explore-state.ts'
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

const NotShown = ({ id, error, onRetry, onClose }: { id: string; error: Error; onRetry: () => void; onClose: () => void }) => {
  const isGone = error instanceof ApiProblem && error.code === 'not_found'
  return (
    <EmptyState
      title={isGone ? 'This row is not here' : 'The row could not be read'}
      actions={
        <>
          {!isGone && <Button onClick={onRetry}>Try again</Button>}
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      {isGone ? 'Its import was deleted, or the link belongs to another tenant.' : messageOf(error)}
      {isGone && <NotesTab id={id} isQuiet />}
    </EmptyState>
  )
}

const Tab = ({ tab, row, detail }: { tab: DetailTab; row: EventRow; detail: EventDetail | undefined }) => {
  if (tab === 'fields') return <FieldsTab row={row} />
  if (tab === 'notes') return <NotesTab id={row.id} />
  if (detail === undefined) return <Skeleton rows={8} label="Loading the row" />
  return tab === 'raw' ? <RawTab raw={detail.raw} /> : <ProvenanceTab detail={detail} />
}

const Shown = ({ row, detail, onStep, onClose }: Omit<DetailProps, 'id' | 'row'> & { row: EventRow; detail: EventDetail | undefined }) => {
  const { state, patch } = useExplore()
  const panelId = useId()
  const written = useRowNotes(row.id)
  return (
    <>
      <DetailHead row={row} onStep={onStep} onClose={onClose} />
      <Tabs
        label="Row"
        value={state.panel}
        panelId={panelId}
        tabs={[
          { value: 'fields', label: 'Fields', count: Object.keys(row.ecs).length + Object.keys(row.fields).length },
          { value: 'notes', label: 'Notes', count: written === undefined ? undefined : written.tags.length + written.comments },
          { value: 'raw', label: 'Raw' },
          { value: 'provenance', label: 'Provenance' },
        ]}
        onChange={(panel) => patch({ panel }, { replace: true })}
      />
      <div className="detail-scroll" id={panelId} role="tabpanel" aria-label={state.panel} tabIndex={0}>
        <Tab tab={state.panel} row={row} detail={detail} />
      </div>
    </>
  )
}

/** One row whole, beside the grid. */
export const Detail = ({ id, row, onStep, onClose }: DetailProps) => {
  const detail = useQuery({ ...queryOf(getEvent, { params: { event_id: id } }), staleTime: 60_000 })
  const shown = detail.data ?? (row?.id === id ? row : undefined)
  return (
    <aside className="detail" aria-label="Row">
      <Edge />
      {shown !== undefined && <Shown row={shown} detail={detail.data} onStep={onStep} onClose={onClose} />}
      {shown === undefined && detail.isError && (
        <NotShown id={id} error={detail.error} onRetry={() => void detail.refetch()} onClose={onClose} />
      )}
      {shown === undefined && !detail.isError && <Skeleton rows={12} label="Loading the row" />}
    </aside>
  )
}
