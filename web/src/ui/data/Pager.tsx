import { IconButton } from '../actions/IconButton.tsx'
import { formatNumber } from '../format/numbers.ts'
import './table.css'

export interface PagerProps {
  skip: number
  limit: number
  total: number
  /** What is counted: "hosts". */
  what: string
  onSkip: (skip: number) => void
}

/** Where one is in the whole, with the whole named. */
export const Pager = ({ skip, limit, total, what, onSkip }: PagerProps) => (
  <nav className="pager" aria-label={`Pages of ${what}`}>
    <span>
      {total === 0
        ? `0 ${what}`
        : `${formatNumber(skip + 1)} to ${formatNumber(Math.min(skip + limit, total))} of ${formatNumber(total)} ${what}`}
    </span>
    {total > limit && (
      <>
        <IconButton icon="left" label="Page before" disabled={skip === 0} onClick={() => onSkip(Math.max(0, skip - limit))} />
        <IconButton icon="right" label="Next page" disabled={skip + limit >= total} onClick={() => onSkip(skip + limit)} />
      </>
    )}
  </nav>
)
