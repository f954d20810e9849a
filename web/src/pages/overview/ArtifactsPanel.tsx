import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { overview } from '../../../../shared/contract/search.ts'
import type { Reply } from '../../../../shared/contract/route.ts'
import { fieldIs } from '../../features/hosts/host-words.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Mono } from '../../ui/data/Mono.tsx'
import { type Column, Table } from '../../ui/data/Table.tsx'
import { Age } from '../../ui/data/Time.tsx'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'
import { Panel } from '../../ui/layout/Panel.tsx'

type Artifact = Reply<typeof overview>['artifacts'][number]
const first = 12

const columnsFor = (tenantId: string): readonly Column<Artifact>[] => [
  {
    key: 'artifact',
    head: 'Artifact',
    cell: (one) => (
      <Link to="/t/$tenantId/explore" params={{ tenantId }} search={{ q: fieldIs('artifact', one.artifact) }}>
        <Mono value={one.artifact} />
      </Link>
    ),
  },
  { key: 'rows', head: 'Rows', number: true, cell: (one) => formatNumber(one.rows) },
  { key: 'hosts', head: 'Hosts', number: true, cell: (one) => formatNumber(one.hosts) },
  { key: 'age', head: 'Last import', number: true, cell: (one) => <Age at={one.last_ingested_at} /> },
]

export const ArtifactsPanel = ({ artifacts, tenantId }: { artifacts: readonly Artifact[]; tenantId: string }) => {
  const [isWhole, setWhole] = useState(false)
  const sorted = artifacts.toSorted((a, b) => b.rows - a.rows)
  return (
    <Panel title="Artifacts" actions={<span className="muted">{countOf(artifacts.length, 'artifact')}</span>}>
      <Table
        caption="Artifacts, most rows first"
        columns={columnsFor(tenantId)}
        rows={isWhole ? sorted : sorted.slice(0, first)}
        rowKey={(one) => one.artifact}
      />
      {sorted.length > first && (
        <div className="panel-foot">
          <Button variant="ghost" size="sm" onClick={() => setWhole(!isWhole)} aria-expanded={isWhole}>
            {isWhole ? `Only the largest ${first}` : `All ${sorted.length} artifacts`}
          </Button>
        </div>
      )}
    </Panel>
  )
}
