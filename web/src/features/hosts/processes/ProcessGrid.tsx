import { type KeyboardEvent, useEffect, useId } from 'react'
import { shareYear, zoneName } from '../../../ui/format/times.ts'
import { useZone } from '../../../ui/preferences.ts'
import { useWindow } from '../../../ui/virtual/useWindow.ts'
import { ProcessRow, rowPx } from './ProcessRow.tsx'
import type { TreeRow } from './tree-rows.ts'
import './processes.css'

export interface ProcessGridProps {
  rows: readonly TreeRow[]
  isTree: boolean
  selected: string | null
  onSelect: (key: string | null) => void
  onToggle: (key: string) => void
  onMore: (group: string) => void
}

const parentAt = (rows: readonly TreeRow[], at: number): number => {
  const level = rows[at]?.level ?? 1
  let up = at - 1
  while (up >= 0 && (rows[up]?.level ?? 1) >= level) up -= 1
  return up
}

/** Where a key leads, or what it does to the row where one is. */
const stepOf = (key: string, rows: readonly TreeRow[], at: number, page: number): number | 'toggle' | 'more' | null => {
  const row = rows[at]
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    j: at + 1,
    k: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: rows.length - 1,
  }
  const to = moves[key]
  if (to !== undefined) return Math.max(0, Math.min(rows.length - 1, to))
  if (row === undefined) return null
  if (key === 'ArrowRight' || key === 'l') return !row.hasChildren ? (row.more > 0 ? 'more' : null) : row.isOpen ? at + 1 : 'toggle'
  if (key === 'ArrowLeft' || key === 'h') return row.isOpen ? 'toggle' : Math.max(parentAt(rows, at), 0)
  if (key === '+' && row.more > 0) return 'more'
  return null
}

const Head = () => {
  const [zone] = useZone()
  return (
    <div role="row" className="process-head" aria-rowindex={1}>
      <span role="columnheader">Process</span>
      <span role="columnheader" className="num">
        PID
      </span>
      <span role="columnheader">Started, {zoneName(zone)}</span>
      <span role="columnheader">User</span>
      <span role="columnheader">Arguments</span>
      <span role="columnheader" className="num">
        Hosts
      </span>
    </div>
  )
}

export const ProcessGrid = ({ rows, isTree, selected, onSelect, onToggle, onMore }: ProcessGridProps) => {
  const id = useId()
  const [zone] = useZone()
  const sight = useWindow(rows.length, rowPx, rowPx)
  const at = rows.findIndex((row) => row.process.key === selected)
  const isOneYear = shareYear(
    rows.flatMap((row) => (row.process.started_at === null ? [] : [row.process.started_at])),
    zone,
  )
  const { show } = sight
  useEffect(() => {
    if (at >= 0) show(at)
  }, [at, show])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return
    const row = rows[at]
    if (event.key === 'Escape' && row !== undefined) onSelect(null)
    else {
      const step = stepOf(event.key, rows, at, sight.page)
      if (step === null) return
      if (step === 'toggle' && row !== undefined) onToggle(row.process.key)
      else if (step === 'more' && row !== undefined) onMore(row.group)
      else if (typeof step === 'number') onSelect(rows[step]?.process.key ?? null)
    }
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      ref={sight.ref}
      className="process-grid"
      role="treegrid"
      aria-label={isTree ? 'Process tree' : 'Processes'}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at >= sight.first && at < sight.end ? `${id}-${at}` : undefined}
      tabIndex={0}
      onScroll={sight.onScroll}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className="process-heads">
        <Head />
      </div>
      <div role="rowgroup" className="process-rows" style={{ height: rows.length * rowPx }}>
        {rows.slice(sight.first, sight.end).map((row, n) => (
          <ProcessRow
            key={row.process.key}
            id={`${id}-${sight.first + n}`}
            row={row}
            index={sight.first + n}
            isTree={isTree}
            isSelected={row.process.key === selected}
            isOneYear={isOneYear}
            onSelect={() => onSelect(row.process.key)}
            onToggle={() => onToggle(row.process.key)}
            onMore={() => onMore(row.group)}
          />
        ))}
      </div>
    </div>
  )
}
