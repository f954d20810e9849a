// Any number of indicators: the list is as long as they are, and the pages of those in sight are asked for.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Indicator } from '../../../../shared/contract/detect/indicator-shapes.ts'
import { listIndicators } from '../../../../shared/contract/detect/indicators.ts'
import { type IndicatorKind, type IndicatorState, kindFacts } from '../../../../shared/domain/indicators.ts'
import { messageOf } from '../../api/problem.ts'
import { listOf } from '../../api/queries.ts'
import { WindowedList } from '../../ui/data/WindowedList.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'
import { stateWords, tlpWords } from './indicator-words.ts'
import './indicators.css'

export interface GridFilter {
  text: string
  kind: IndicatorKind | null
  state: IndicatorState | null
  isMatched: boolean
}

const perPage = 200
const rowHeightPx = 28

const pageAt = (listId: string, filter: GridFilter, at: number) =>
  listOf(listIndicators, {
    params: { list_id: listId },
    query: {
      skip: Math.floor(at / perPage) * perPage,
      limit: perPage,
      text: filter.text === '' ? undefined : filter.text,
      kind: filter.kind ?? undefined,
      state: filter.state ?? undefined,
      matched: filter.isMatched ? ('true' as const) : undefined,
    },
  })

const aboutOf = (one: Indicator): string =>
  [one.description, one.source, tlpWords(one.tlp), one.confidence === null ? '' : `confidence ${one.confidence}`]
    .filter((text) => text !== '')
    .join(' · ')

const stateOf = (one: Indicator): string => {
  if (one.state === 'allowed') return `${stateWords.allowed}: ${one.allowed_by ?? ''}`
  if (one.state === 'too_common') return `${stateWords.too_common}: ${countOf(one.too_common_rows ?? 0, 'row')}`
  return one.state === 'active' ? '' : stateWords[one.state]
}

const Line = ({ listId, filter, at }: { listId: string; filter: GridFilter; at: number }) => {
  const { data, isPlaceholderData } = useQuery(pageAt(listId, filter, at))
  const one = isPlaceholderData ? undefined : data?.rows[at % perPage]
  if (one === undefined) return <span className="muted">…</span>
  return (
    <div className="indicator-line">
      <span className="muted indicator-kind">{kindFacts[one.kind].label}</span>
      <bdi className="mono indicator-value">{one.value}</bdi>
      <span className="cut indicator-about">
        <bdi>{aboutOf(one)}</bdi>
      </span>
      <span className="indicator-state">{stateOf(one)}</span>
      <span className={`num ${one.rows > 0 ? 'indicator-found' : 'muted'}`}>
        {one.rows > 0 ? `${formatNumber(one.rows)} on ${countOf(one.hosts, 'host')}` : '0'}
      </span>
    </div>
  )
}

export interface GridProps {
  listId: string
  filter: GridFilter
  isFiltered: boolean
  onOpen: (indicator: Indicator) => void
}

export const IndicatorGrid = ({ listId, filter, isFiltered, onOpen }: GridProps) => {
  const [at, setAt] = useState(-1)
  const first = useQuery({ ...pageAt(listId, filter, 0), refetchInterval: 10_000 })
  const open = useQuery(pageAt(listId, filter, Math.max(at, 0)))
  if (first.error !== null) return <Note tone="bad">{messageOf(first.error)}</Note>
  if (first.data === undefined) return <Skeleton rows={8} label="Loading indicators" />
  const { total } = first.data
  if (total === 0)
    return (
      <EmptyState title={isFiltered ? 'No indicator fits' : 'This list is empty'}>
        {isFiltered
          ? 'Take a filter away.'
          : 'Add hashes, addresses, domains and the like: they are looked for in all that is stored at once.'}
      </EmptyState>
    )
  const show = (row: number): void => {
    setAt(row)
    const one = Math.floor(row / perPage) === Math.floor(Math.max(at, 0) / perPage) ? open.data?.rows[row % perPage] : undefined
    const found = one ?? (row < perPage ? first.data.rows[row] : undefined)
    if (found !== undefined) onOpen(found)
  }
  return (
    <>
      <p className="indicator-note">{countOf(total, 'indicator')}</p>
      <WindowedList
        label="Indicators"
        className="indicator-grid"
        count={total}
        total={total}
        rowHeightPx={rowHeightPx}
        at={at}
        onMove={setAt}
        onOpen={show}
        keyOf={(row) => String(row)}
      >
        {(row) => <Line listId={listId} filter={filter} at={row} />}
      </WindowedList>
    </>
  )
}
