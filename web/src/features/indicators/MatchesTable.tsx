import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type IndicatorMatch, listIndicatorMatches } from '../../../../shared/contract/detect/indicators.ts'
import { kindFacts } from '../../../../shared/domain/indicators.ts'
import { messageOf } from '../../api/problem.ts'
import { listOf } from '../../api/queries.ts'
import { Pager } from '../../ui/data/Pager.tsx'
import { type Column, Table } from '../../ui/data/Table.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'
import { zoneName } from '../../ui/format/times.ts'
import { useZone, type Zone } from '../../ui/preferences.ts'
import './indicators.css'

const limit = 100

const columnsFor = (tenantId: string, zone: Zone, isOfAll: boolean): readonly Column<IndicatorMatch>[] => [
  {
    key: 'value',
    head: 'Value in the row',
    className: 'cell-wide',
    cell: (match) => (
      <Link
        to="/t/$tenantId/explore"
        params={{ tenantId }}
        search={{ q: match.query }}
        className="mono indicator-value"
        title={match.value}
      >
        <bdi>{match.value}</bdi>
      </Link>
    ),
  },
  {
    key: 'column',
    head: 'Column',
    cell: (match) =>
      match.column === '' ? <span className="muted">anywhere in the row</span> : <span className="mono">{match.column}</span>,
  },
  {
    key: 'indicator',
    head: 'Indicator',
    cell: (match) => (
      <>
        {kindFacts[match.kind].label} {match.indicator !== match.value && <bdi className="mono indicator-value">{match.indicator}</bdi>}
      </>
    ),
  },
  ...(isOfAll
    ? [
        {
          key: 'list',
          head: 'List',
          cell: (match: IndicatorMatch) => (
            <Link to="/t/$tenantId/indicators/$listId" params={{ tenantId, listId: match.list_id }}>
              {match.list_name}
            </Link>
          ),
        },
      ]
    : []),
  { key: 'rows', head: 'Rows', number: true, cell: (match) => formatNumber(match.rows) },
  { key: 'hosts', head: 'Hosts', number: true, cell: (match) => formatNumber(match.hosts) },
  {
    key: 'last',
    head: `Newest row, ${zoneName(zone)}`,
    cell: (match) => (match.last_at === null ? <span className="muted">no time</span> : <Time at={match.last_at} to="second" />),
  },
]

/** What was found, each with the way to its rows. `listId` null: of all lists. */
export const MatchesTable = ({ tenantId, listId }: { tenantId: string; listId: string | null }) => {
  const [skip, setSkip] = useState(0)
  const [zone] = useZone()
  const query = { skip, limit, ...(listId === null ? {} : { list_id: listId }) }
  const { data, error } = useQuery({ ...listOf(listIndicatorMatches, { query }), refetchInterval: 10_000 })
  if (error !== null) return <Note tone="bad">{messageOf(error)}</Note>
  if (data === undefined) return <Skeleton rows={6} label="Loading matches" />
  if (data.total === 0)
    return (
      <EmptyState title="No indicator was found in any row">
        Indicators are looked for in all that is stored when they come, and in every import of rows from then on.
      </EmptyState>
    )
  return (
    <>
      <p className="indicator-note">{`${countOf(data.total, 'value')} of rows stand in lists. A value opens its rows in Explore.`}</p>
      <Table
        caption="What was found"
        columns={columnsFor(tenantId, zone, listId === null)}
        rows={data.rows}
        rowKey={(match) => `${match.indicator_id} ${match.column} ${match.value}`}
      />
      <Pager skip={skip} limit={limit} total={data.total} what="values" onSkip={setSkip} />
    </>
  )
}
