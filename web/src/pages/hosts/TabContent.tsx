import { useNavigate } from '@tanstack/react-router'
import type { hostOverview } from '../../../../shared/contract/hunt/host-tabs.ts'
import type { Host } from '../../../../shared/contract/hosts.ts'
import type { Reply } from '../../../../shared/contract/route.ts'
import { HostDetections } from '../../features/detections/host/HostDetections.tsx'
import { HostArtifacts } from '../../features/hosts/HostArtifacts.tsx'
import { type HostSearch, type HostTab, placeOf, searchOfPlace } from '../../features/hosts/host-tabs.ts'
import { NetworkTab } from '../../features/hosts/network/NetworkTab.tsx'
import { ProcessesTab } from '../../features/hosts/processes/ProcessesTab.tsx'
import type { ChangeEntries } from '../../features/hosts/tables/EntryTable.tsx'
import { LogonsTab } from '../../features/hosts/tables/LogonsTab.tsx'
import { PersistenceTab } from '../../features/hosts/tables/PersistenceTab.tsx'
import { SoftwareTab } from '../../features/hosts/tables/SoftwareTab.tsx'
import { HostTimeline } from '../../ui/charts/HostTimeline.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'

export interface TabContentProps {
  tab: HostTab
  tenantId: string
  host: Host
  overview: Reply<typeof hostOverview> | undefined
  search: HostSearch
  onChange: (search: HostSearch) => void
}

const Times = ({ tenantId, host, search, onChange }: TabContentProps) => {
  const navigate = useNavigate()
  return (
    <div className="tab-body">
      <HostTimeline
        hostId={host.id}
        from={search.from ?? null}
        to={search.to ?? null}
        onRange={({ from, to }) => onChange({ from: from ?? undefined, to: to ?? undefined })}
        onOpen={({ from, to }) =>
          void navigate({
            to: '/t/$tenantId/explore/timeline',
            params: { tenantId },
            search: { hosts: host.id, from: from ?? undefined, to: to ?? undefined },
          })
        }
      />
    </div>
  )
}

const Overview = ({ tenantId, host, overview }: TabContentProps) => {
  if (overview === undefined) return <Skeleton rows={12} label="Loading artifacts" />
  if (overview.artifacts.length === 0)
    return (
      <EmptyState title="Nothing was collected">
        <p>No row is stored from this host. That says nothing about what happens on it.</p>
      </EmptyState>
    )
  return (
    <div className="tab-body">
      <HostArtifacts tenantId={tenantId} hostId={host.id} artifacts={overview.artifacts} />
    </div>
  )
}

/** What the chosen tab shows. */
export const TabContent = (props: TabContentProps) => {
  const { tab, tenantId, host, search, onChange } = props
  const state = placeOf(search)
  const change: ChangeEntries = (next) => onChange(searchOfPlace({ ...state, ...next }))
  const entries = { tenantId, hostId: host.id, state, onChange: change }
  switch (tab) {
    case 'overview':
      return <Overview {...props} />
    case 'processes':
      return (
        <ProcessesTab
          tenantId={tenantId}
          hostId={host.id}
          selected={search.process ?? null}
          isTree={search.layout !== 'list'}
          onChange={({ selected, isTree }) =>
            onChange({
              ...(selected === undefined ? {} : { process: selected ?? undefined }),
              ...(isTree === undefined ? {} : { layout: isTree ? undefined : 'list' }),
            })
          }
        />
      )
    case 'persistence':
      return <PersistenceTab {...entries} />
    case 'network':
      return <NetworkTab {...entries} hostname={host.hostname} />
    case 'logons':
      return <LogonsTab {...entries} />
    case 'software':
      return <SoftwareTab {...entries} />
    case 'detections':
      return <HostDetections tenantId={tenantId} hostId={host.id} />
    case 'timeline':
      return <Times {...props} />
  }
}
