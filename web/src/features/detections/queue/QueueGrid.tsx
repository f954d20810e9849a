import { useMediaQuery } from '@mantine/hooks'
import { type KeyboardEvent, type RefObject, useEffect, useEffectEvent, useId } from 'react'
import { Link } from '@tanstack/react-router'
import type { Detection } from '../../../../../shared/contract/detect/detections.ts'
import { Mono } from '../../../ui/data/Mono.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { shareYear, zoneName } from '../../../ui/format/times.ts'
import { useZone } from '../../../ui/preferences.ts'
import { useWindow } from '../../../ui/virtual/useWindow.ts'
import { PersonMark, SeverityMark, StatusMark, TechniqueChips } from '../marks/Marks.tsx'
import type { HostLine, Line } from './lines.ts'
import type { Marks } from './useMarks.ts'

export interface QueueGridProps {
  lines: readonly Line[]
  total: number
  tenantId: string
  currentId: string | null
  marks: Marks
  order: readonly string[]
  isByHost: boolean
  onMove: (id: string) => void
  onOpen: (id: string) => void
  onMore: () => void
  onKey: (event: KeyboardEvent) => void
  gridRef: RefObject<HTMLDivElement | null>
}

const HostRow = ({ line, tenantId, isOneYear }: { line: HostLine; tenantId: string; isOneYear: boolean }) => (
  <span role="gridcell" className="queue-host">
    {line.host_id === null ? (
      <b className="mono">
        <Mono value={line.host_name === '' ? 'Several hosts' : line.host_name} />
      </b>
    ) : (
      <Link to="/t/$tenantId/hosts/$hostId" params={{ tenantId, hostId: line.host_id }} tabIndex={-1}>
        <b>
          <Mono value={line.host_name} />
        </b>
      </Link>
    )}
    <span className="soft cut not-phone">
      {line.first_at === null ? (
        'no time'
      ) : (
        <>
          <Time at={line.first_at} to="minute" isOneYear={isOneYear} /> to <Time at={line.last_at} to="minute" isOneYear={isOneYear} />
        </>
      )}
    </span>
    <span className="grow" />
    <span className="muted">
      {countOf(line.detections, 'detection')}, {countOf(line.rows, 'row')}
    </span>
    <SeverityMark severity={line.worst} bare />
  </span>
)

interface CellsProps {
  one: Detection
  isMarked: boolean
  isOneYear: boolean
  isByHost: boolean
  onMark: (isReach: boolean) => void
}

const Cells = ({ one, isMarked, isOneYear, isByHost, onMark }: CellsProps) => (
  <>
    <span role="gridcell" className="q-tick">
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={`Select ${one.title} on ${one.host_name}`}
        checked={isMarked}
        readOnly
        onClick={(event) => {
          event.stopPropagation()
          onMark(event.shiftKey)
        }}
      />
    </span>
    <span role="gridcell" className="q-severity">
      <SeverityMark severity={one.severity} />
    </span>
    <span role="gridcell" className="q-title">
      <span className="cut" title={one.title}>
        {one.title}
      </span>
      {!isByHost && (
        <span className="mono muted cut q-host">
          <Mono value={one.host_name} />
        </span>
      )}
      {one.new_rows > 0 && <span className="q-news">+{formatNumber(one.new_rows)} since closed</span>}
    </span>
    <span role="gridcell" className="q-attack">
      <TechniqueChips ids={one.techniques} tactics={one.tactics} />
    </span>
    <span role="gridcell" className="q-rows num soft">
      {formatNumber(one.rows)}
    </span>
    <span role="gridcell" className="q-last muted">
      {one.last_at === null ? 'no time' : <Time at={one.last_at} to="second" isOneYear={isOneYear} />}
    </span>
    <span role="gridcell" className="q-status">
      <StatusMark status={one.status} />
    </span>
    <span role="gridcell" className="q-who">
      <PersonMark person={one.assignee} />
    </span>
  </>
)

const heads = ['Severity', 'Detection', 'ATT&CK', 'Rows', 'Last', 'Status', 'Who'] as const

const useKeptInSight = (lines: readonly Line[], currentId: string | null, show: (index: number) => void) => {
  const bring = useEffectEvent(() => {
    const at = lines.findIndex((line) => line.kind === 'detection' && line.key === currentId)
    if (at !== -1) show(at)
  })
  useEffect(() => bring(), [currentId])
}

/** The queue: only what is in sight is drawn; arrows and letters move in it. */
export const QueueGrid = (props: QueueGridProps) => {
  const { lines, total, tenantId, currentId, marks, order, isByHost, onMove, onOpen, onMore, onKey, gridRef } = props
  const isPhone = useMediaQuery('(max-width: 719px)', undefined, { getInitialValueInEffect: false }) === true
  const [zone] = useZone()
  const id = useId()
  const rowPx = isPhone ? 60 : 28
  const window = useWindow(lines.length, rowPx, isPhone ? 0 : 26)
  const isNear = window.end + 40 >= lines.length
  useEffect(() => {
    if (isNear) onMore()
  }, [isNear, onMore])
  useKeptInSight(lines, currentId, window.show)
  const isOneYear = shareYear(
    lines.flatMap((line) => (line.kind === 'detection' && line.detection.last_at !== null ? [line.detection.last_at] : [])),
    zone,
  )
  const shown = lines.slice(window.first, window.end)
  const isCurrentShown = shown.some((line) => line.kind === 'detection' && line.key === currentId)
  return (
    <div
      ref={(element) => {
        window.ref.current = element
        gridRef.current = element
      }}
      role="grid"
      aria-label="Detections"
      aria-rowcount={total}
      aria-multiselectable="true"
      aria-activedescendant={isCurrentShown && currentId !== null ? `${id}-${currentId}` : undefined}
      tabIndex={0}
      className="queue-grid"
      onScroll={window.onScroll}
      onKeyDown={onKey}
    >
      <div role="rowgroup">
        <div role="row" className="queue-row queue-heads not-phone">
          <span role="columnheader">
            <span className="visually-hidden">Select</span>
          </span>
          {heads.map((head) => (
            <span
              key={head}
              role="columnheader"
              className={`q-${head === 'ATT&CK' ? 'attack' : head.toLowerCase()} ${head === 'Rows' ? 'num' : ''}`}
            >
              {head === 'Last' ? `Last, ${zoneName(zone)}` : head}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="queue-rows" style={{ height: lines.length * rowPx }}>
        {shown.map((line, at) => {
          const style = { transform: `translateY(${(window.first + at) * rowPx}px)`, height: rowPx }
          if (line.kind === 'host')
            return (
              <div key={line.key} role="row" className="queue-row queue-host-row" style={style}>
                <HostRow line={line} tenantId={tenantId} isOneYear={isOneYear} />
              </div>
            )
          const one = line.detection
          const isCurrent = one.id === currentId
          return (
            <div
              key={line.key}
              id={`${id}-${one.id}`}
              role="row"
              aria-selected={marks.marked.has(one.id)}
              aria-current={isCurrent ? 'true' : undefined}
              data-id={one.id}
              className={`queue-row queue-one ${isCurrent ? 'is-current' : ''} ${marks.marked.has(one.id) ? 'is-marked' : ''}`}
              style={style}
              onClick={(event) => {
                onMove(one.id)
                if (event.shiftKey) marks.reach(one.id, order)
                else onOpen(one.id)
              }}
            >
              <Cells
                one={one}
                isMarked={marks.marked.has(one.id)}
                isOneYear={isOneYear}
                isByHost={isByHost}
                onMark={(isReach) => (isReach ? marks.reach(one.id, order) : marks.toggle(one.id))}
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}
