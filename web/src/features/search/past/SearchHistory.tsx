import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { clearHistory, type HistoryEntry, historyLength, listHistory } from '../../../../../shared/contract/notes/saved.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { listOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Age } from '../../../ui/data/Time.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { Popover } from '../../../ui/overlay/Popover.tsx'
import { useExplore } from '../explore-context.ts'
import { fromSaved } from '../saved/saved-state.ts'
import { type Line, linesOf } from './tree.ts'
import { currentSearch, setCurrentSearch } from './useNoteSearches.ts'
import './past.css'

const step = 200

const wordsOf = ({ state }: HistoryEntry): string =>
  [state.q, ...state.pills.filter((pill) => !pill.is_off).map((pill) => pill.text)].filter((text) => text !== '').join('  +  ')

const rangeOf = ({ state }: HistoryEntry): string =>
  state.from === null && state.to === null ? '' : `${state.from ?? 'the beginning'} to ${state.to ?? 'now'}`

const Entry = ({ line, isCurrent, onPick }: { line: Line<HistoryEntry>; isCurrent: boolean; onPick: () => void }) => {
  const { node, depth } = line
  return (
    <button
      type="button"
      role="treeitem"
      aria-level={depth + 1}
      aria-current={isCurrent || undefined}
      tabIndex={isCurrent ? 0 : -1}
      className="past-entry"
      style={{ paddingLeft: 8 + Math.min(depth, 12) * 14 }}
      onClick={onPick}
    >
      <span className="past-words mono">{wordsOf(node) || 'Every row'}</span>
      <span className="past-about muted">
        {node.state.view !== 'rows' && `${node.state.view} · `}
        {rangeOf(node) !== '' && `${rangeOf(node)} · `}
        {node.rows_found !== null && `${countOf(node.rows_found, 'row')} · `}
        <Age at={node.last_run_at} />
      </span>
    </button>
  )
}

const forget = () =>
  void call(clearHistory, {})
    .then(() => invalidate(listHistory))
    .catch((fault: unknown) => toast(messageOf(fault)))

const Head = ({ total, limit, onMore }: { total: number; limit: number; onMore: () => void }) => (
  <div className="past-head">
    <span className="muted">
      {total > limit ? `The last ${formatNumber(limit)} of ${countOf(total, 'search')}` : 'Your searches, seen by nobody else'}; the last{' '}
      {formatNumber(historyLength)} are kept.
    </span>
    <span className="grow" />
    {total > limit && (
      <Button size="sm" onClick={onMore}>
        Show more
      </Button>
    )}
    {total > 0 && (
      <Button size="sm" variant="ghost" onClick={forget}>
        Forget all
      </Button>
    )}
  </div>
)

const Tree = ({ onDone }: { onDone: () => void }) => {
  const { patch, run } = useExplore()
  const [limit, setLimit] = useState(step)
  const tree = useRef<HTMLDivElement>(null)
  const { data, error } = useQuery(listOf(listHistory, { query: { limit } }))
  const lines = linesOf(data?.rows ?? [])
  const total = data?.total ?? 0
  const restore = (entry: HistoryEntry) => {
    onDone()
    setCurrentSearch(entry.id)
    patch({ ...fromSaved(entry.state), row: null })
    run()
  }
  const isHere = lines.length > 0
  useEffect(() => {
    const list = tree.current
    if (!isHere || list === null) return
    ;(list.querySelector<HTMLElement>('[aria-current]') ?? list.querySelector<HTMLElement>('[role="treeitem"]'))?.focus()
  }, [isHere])
  const onKeyDown = (event: KeyboardEvent) => {
    const entries = [...(tree.current?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? [])]
    const at = entries.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key]
    if (to === undefined || entries.length === 0) return
    event.preventDefault()
    entries[Math.max(0, Math.min(entries.length - 1, to))]?.focus()
  }
  return (
    <div className="past" onKeyDown={onKeyDown}>
      <Head total={total} limit={limit} onMore={() => setLimit(limit + step)} />
      {error !== null && data === undefined && <p className="field-note">{messageOf(error)}</p>}
      {total > 0 && (
        <div role="tree" aria-label="Your searches" ref={tree}>
          {lines.map((line) => (
            <Entry key={line.node.id} line={line} isCurrent={line.node.id === currentSearch()} onPick={() => restore(line.node)} />
          ))}
        </div>
      )}
      {data !== undefined && total === 0 && <p className="muted past-none">No search yet: each one that you run is kept here.</p>}
    </div>
  )
}

/** One's own searches as a tree: each hangs on the one that it was changed from, and a click brings it back. */
export const SearchHistory = () => {
  const [anchor, setAnchor] = useState<Element | null>(null)
  return (
    <>
      <IconButton
        icon="clock"
        label="Searches before"
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(anchor === null ? event.currentTarget : null)}
      />
      <Popover anchor={anchor} onClose={() => setAnchor(null)} label="Searches before" align="end" className="past-popover">
        <Tree onDone={() => setAnchor(null)} />
      </Popover>
    </>
  )
}
