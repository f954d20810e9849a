import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useCallback, useEffect, useId, useState } from 'react'
import { messageOf } from '../../../api/problem.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { evidenceText } from '../../../ui/format/evidence.ts'
import { countOf } from '../../../ui/format/numbers.ts'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { inSight, useWindow } from '../../../ui/virtual/useWindow.ts'
import { artifactQuery, shortArtifact } from '../host-words.ts'
import { type CoverageColumn, CoverageLine, columnPx, coverageRowPx } from './CoverageCells.tsx'
import { type Coverage, type CoverageAsk, useCoverage } from './useCoverage.ts'
import '../hosts.css'
import './coverage.css'

export interface CoverageMatrixProps {
  tenantId: string
  ask: CoverageAsk
  onSort: (sort: string, order: 'asc' | 'desc') => void
}

const headPx = 148
/** Host name and count of artifacts, which stay in sight. */
const fixedPx = 252

const SortButton = ({
  sort,
  label,
  title,
  first,
  ask,
  onSort,
}: Omit<CoverageMatrixProps, 'tenantId'> & { sort: string; label: string; title?: string; first: 'asc' | 'desc' }) => {
  const isCurrent = ask.sort === sort
  const next = isCurrent ? (ask.order === 'asc' ? 'desc' : 'asc') : first
  return (
    <button type="button" className="coverage-sort" title={title} tabIndex={-1} onClick={() => onSort(sort, next)}>
      <span className="cut">{label}</span>
      {isCurrent && <Icon name={ask.order === 'asc' ? 'up' : 'down'} size={14} />}
    </button>
  )
}

const sortOf = (ask: CoverageAsk, sort: string) =>
  ask.sort !== sort ? undefined : ask.order === 'asc' ? ('ascending' as const) : ('descending' as const)

const Head = ({
  columns,
  first,
  end,
  ...sorting
}: Omit<CoverageMatrixProps, 'tenantId'> & { columns: readonly CoverageColumn[]; first: number; end: number }) => (
  <div role="row" className="coverage-head" aria-rowindex={1}>
    <span role="columnheader" className="coverage-host" aria-colindex={1} aria-sort={sortOf(sorting.ask, 'hostname')}>
      <SortButton sort="hostname" label="Host" first="asc" {...sorting} />
    </span>
    <span role="columnheader" className="coverage-have" aria-colindex={2} aria-sort={sortOf(sorting.ask, 'artifacts')}>
      <SortButton sort="artifacts" label="Has" title="How many of the artifacts it has" first="asc" {...sorting} />
    </span>
    <span className="coverage-cells" role="presentation" style={{ width: columns.length * columnPx }}>
      {columns.slice(first, end).map((column, n) => {
        const sort = `artifact:${column.artifact}`
        return (
          <span
            key={column.artifact}
            role="columnheader"
            className="coverage-column"
            style={{ left: (first + n) * columnPx }}
            aria-colindex={first + n + 3}
            aria-sort={sortOf(sorting.ask, sort)}
          >
            <SortButton
              sort={sort}
              label={evidenceText(shortArtifact(column.artifact))}
              title={`${evidenceText(column.artifact)}: on ${countOf(column.hosts, 'host')}, ${countOf(column.rows, 'row')}. Sort by its age`}
              first="asc"
              {...sorting}
            />
          </span>
        )
      })}
    </span>
  </div>
)

interface Place {
  row: number
  column: number
}

const moved = (key: string, at: Place, most: Place, page: number): Place | null => {
  const steps: Readonly<Record<string, Place>> = {
    ArrowDown: { row: at.row + 1, column: at.column },
    ArrowUp: { row: at.row - 1, column: at.column },
    ArrowRight: { row: at.row, column: at.column + 1 },
    ArrowLeft: { row: at.row, column: at.column - 1 },
    PageDown: { row: at.row + page, column: at.column },
    PageUp: { row: at.row - page, column: at.column },
    Home: { row: at.row, column: -1 },
    End: { row: at.row, column: most.column },
  }
  const to = steps[key]
  return to === undefined ? null : { row: Math.max(0, Math.min(most.row, to.row)), column: Math.max(-1, Math.min(most.column, to.column)) }
}

