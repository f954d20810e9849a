import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useState } from 'react'
import { type HostProcess, hostProcesses, mostProcesses } from '../../../../../shared/contract/hunt/host-tabs.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Segmented } from '../../../ui/actions/Segmented.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { ProcessDetail } from './ProcessDetail.tsx'
import { ProcessGrid } from './ProcessGrid.tsx'
import { groupOf, rowsOfTree, shortSource, type TreeRow, treeOf, wantedOf } from './tree-rows.ts'
import { useRareNames } from './useRareNames.ts'

export interface ProcessesTabProps {
  tenantId: string
  hostId: string
  /** In the address, so that a link shows the same. */
  selected: string | null
  isTree: boolean
  onChange: (change: { selected?: string | null; isTree?: boolean }) => void
}

type Found = Reply<typeof hostProcesses>

const toggled = (set: ReadonlySet<string>, one: string): ReadonlySet<string> => {
  const next = new Set(set)
  if (!next.delete(one)) next.add(one)
  return next
}

/** "318 processes from Pslist, Sysmon 1, Security 4688 · 1 orphan" */
const sourcesWords = (found: Found): string => {
  const named = found.sources.slice(0, 3).map((one) => shortSource(one.source))
  const more = found.sources.length - named.length
  const from = named.length === 0 ? '' : ` from ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  const orphans = found.orphans === 0 ? '' : ` · ${countOf(found.orphans, 'orphan')}`
  return `${countOf(found.processes.length, 'process', 'processes')}${from}${orphans} · ${countOf(found.rows, 'row')}`
}

const LeftOut = ({ found, limit, onAll }: { found: Found; limit: number; onAll: () => void }) =>
  found.left_out + found.records_left_out === 0 ? null : (
    <Note
      tone="warn"
      action={
        limit < mostProcesses && (
          <Button size="sm" onClick={onAll}>
            Show up to {formatNumber(mostProcesses)}
          </Button>
        )
      }
    >
      The latest {formatNumber(found.processes.length)} are shown.{' '}
      {found.left_out > 0 && `${countOf(found.left_out, 'older process', 'older processes')} left out. `}
      {found.records_left_out > 0 && `${countOf(found.records_left_out, 'older record')} of processes not looked at. `}A parent among them
      shows as not collected.
    </Note>
  )

const listRows = (processes: readonly HostProcess[], wanted: ReadonlySet<string> | null): TreeRow[] =>
  processes
    .filter((one) => wanted === null || wanted.has(one.key))
    .toSorted((a, b) =>
      (a.started_at ?? '') < (b.started_at ?? '') ? 1 : (a.started_at ?? '') > (b.started_at ?? '') ? -1 : a.pid - b.pid,
    )
    .map((process) => ({ process, level: 1, hasChildren: false, isOpen: false, more: 0, group: groupOf(process), isWanted: true }))

const useRows = (processes: readonly HostProcess[], isTree: boolean, asked: { text: string; names: ReadonlySet<string> | null }) => {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set())
  const { text, names } = asked
  const tree = useMemo(() => treeOf(processes), [processes])
  const wanted = useMemo(() => wantedOf(processes, { text, names }), [processes, text, names])
  const rows = useMemo(
    () => (isTree ? rowsOfTree(tree, { closed, whole, wanted }) : listRows(processes, wanted)),
    [isTree, tree, closed, whole, wanted, processes],
  )
  return {
    rows,
    tree,
    found: wanted?.size ?? null,
    toggle: (key: string) => setClosed((before) => toggled(before, key)),
    showWhole: (group: string) => setWhole((before) => new Set(before).add(group)),
  }
}

interface Filter {
  text: string
  isRare: boolean
}

const Tools = ({
  found,
  isTree,
  onChange,
  filter,
  onFilter,
  matching,
}: {
  found: Found
  isTree: boolean
  onChange: ProcessesTabProps['onChange']
  filter: Filter
  onFilter: (filter: Filter) => void
  /** null: all are shown. */
  matching: number | null
}) => (
  <div className="tab-tools">
    <Segmented
      label="Layout"
      value={isTree ? 'tree' : 'list'}
      options={[
        { value: 'tree', label: 'Tree' },
        { value: 'list', label: 'List' },
      ]}
      onChange={(value) => onChange({ isTree: value === 'tree' })}
    />
    <TextField
      label="Filter processes"
      hideLabel
      type="search"
      placeholder="Filter processes"
      value={filter.text}
      onChange={(text) => onFilter({ ...filter, text })}
      maxLength={200}
    />
    <Checkbox label="Rare only" checked={filter.isRare} onChange={(isRare) => onFilter({ ...filter, isRare })} />
    <span className="grow" />
    <span className="muted" role="status">
      {matching === null ? sourcesWords(found) : `${formatNumber(matching)} of ${countOf(found.processes.length, 'process', 'processes')}`}
    </span>
  </div>
)

const noFilter: Filter = { text: '', isRare: false }

/** The processes that a filter leaves, as rows. */
const useFiltered = (processes: readonly HostProcess[], isTree: boolean, filter: Filter) => {
  const names = useMemo(() => [...new Set(processes.map((p) => p.name).filter((name) => name !== ''))].sort(), [processes])
  const { rare, error } = useRareNames(names, filter.isRare)
  const rareNames = useMemo(() => (filter.isRare && rare !== undefined ? new Set(rare) : null), [filter.isRare, rare])
  return { ...useRows(processes, isTree, { text: useDeferredValue(filter.text), names: rareNames }), error }
}

const Loaded = ({ found, ...props }: ProcessesTabProps & { found: Found }) => {
  const { tenantId, hostId, selected, isTree, onChange } = props
  const { processes } = found
  const [filter, setFilter] = useState(noFilter)
  const view = useFiltered(processes, isTree, filter)
  const chosen = selected === null ? undefined : view.tree.byKey.get(selected)
  const select = (key: string | null) => onChange({ selected: key })
  return (
    <>
      <Tools found={found} isTree={isTree} onChange={onChange} filter={filter} onFilter={setFilter} matching={view.found} />
      {view.error !== null && <Note tone="bad">{messageOf(view.error)}</Note>}
      {view.rows.length === 0 ? (
        <EmptyState
          title="No process matches"
          actions={<Button onClick={() => setFilter(noFilter)}>Show all {formatNumber(processes.length)}</Button>}
        />
      ) : (
        <ProcessGrid
          rows={view.rows}
          isTree={isTree}
          selected={selected}
          onSelect={select}
          onToggle={view.toggle}
          onMore={view.showWhole}
        />
      )}
      {chosen !== undefined && (
        <ProcessDetail
          tenantId={tenantId}
          hostId={hostId}
          process={chosen}
          parent={chosen.parent === null ? undefined : view.tree.byKey.get(chosen.parent)}
          isIdShared={processes.some((one) => one.pid === chosen.pid && one.key !== chosen.key)}
          onSelect={select}
          onClose={() => select(null)}
        />
      )}
    </>
  )
}

export const ProcessesTab = (props: ProcessesTabProps) => {
  const [limit, setLimit] = useState(5000)
  const asked = useQuery(queryOf(hostProcesses, { params: { host_id: props.hostId }, query: { limit } }))
  const { data: found, error, refetch } = asked
  if (error !== null)
    return (
      <div className="tab-note">
        <Note tone="bad" live action={<Button onClick={() => void refetch()}>Try again</Button>}>
          {messageOf(error)}
        </Note>
      </div>
    )
  if (found === undefined) return <Skeleton rows={20} height={26} label="Loading processes" />
  if (found.processes.length === 0)
    return (
      <EmptyState title="No processes">
        <p>
          No row of this host tells of a process: neither a list of them nor a record of one that started. That says nothing about what ran.
        </p>
      </EmptyState>
    )
  return (
    <>
      <LeftOut found={found} limit={limit} onAll={() => setLimit(mostProcesses)} />
      <Loaded {...props} found={found} />
    </>
  )
}
