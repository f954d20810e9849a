import { useMediaQuery } from '@mantine/hooks'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Time } from '../../../ui/data/Time.tsx'
import { useWindow } from '../../../ui/data/useWindow.ts'
import { evidenceText } from '../../../ui/format/evidence.ts'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { zoneName } from '../../../ui/format/times.ts'
import { useZone } from '../../../ui/preferences.ts'
import { matchersOf } from '../values/matchers.ts'
import { Marked } from '../values/Marked.tsx'
import { summaryOf } from '../values/row-summary.ts'
import type { TenantRow } from './merge.ts'

interface AcrossRowsProps {
  q: string
  rows: readonly TenantRow[]
  total: number
  isLoading: boolean
  hasMore: boolean
  onMore: () => void
  onOpen: (row: TenantRow) => void
}

const heightsPx = { wide: 24, phone: 60 } as const
const aheadRows = 40

const Line = ({ row, matchers }: { row: TenantRow; matchers: ReturnType<typeof matchersOf> }) => {
  const { event } = row
  const { name, args, folder } = summaryOf(event)
  return (
    <>
      <span className="across-time">
        {event.timestamp === null ? <span className="muted">no time</span> : <Time at={event.timestamp} />}
      </span>
      <span className="across-name cut">{row.tenant_name}</span>
      <span className="mono cut across-host">
        <bdi>{evidenceText(event.host_name)}</bdi>
      </span>
      <span className="mono cut across-artifact">
        <bdi>{evidenceText(event.artifact)}</bdi>
      </span>
      <span className="mono cut across-what">
        {[name?.value ?? '', args?.value ?? '', folder].map((part, at) =>
          part === '' ? null : (
            <span key={`${at}${part}`} className={at === 0 ? '' : 'soft'}>
              {at > 0 && '  '}
              <Marked value={part} field="" matchers={matchers} most={200} />
            </span>
          ),
        )}
      </span>
    </>
  )
}

const Head = () => {
  const [zone] = useZone()
  return (
    <div className="across-line across-head" aria-hidden="true">
      <span>Time, {zoneName(zone)}</span>
      <span>Tenant</span>
      <span>Host</span>
      <span className="across-artifact">Artifact</span>
      <span>Name and path</span>
    </div>
  )
}

const stepOf = (key: string, at: number, count: number): number | undefined =>
  ({ ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, PageDown: at + 20, PageUp: at - 20, Home: 0, End: count - 1 })[key]

/** The rows of all tenants by time, each with the name of its tenant. */
export const AcrossRows = ({ q, rows, total, isLoading, hasMore, onMore, onOpen }: AcrossRowsProps) => {
  const frame = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(0)
  const isPhone = useMediaQuery('(max-width: 719px)', undefined, { getInitialValueInEffect: false }) === true
  const rowHeightPx = isPhone ? heightsPx.phone : heightsPx.wide
  const { first, end, onScroll } = useWindow(frame, rows.length, rowHeightPx)
  const needsMore = hasMore && !isLoading && end + aheadRows >= rows.length
  useEffect(() => {
    if (needsMore) onMore()
  }, [needsMore, onMore])
  const matchers = matchersOf(q)
  const move = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to))
    setAt(next)
    const box = frame.current
    if (box === null) return
    if (next * rowHeightPx < box.scrollTop) box.scrollTop = next * rowHeightPx
    else if ((next + 1) * rowHeightPx > box.scrollTop + box.clientHeight) box.scrollTop = (next + 1) * rowHeightPx - box.clientHeight
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const to = stepOf(event.key, at, rows.length)
    const row = rows[at]
    if (to !== undefined) move(to)
    else if (event.key === 'Enter' && row !== undefined) onOpen(row)
    else return
    event.preventDefault()
  }
  return (
    <section className="across-rows" aria-label="Result">
      <Head />
      <div
        ref={frame}
        className="across-frame"
        role="listbox"
        aria-label="Rows by time; Enter opens one in its tenant"
        tabIndex={0}
        aria-activedescendant={at >= first && at < end ? `across-${at}` : undefined}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <div className="across-all" style={{ height: rows.length * rowHeightPx }}>
          {rows.slice(first, end).map((row, i) => (
            <div
              key={`${row.tenant_id}${row.event.id}`}
              id={`across-${first + i}`}
              role="option"
              aria-selected={first + i === at}
              aria-posinset={first + i + 1}
              aria-setsize={total}
              className="across-line across-row"
              style={{ top: (first + i) * rowHeightPx }}
              onClick={() => onOpen(row)}
            >
              <Line row={row} matchers={matchers} />
            </div>
          ))}
        </div>
      </div>
      <div className="across-foot">
        <span>
          {formatNumber(rows.length)} of {formatNumber(total)} loaded{isLoading ? ', loading more' : ''}
        </span>
        <span className="grow" />
        <span className="not-phone muted">
          <kbd>j</kbd> <kbd>k</kbd> move <kbd>Enter</kbd> open in its tenant
        </span>
      </div>
    </section>
  )
}