/** The cells in sight, and the one that the keys are on. */
const useMatrix = (ask: CoverageAsk) => {
  const [size, setSize] = useState({ total: 0, columns: 0 })
  const [across, setAcross] = useState({ scrolled: 0, viewPx: 1400 })
  const [at, setAt] = useState<Place>({ row: 0, column: -1 })
  const { ref, show, first, end, page, onScroll } = useWindow(size.total, coverageRowPx, headPx)
  const coverage = useCoverage(ask, first, end)
  const { total, artifacts } = coverage
  if (size.total !== total || size.columns !== artifacts.length) setSize({ total, columns: artifacts.length })
  const measure = useCallback(() => {
    const element = ref.current
    if (element === null) return
    const next = { scrolled: Math.floor(element.scrollLeft / columnPx) * columnPx, viewPx: element.clientWidth - fixedPx }
    setAcross((before) => (before.scrolled === next.scrolled && before.viewPx === next.viewPx ? before : next))
  }, [ref])
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref, measure])
  const scrolled = () => {
    onScroll()
    measure()
  }
  const goTo = (to: Place) => {
    setAt(to)
    show(to.row)
    const element = ref.current
    if (element === null || to.column < 0) return
    const [left, right] = [to.column * columnPx, (to.column + 1) * columnPx + fixedPx]
    if (left < element.scrollLeft) element.scrollLeft = left
    else if (right > element.scrollLeft + element.clientWidth) element.scrollLeft = right - element.clientWidth
  }
  return {
    ref,
    coverage,
    at,
    goTo,
    scrolled,
    page,
    rows: { first, end },
    across: inSight(artifacts.length, columnPx, { ...across, over: 4 }),
  }
}

const State = ({ coverage, ask }: { coverage: Coverage; ask: CoverageAsk }) => {
  if (coverage.error !== null)
    return (
      <Note tone="bad" live action={<Button onClick={coverage.retry}>Try again</Button>}>
        {messageOf(coverage.error)}
      </Note>
    )
  if (coverage.isPending) return <Skeleton rows={16} label="Loading coverage" />
  if (coverage.total > 0) return null
  return (
    <EmptyState title={ask.search === '' ? 'No hosts yet' : 'No host matches'}>
      <p>
        {ask.search === ''
          ? 'Hosts appear by themselves from what is imported.'
          : `No name, address, client or user of a host contains ${evidenceText(ask.search)}.`}
      </p>
    </EmptyState>
  )
}

/** Enter opens what the keys are on: the host, or the rows of one artifact of it. */
const useOpen = (tenantId: string, { artifacts, rowAt }: Coverage) => {
  const navigate = useNavigate()
  return (at: Place) => {
    const host = rowAt(at.row)
    if (host === undefined) return
    if (at.column < 0) void navigate({ to: '/t/$tenantId/hosts/$hostId', params: { tenantId, hostId: host.id } })
    else if (host.cells.some((cell) => cell.at === at.column))
      void navigate({
        to: '/t/$tenantId/explore',
        params: { tenantId },
        search: { q: artifactQuery(artifacts[at.column]?.artifact ?? ''), hosts: host.id },
      })
  }
}

/** Every host by every artifact: how new its rows are, and the holes. */
export const CoverageMatrix = ({ tenantId, ask, onSort }: CoverageMatrixProps) => {
  const id = useId()
  const [now] = useState(() => Date.now())
  const { ref, coverage, at, goTo, scrolled, page, rows, across } = useMatrix(ask)
  const { artifacts, total } = coverage
  const open = useOpen(tenantId, coverage)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const to = moved(event.key, at, { row: total - 1, column: artifacts.length - 1 }, page)
    if (to !== null) goTo(to)
    else if (event.key === 'Enter') open(at)
    else return
    event.preventDefault()
  }
  return (
    <>
      <State coverage={coverage} ask={ask} />
      <div
        ref={ref}
        className="coverage-matrix"
        role="grid"
        aria-label="Coverage: hosts by artifacts"
        aria-rowcount={total + 1}
        aria-colcount={artifacts.length + 2}
        aria-activedescendant={total === 0 ? undefined : `${id}-${at.row}-${at.column < 0 ? 'name' : at.column}`}
        tabIndex={0}
        hidden={total === 0}
        onScroll={scrolled}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" className="coverage-heads">
          <Head columns={artifacts} first={across.first} end={across.end} ask={ask} onSort={onSort} />
        </div>
        <div
          role="rowgroup"
          className="coverage-rows"
          style={{ height: total * coverageRowPx, width: fixedPx + artifacts.length * columnPx }}
        >
          {Array.from({ length: rows.end - rows.first }, (_, n) => rows.first + n).map((index) => (
            <CoverageLine
              key={index}
              id={`${id}-${index}`}
              tenantId={tenantId}
              index={index}
              host={coverage.rowAt(index)}
              columns={artifacts}
              firstColumn={across.first}
              endColumn={across.end}
              current={index === at.row ? at.column : null}
              now={now}
            />
          ))}
        </div>
      </div>
    </>
  )
}
