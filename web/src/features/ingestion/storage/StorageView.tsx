import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { storage } from '../../../../../shared/contract/ingestion.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { useSession } from '../../../api/session.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { FileName } from '../list/FileName.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Progress } from '../../../ui/feedback/Progress.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { countOf, formatBytes, formatBytesOf, formatNumber, formatPercent } from '../../../ui/format/numbers.ts'
import { Facts } from '../../../ui/layout/Facts.tsx'
import { Panel } from '../../../ui/layout/Panel.tsx'
import '../ingestion.css'

export type Storage = Reply<typeof storage>

/** What the tenant, its imports and the stores use; looked at again every 30 s. */
export const useStorage = () => useQuery({ ...queryOf(storage, {}), refetchInterval: 30_000 })

/** A disk that is full is said on every page that writes. */
export const FullNote = ({ data }: { data: Storage | undefined }) =>
  data?.disk.is_full === true ? (
    <Note tone="bad">
      The disk of the server is full ({formatBytes(data.disk.free_bytes)} free, {formatBytes(data.disk.reserve_bytes)} are kept for sign-in
      and reading). Everything stored is safe and searchable; new imports are refused until there is room. Delete imports, or give the
      server more disk.
    </Note>
  ) : null

const Tenant = ({ data }: { data: Storage }) => {
  const { evidence_bytes, evidence_files, event_bytes, event_rows, quota_bytes } = data.tenant
  return (
    <Panel title="This tenant" padded>
      <Facts
        facts={[
          { label: 'Evidence', value: quota_bytes === null ? formatBytes(evidence_bytes) : formatBytesOf(evidence_bytes, quota_bytes) },
          { label: 'Files', value: formatNumber(evidence_files) },
          { label: 'Rows', value: formatNumber(event_rows) },
          { label: 'Rows on disk', value: formatBytes(event_bytes) },
        ]}
      />
      {quota_bytes !== null && (
        <div className="storage-bar">
          <Progress value={evidence_bytes} max={quota_bytes} label="Evidence, share of the quota" />
          <p className="muted">
            {formatPercent(evidence_bytes, quota_bytes)} of the quota. An upload that would go beyond it is refused before a byte is
            written.
          </p>
        </div>
      )}
      {quota_bytes === null && <p className="muted storage-bar">No quota is set for this tenant.</p>}
    </Panel>
  )
}

const Disk = ({ data }: { data: Storage }) => {
  const { total_bytes, free_bytes, reserve_bytes } = data.disk
  return (
    <Panel title="Disk of the server" padded>
      <Facts
        facts={[
          { label: 'Used', value: formatBytesOf(total_bytes - free_bytes, total_bytes) },
          { label: 'Free', value: formatBytes(free_bytes) },
          { label: 'Kept free', value: formatBytes(reserve_bytes) },
        ]}
      />
      <div className="storage-bar">
        <Progress value={total_bytes - free_bytes} max={total_bytes} label="Disk, share in use" />
      </div>
    </Panel>
  )
}

const storeColumns: readonly Column<Storage['stores'][number]>[] = [
  { key: 'name', head: 'Store', cell: (row) => row.name },
  { key: 'kind', head: 'Kind', cell: (row) => <span className="soft">{row.kind}</span> },
  {
    key: 'health',
    head: 'State',
    cell: (row) => (row.is_healthy ? <Chip tone="ok">answers</Chip> : <Chip tone="bad">does not answer</Chip>),
  },
  {
    key: 'bytes',
    head: 'Size',
    number: true,
    cell: (row) => (row.bytes === null ? <span className="muted">only for the platform admin</span> : formatBytes(row.bytes)),
  },
]

const Stores = ({ data }: { data: Storage }) => (
  <Panel title="Stores">
    <Table caption="Stores of the installation" columns={storeColumns} rows={data.stores} rowKey={(row) => row.name} />
  </Panel>
)

const tenantColumns: readonly Column<Storage['tenants'][number]>[] = [
  { key: 'name', head: 'Tenant', className: 'cell-wide', cell: (row) => row.name },
  { key: 'evidence', head: 'Evidence', number: true, cell: (row) => formatBytes(row.evidence_bytes) },
  { key: 'rows', head: 'Rows on disk', number: true, cell: (row) => formatBytes(row.event_bytes) },
  {
    key: 'quota',
    head: 'Quota',
    number: true,
    cell: (row) => (row.quota_bytes === null ? <span className="muted">none</span> : formatBytes(row.quota_bytes)),
  },
]

const AllTenants = ({ data }: { data: Storage }) => (
  <Panel title="Tenants of the installation">
    <Table caption="Tenants of the installation" columns={tenantColumns} rows={data.tenants} rowKey={(row) => row.tenant_id} />
  </Panel>
)

type Largest = Storage['imports'][number]

const ImportLink = ({ row }: { row: Largest }) => {
  const tenantId = useSession().tenant_id
  return (
    <Link to="/t/$tenantId/imports/$importId" params={{ tenantId, importId: row.import_id }} className="import-link">
      <FileName name={row.name} />
    </Link>
  )
}

const importColumns: readonly Column<Largest>[] = [
  {
    key: 'name',
    head: 'Import',
    className: 'cell-wide',
    cell: (row) => <ImportLink row={row} />,
  },
  { key: 'file', head: 'File', number: true, cell: (row) => formatBytes(row.file_bytes) },
  { key: 'rows', head: 'Rows', number: true, cell: (row) => formatNumber(row.rows_stored) },
  { key: 'at', head: 'Imported', className: 'not-phone-cell', cell: (row) => <Time at={row.created_at} to="minute" /> },
]

const LargestImports = ({ data }: { data: Storage }) => {
  return (
    <Panel title={data.imports.length === 100 ? 'The 100 largest imports' : `Imports by size (${data.imports.length})`}>
      {data.imports.length === 0 ? (
        <EmptyState title="Nothing is stored yet" />
      ) : (
        <Table caption="Imports by size" columns={importColumns} rows={data.imports} rowKey={(row) => row.import_id} />
      )}
    </Panel>
  )
}

export const StorageView = () => {
  const found = useStorage()
  if (found.isError && found.data === undefined)
    return (
      <Note
        tone="bad"
        action={
          <Button size="sm" onClick={() => void found.refetch()}>
            Try again
          </Button>
        }
      >
        {messageOf(found.error)}
      </Note>
    )
  if (found.data === undefined) return <Skeleton rows={8} label="Loading what is used" />
  const { data } = found
  return (
    <>
      <FullNote data={data} />
      <div className="storage-top">
        <Tenant data={data} />
        <Disk data={data} />
      </div>
      {data.stores.length > 0 && <Stores data={data} />}
      {data.tenants.length > 0 && <AllTenants data={data} />}
      <LargestImports data={data} />
      <p className="visually-hidden" role="status">
        {countOf(data.tenant.event_rows, 'row')} in {countOf(data.tenant.evidence_files, 'file')}
      </p>
    </>
  )
}
