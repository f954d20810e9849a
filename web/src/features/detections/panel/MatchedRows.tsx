import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type DetectionDetail, detectionRows } from '../../../../../shared/contract/detect/detections.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { messageOf } from '../../../api/problem.ts'
import { listOf } from '../../../api/queries.ts'
import { Button, buttonClass } from '../../../ui/actions/Button.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { evidenceText } from '../../../ui/format/evidence.ts'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { aroundSearch, rowSearch, spanOf } from './explore-links.ts'

type MatchedRow = Reply<typeof detectionRows>[number]
const step = 20

const telling = ['process_command_line', 'process_executable', 'file_path', 'registry_path', 'service_name', 'url_full', 'message'] as const

/** What the row is about, in one line. */
const about = (row: MatchedRow): string => {
  for (const field of telling) {
    const value = row.ecs[field]
    if (value !== undefined && value !== '') return String(value)
  }
  const first = Object.values(row.fields).find((values) => values[0] !== undefined && values[0] !== '' && values[0] !== row.host_name)
  return first?.[0] ?? row.id
}

interface OneRowProps {
  row: MatchedRow
  tenantId: string
  isExplained: boolean
  onExplain: () => void
  onSplit: (() => void) | undefined
}

const OneRow = ({ row, tenantId, isExplained, onExplain, onSplit }: OneRowProps) => {
  const around = aroundSearch(row, 5)
  return (
    <li className={isExplained ? 'is-explained' : ''}>
      <button type="button" className="matched-row" aria-pressed={isExplained} title="Why this row matched" onClick={onExplain}>
        <span className="muted">{row.timestamp === null ? 'no time' : <Time at={row.timestamp} />}</span>
        <span className="mono cut" title={evidenceText(about(row)).slice(0, 2000)}>
          {evidenceText(about(row)).slice(0, 400)}
        </span>
      </button>
      <span className="matched-ways">
        <Link to="/t/$tenantId/explore" params={{ tenantId }} search={rowSearch(row)}>
          Row
        </Link>
        {around !== null && (
          <Link
            to="/t/$tenantId/explore/timeline"
            params={{ tenantId }}
            search={around}
            title="What the host did five minutes before and after"
          >
            ± 5 min
          </Link>
        )}
        {onSplit !== undefined && (
          <button type="button" className="link-button" title="This row and later ones become a detection of their own" onClick={onSplit}>
            Split here
          </button>
        )}
      </span>
    </li>
  )
}

export interface MatchedRowsProps {
  tenantId: string
  detail: DetectionDetail
  rowId: string | null
  onExplain: (rowId: string) => void
  /** Absent: one may not. */
  onSplit: ((at: string) => void) | undefined
}

/** The exact rows, oldest first; each explains itself, and leads to where it stands. */
export const MatchedRows = ({ tenantId, detail, rowId, onExplain, onSplit }: MatchedRowsProps) => {
  const [limit, setLimit] = useState(step)
  const [isSilenced, setSilenced] = useState(false)
  const { data, error } = useQuery(
    listOf(detectionRows, { params: { detection_id: detail.id }, query: { limit, ...(isSilenced ? { silenced: 'true' } : {}) } }),
  )
  const explained = rowId ?? data?.rows[0]?.id
  const first = data?.rows[0]?.timestamp ?? null
  return (
    <section className="panel-part" aria-label="Rows">
      <div className="row panel-title-row">
        <h3 className="panel-title">{isSilenced ? countOf(detail.silenced_rows, 'silenced row') : countOf(detail.rows, 'exact row')}</h3>
        <span className="grow" />
        {detail.silenced_rows > 0 && (
          <button type="button" className="link-button" aria-pressed={isSilenced} onClick={() => setSilenced(!isSilenced)}>
            {isSilenced ? 'Those that count' : `${formatNumber(detail.silenced_rows)} silenced`}
          </button>
        )}
        <Link
          to="/t/$tenantId/explore"
          params={{ tenantId }}
          search={{ ...spanOf(detail), row: first === null ? undefined : data?.rows[0]?.id }}
          className={buttonClass({ size: 'sm' })}
        >
          In Explore
          <Icon name="forward" size={14} />
        </Link>
      </div>
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      {data === undefined && error === null && <Skeleton rows={3} label="Loading rows" />}
      {data !== undefined && data.rows.length === 0 && (
        <p className="soft panel-words">None is stored any more: what they came with was deleted.</p>
      )}
      <ul className="matched-rows">
        {data?.rows.map((row, at) => (
          <OneRow
            key={row.id}
            row={row}
            tenantId={tenantId}
            isExplained={row.id === explained}
            onExplain={() => onExplain(row.id)}
            onSplit={
              onSplit === undefined || isSilenced || at === 0 || row.timestamp === null || row.timestamp === data.rows[at - 1]?.timestamp
                ? undefined
                : () => onSplit(row.timestamp ?? '')
            }
          />
        ))}
      </ul>
      {data !== undefined && data.total > data.rows.length && (
        <Button size="sm" variant="ghost" onClick={() => setLimit(Math.min(1000, limit + 100))}>
          {limit >= 1000
            ? `The first 1 000 of ${countOf(data.total, 'row')}`
            : `${formatNumber(data.rows.length)} of ${formatNumber(data.total)}, show more`}
        </Button>
      )}
    </section>
  )
}
