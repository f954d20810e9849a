import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Collected } from '../../../../shared/contract/hunt/host-tabs.ts'
import { Mono } from '../../ui/data/Mono.tsx'
import { type Column, type Sort, Table } from '../../ui/data/Table.tsx'
import { Age, Time } from '../../ui/data/Time.tsx'
import { formatNumber } from '../../ui/format/numbers.ts'
import { zoneName } from '../../ui/format/times.ts'
import { useZone, type Zone } from '../../ui/preferences.ts'
import { artifactQuery, freshness } from './host-words.ts'
import './hosts.css'

const compare = (key: string) => (a: Collected, b: Collected) => {
  if (key === 'rows') return a.rows - b.rows
  const [left, right] = key === 'age' ? [a.newest_at, b.newest_at] : [a.artifact, b.artifact]
  return left < right ? -1 : left > right ? 1 : 0
}

const Freshness = ({ artifact, now }: { artifact: Collected; now: number }) => {
  const { percent, is_old } = freshness(artifact.newest_at, now)
  return (
    <span className={`freshness ${is_old ? 'is-old' : ''}`}>
      <span title={artifact.is_dated ? undefined : 'Its rows have no time: the age is since the import'}>
        {!artifact.is_dated && <span className="muted">i </span>}
        <Age at={artifact.newest_at} />
      </span>
      <span className="freshness-bar" aria-hidden="true">
        <i style={{ width: `${percent}%` }} />
      </span>
    </span>
  )
}

export interface HostArtifactsProps {
  tenantId: string
  hostId: string
  artifacts: readonly Collected[]
}

const columnsFor = ({ tenantId, hostId }: HostArtifactsProps, zone: Zone, now: number): readonly Column<Collected>[] => [
  {
    key: 'artifact',
    head: 'Artifact',
    sortable: true,
    cell: (one) => (
      <Link to="/t/$tenantId/explore" params={{ tenantId }} search={{ q: artifactQuery(one.artifact), hosts: hostId }}>
        <Mono value={one.artifact} />
      </Link>
    ),
  },
  { key: 'rows', head: 'Rows', number: true, sortable: true, cell: (one) => formatNumber(one.rows) },
  { key: 'from', head: `First time, ${zoneName(zone)}`, cell: (one) => <Time at={one.time_from} to="second" /> },
  { key: 'to', head: `Last time, ${zoneName(zone)}`, cell: (one) => <Time at={one.time_to} to="second" /> },
  { key: 'imported', head: `Imported, ${zoneName(zone)}`, cell: (one) => <Time at={one.last_import_at} to="minute" /> },
  { key: 'age', head: 'Age of newest row', number: true, sortable: true, cell: (one) => <Freshness artifact={one} now={now} /> },
]

/** What was collected from the host, how much and how long ago; each leads to its rows in Explore. */
export const HostArtifacts = (props: HostArtifactsProps) => {
  const [sort, setSort] = useState<Sort>({ key: 'artifact', order: 'asc' })
  const [now] = useState(() => Date.now())
  const [zone] = useZone()
  const sorted = props.artifacts.toSorted(compare(sort.key))
  return (
    <Table
      caption="Artifacts collected from this host"
      columns={columnsFor(props, zone, now)}
      rows={sort.order === 'asc' ? sorted : sorted.toReversed()}
      rowKey={(one) => one.artifact}
      sort={sort}
      onSort={setSort}
    />
  )
}
