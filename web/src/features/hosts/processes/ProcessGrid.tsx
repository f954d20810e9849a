import { useEffect, useId } from 'react'
import { shareYear, zoneName } from '../../../ui/format/times.ts'
import { useZone } from '../../../ui/preferences.ts'
import { useWindow } from '../../../ui/virtual/useWindow.ts'
import { ProcessRow, rowPx } from './ProcessRow.tsx'
import { onTreeKey } from './tree-keys.ts'
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

export const ProcessGrid = (props: ProcessGridProps) => {
  const { rows, isTree, selected, onSelect, onToggle, onMore } = props
  const id = useId()
  const [zone] = useZone()
  const { ref, show, onScroll, first, end, page } = useWindow(rows.length, rowPx, rowPx)
  const at = rows.findIndex((row) => row.process.key === selected)
  const isOneYear = shareYear(
    rows.flatMap((row) => (row.process.started_at === null ? [] : [row.process.started_at])),
    zone,
  )
  useEffect(() => {
    if (at >= 0) show(at)
  }, [at, show])
  return (
    <div
      ref={ref}
      className="process-grid"
      role="treegrid"
      aria-label={isTree ? 'Process tree' : 'Processes'}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at >= first && at < end ? `${id}-${at}` : undefined}
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={(event) => onTreeKey(event, { ...props, at, page })}
    >
      <div role="rowgroup" className="process-heads">
        <Head />
      </div>
      <div role="rowgroup" className="process-rows" style={{ height: rows.length * rowPx }}>
        {rows.slice(first, end).map((row, n) => (
          <ProcessRow
            key={row.process.key}
            id={`${id}-${first + n}`}
            row={row}
            index={first + n}
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
