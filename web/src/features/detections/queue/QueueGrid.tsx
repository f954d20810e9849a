import { useMediaQuery } from '@mantine/hooks'
import { type KeyboardEvent, useEffect, useEffectEvent, useId } from 'react'
import { Link } from '@tanstack/react-router'
import type { Detection } from '../../../../../shared/contract/detect/detections.ts'
import { Mono } from '../../../ui/data/Mono.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { shareYear, zoneName } from '../../../ui/format/times.ts'
import { useZone } from '../../../ui/preferences.ts'
import { useWindow } from '../../../ui/virtual/useWindow.ts'
import { PersonMark, StatusMark, TechniqueChips } from '../marks/Marks.tsx'
import { SeverityMark } from '../../../ui/marks/SeverityMark.tsx'
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

/** The row that the keys are on is brought into sight when they move. */
const useKeptInSight = (lines: readonly Line[], currentId: string | null, show: (index: number) => void) => {
  const bring = useEffectEvent((id: string | null) => {
    const at = lines.findIndex((line) => line.kind === 'detection' && line.key === id)
    if (at !== -1) show(at)
  })
  useEffect(() => bring(currentId), [currentId])
}

interface RowProps extends Pick<QueueGridProps, 'marks' | 'order' | 'isByHost' | 'onMove' | 'onOpen'> {
  id: string
  one: Detection
  isCurrent: boolean
  isOneYear: boolean
  style: { transform: string; height: number }
}

const Row = ({ id, one, isCurrent, isOneYear, style, marks, order, isByHost, onMove, onOpen }: RowProps) => {
  const isMarked = marks.marked.has(one.id)
  return (
    <div
      id={id}
      role="row"
      aria-selected={isMarked}
      aria-current={isCurrent ? 'true' : undefined}
      data-id={one.id}
      className={`queue-row queue-one ${isCurrent ? 'is-current' : ''} ${isMarked ? 'is-marked' : ''}`}
      style={style}
      onClick={(event) => {
        onMove(one.id)
        if (event.shiftKey) marks.reach(one.id, order)
        else onOpen(one.id)
      }}
    >
      <Cells
        one={one}
        isMarked={isMarked}
        isOneYear={isOneYear}
        isByHost={isByHost}
        onMark={(isReach) => (isReach ? marks.reach(one.id, order) : marks.toggle(one.id))}
      />
    </div>
  )
}

const Heads = () => {
  const [zone] = useZone()
  return (
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
  )
}

const useOneYear = (lines: readonly Line[]): boolean => {
  const [zone] = useZone()
  return shareYear(
    lines.flatMap((line) => (line.kind === 'detection' && line.detection.last_at !== null ? [line.detection.last_at] : [])),
    zone,
  )
}

/** The queue: only what is in sight is drawn; arrows and letters move in it. */
export const QueueGrid = (props: QueueGridProps) => {
  const { lines, total, tenantId, currentId, onMore, onKey, ...rowProps } = props
  const isPhone = useMediaQuery('(max-width: 719px)', undefined, { getInitialValueInEffect: false }) === true
  const id = useId()
  const rowPx = isPhone ? 60 : 28
  const { ref, onScroll, show, first, end } = useWindow(lines.length, rowPx, isPhone ? 0 : 26)
  const isNear = end + 40 >= lines.length
  useEffect(() => {
    if (isNear) onMore()
  }, [isNear, onMore])
  useKeptInSight(lines, currentId, show)
  const isOneYear = useOneYear(lines)
  const shown = lines.slice(first, end)
  const isCurrentShown = shown.some((line) => line.kind === 'detection' && line.key === currentId)
  return (
    <div
      ref={ref}
      role="grid"
      aria-label="Detections"
      aria-rowcount={total}
      aria-multiselectable="true"
      aria-activedescendant={isCurrentShown && currentId !== null ? `${id}-${currentId}` : undefined}
      tabIndex={0}
      className="queue-grid"
      onScroll={onScroll}
      onKeyDown={onKey}
    >
      <Heads />
      <div role="rowgroup" className="queue-rows" style={{ height: lines.length * rowPx }}>
        {shown.map((line, at) => {
          const style = { transform: `translateY(${(first + at) * rowPx}px)`, height: rowPx }
          return line.kind === 'host' ? (
            <div key={line.key} role="row" className="queue-row queue-host-row" style={style}>
              <HostRow line={line} tenantId={tenantId} isOneYear={isOneYear} />
            </div>
          ) : (
            <Row
              key={line.key}
              {...rowProps}
              id={`${id}-${line.key}`}
              one={line.detection}
              isCurrent={line.key === currentId}
              isOneYear={isOneYear}
              style={style}
            />
          )
        })}
      </div>
    </div>
  )
}
