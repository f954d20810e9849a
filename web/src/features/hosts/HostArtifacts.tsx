import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { hostArtifacts } from '../../../../shared/contract/hosts.ts'
import type { Reply } from '../../../../shared/contract/route.ts'
import { Mono } from '../../ui/data/Mono.tsx'
import { type Column, type Sort, Table } from '../../ui/data/Table.tsx'
import { Age, Time } from '../../ui/data/Time.tsx'
import { formatNumber } from '../../ui/format/numbers.ts'
import { zoneName } from '../../ui/format/times.ts'
import { useZone, type Zone } from '../../ui/preferences.ts'
import { freshness, queryOfHost } from './host-words.ts'
import './hosts.css'

export type HostArtifact = Reply<typeof hostArtifacts>[number]

const compare = (key: string) => (a: HostArtifact, b: HostArtifact) => {
  if (key === 'rows') return a.rows - b.rows
  const [left, right] = key === 'age' ? [a.last_import_at, b.last_import_at] : [a.artifact, b.artifact]
  return left < right ? -1 : left > right ? 1 : 0
}

const Freshness = ({ artifact, now }: { artifact: HostArtifact; now: number }) => {
  const { percent, is_old } = freshness(artifact.last_import_at, now)
  return (
    <span className={`freshness ${is_old ? 'is-old' : ''}`}>
      <Age at={artifact.last_import_at} />
      <span className="freshness-bar" aria-hidden="true">
        <i style={{ width: `${percent}%` }} />
      </span>
    </span>
  )
}

export interface HostArtifactsProps {
  tenantId: string
  hostname: string
  artifacts: readonly HostArtifact[]
}

const columnsFor = ({ tenantId, hostname }: HostArtifactsProps, zone: Zone, now: number): readonly Column<HostArtifact>[] => [
  {
    key: 'artifact',
    head: 'Artifact',
    sortable: true,
    cell: (one) => (
      <Link to="/t/$tenantId/explore" params={{ tenantId }} search={{ q: queryOfHost(hostname, one.artifact) }}>
        <Mono value={one.artifact} />
      </Link>
    ),
  },
  { key: 'rows', head: 'Rows', number: true, sortable: true, cell: (one) => formatNumber(one.rows) },
  { key: 'from', head: `First time, ${zoneName(zone)}`, cell: (one) => <Time at={one.time_from} to="second" /> },
  { key: 'to', head: `Last time, ${zoneName(zone)}`, cell: (one) => <Time at={one.time_to} to="second" /> },
  { key: 'age', head: 'Imported', number: true, sortable: true, cell: (one) => <Freshness artifact={one} now={now} /> },
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
