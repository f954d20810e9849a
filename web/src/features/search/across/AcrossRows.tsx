import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import { Time } from '../../../ui/data/Time.tsx'
import { WindowedList } from '../../../ui/data/WindowedList.tsx'
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

const Line = ({ row, matchers }: { row: TenantRow; matchers: ReturnType<typeof matchersOf> }) => {
  const { event } = row
  const { name, args, folder } = summaryOf(event)
  return (
    <div className="across-line across-row">
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
    </div>
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

/** The rows of all tenants by time, each with the name of its tenant. */
export const AcrossRows = ({ q, rows, total, isLoading, hasMore, onMore, onOpen }: AcrossRowsProps) => {
  const [at, setAt] = useState(0)
  const isPhone = useMediaQuery('(max-width: 719px)', undefined, { getInitialValueInEffect: false }) === true
  const matchers = matchersOf(q)
  const openAt = (index: number) => {
    const row = rows[index]
    if (row !== undefined) onOpen(row)
  }
  return (
    <section className="across-rows" aria-label="Result">
      <Head />
      <WindowedList
        className="across-frame"
        label="Rows by time; Enter opens one in its tenant"
        count={rows.length}
        total={total}
        rowHeightPx={isPhone ? heightsPx.phone : heightsPx.wide}
        at={at}
        onMove={setAt}
        onOpen={openAt}
        onMore={hasMore && !isLoading ? onMore : undefined}
        keyOf={(index) => `${rows[index]?.tenant_id ?? ''}${rows[index]?.event.id ?? ''}`}
      >
        {(index) => rows[index] !== undefined && <Line row={rows[index]} matchers={matchers} />}
      </WindowedList>
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
