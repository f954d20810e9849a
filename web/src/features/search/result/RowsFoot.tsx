import { useEffect, useState } from 'react'
import { Button } from '../../../ui/actions/Button.tsx'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { formatDuration } from '../../../ui/format/times.ts'
import { useExplore } from '../explore-context.ts'

/** A search that takes longer than a second says so, and can be given up. */
export const SearchingFoot = ({ startedMs, onCancel }: { startedMs: number; onCancel: () => void }) => {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 200)
    return () => clearInterval(timer)
  }, [])
  if (now - startedMs < 1000) return <div className="rows-foot" />
  return (
    <div className="rows-foot" role="status">
      <span>Searching for {formatDuration(Math.floor((now - startedMs) / 100) * 100)}.</span>
      <Button size="sm" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  )
}

export interface RowsFootProps {
  index: number | null
  total: number
  deduplicated: number
  withoutTime: number
  problem: Error | null
  onRetry: () => void
}

export const RowsFoot = ({ index, total, deduplicated, withoutTime, problem, onRetry }: RowsFootProps) => {
  const { patch } = useExplore()
  return (
    <div className="rows-foot">
      {problem !== null ? (
        <span className="rows-problem" role="alert">
          {problem.message}{' '}
          <button type="button" className="field-link" onClick={onRetry}>
            Try again
          </button>
        </span>
      ) : (
        <span>
          {index === null ? '' : `Row ${formatNumber(index + 1)} of `}
          {formatNumber(total)}
          {index === null && (total === 1 ? ' row' : ' rows')}
        </span>
      )}
      {deduplicated > 0 && <span>{formatNumber(deduplicated)} more like them are left out by dedup.</span>}
      {withoutTime > 0 && (
        <span>
          {formatNumber(withoutTime)} more without a time {withoutTime === 1 ? 'is' : 'are'} left out.{' '}
          <button
            type="button"
            className="field-link rows-show"
            onClick={() => patch({ from: null, to: null, q: 'NOT timestamp:*', pills: [] })}
          >
            Show them
          </button>
        </span>
      )}
      <span className="grow" />
      <span className="rows-keys not-phone">
        <kbd>j</kbd> <kbd>k</kbd> move <kbd>x</kbd> select <kbd>space</kbd> peek <kbd>?</kbd> keys
      </span>
    </div>
  )
}
