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
const mostShown = 1000

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

interface HeadProps {
  tenantId: string
  detail: DetectionDetail
  first: MatchedRow | undefined
  isSilenced: boolean
  onSilenced: (isSilenced: boolean) => void
}

const Head = ({ tenantId, detail, first, isSilenced, onSilenced }: HeadProps) => (
  <div className="row panel-title-row">
    <h3 className="panel-title">{isSilenced ? countOf(detail.silenced_rows, 'silenced row') : countOf(detail.rows, 'exact row')}</h3>
    <span className="grow" />
    {detail.silenced_rows > 0 && (
      <button type="button" className="link-button" aria-pressed={isSilenced} onClick={() => onSilenced(!isSilenced)}>
        {isSilenced ? 'Those that count' : `${formatNumber(detail.silenced_rows)} silenced`}
      </button>
    )}
    <Link
      to="/t/$tenantId/explore"
      params={{ tenantId }}
      search={{ ...spanOf(detail), row: typeof first?.timestamp === 'string' ? first.id : undefined }}
      className={buttonClass({ size: 'sm' })}
    >
      In Explore
      <Icon name="forward" size={14} />
    </Link>
  </div>
)

const moreWords = (shown: number, total: number): string =>
  shown >= mostShown
    ? `The first ${formatNumber(shown)} of ${countOf(total, 'row')}`
    : `${formatNumber(shown)} of ${formatNumber(total)}, show more`

/** One is divided where the time moves on: from the first row of a later time. */
const dividesAt = (rows: readonly MatchedRow[], at: number): string | null => {
  const [row, before] = [rows[at], rows[at - 1]]
  return before === undefined || row === undefined || row.timestamp === before.timestamp ? null : row.timestamp
}

/** The exact rows, oldest first; each explains itself, and leads to where it stands. */
export const MatchedRows = ({ tenantId, detail, rowId, onExplain, onSplit }: MatchedRowsProps) => {
  const [limit, setLimit] = useState(step)
  const [isSilenced, setSilenced] = useState(false)
  const { data, error } = useQuery(
    listOf(detectionRows, { params: { detection_id: detail.id }, query: { limit, ...(isSilenced ? { silenced: 'true' } : {}) } }),
  )
  const rows = data?.rows ?? []
  const split = (at: number) => {
    const time = onSplit === undefined || isSilenced ? null : dividesAt(rows, at)
    return time === null ? undefined : () => onSplit?.(time)
  }
  return (
    <section className="panel-part" aria-label="Rows">
      <Head tenantId={tenantId} detail={detail} first={rows[0]} isSilenced={isSilenced} onSilenced={setSilenced} />
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      {data === undefined && error === null && <Skeleton rows={3} label="Loading rows" />}
      {data?.rows.length === 0 && <p className="soft panel-words">None is stored any more: what they came with was deleted.</p>}
      <ul className="matched-rows">
        {rows.map((row, at) => (
          <OneRow
            key={row.id}
            row={row}
            tenantId={tenantId}
            isExplained={row.id === (rowId ?? rows[0]?.id)}
            onExplain={() => onExplain(row.id)}
            onSplit={split(at)}
          />
        ))}
      </ul>
      {data !== undefined && data.total > rows.length && (
        <Button size="sm" variant="ghost" onClick={() => setLimit(Math.min(mostShown, limit + 100))}>
          {moreWords(rows.length, data.total)}
        </Button>
      )}
    </section>
  )
}
