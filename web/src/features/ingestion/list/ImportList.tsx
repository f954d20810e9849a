import { Link } from '@tanstack/react-router'
import type { ImportReceipt } from '../../../../../shared/contract/ingestion.ts'
import { useMay, useSession } from '../../../api/session.ts'
import { evidenceText } from '../../../ui/format/evidence.ts'
import { messageOf } from '../../../api/problem.ts'
import { Segmented } from '../../../ui/actions/Segmented.tsx'
import { Button } from '../../../ui/actions/Button.tsx'
import { Pager } from '../../../ui/data/Pager.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { nameOf } from './import-words.ts'
import { ImportTable } from './ImportTable.tsx'
import { type ImportFilter, pageRows, useImportCount, useImports } from './useImports.ts'

export interface ImportListProps {
  state: ImportFilter
  skip: number
  selected: string | undefined
  onState: (state: ImportFilter) => void
  onSkip: (skip: number) => void
}

const titles: Readonly<Record<ImportFilter, string>> = { all: 'All imports', open: 'Open imports', trouble: 'Imports in trouble' }
const noneOf: Readonly<Record<ImportFilter, string>> = {
  all: 'Nothing has been imported yet',
  open: 'Nothing is running or waiting',
  trouble: 'No import is in trouble',
}

const Counted = ({ word, count }: { word: string; count: number | undefined }) => (
  <>
    {word} {count === undefined ? '' : formatNumber(count)}
  </>
)

/** The newest import that failed says why beside the list. */
const FailedNote = ({ receipt }: { receipt: ImportReceipt }) => {
  const tenantId = useSession().tenant_id
  return (
    <Note tone="bad">
      <strong className="mono">{evidenceText(nameOf(receipt))}</strong> {receipt.error}{' '}
      {receipt.rows_stored > 0 && `${countOf(receipt.rows_stored, 'row')} before that point are stored and searchable. `}
      <Link to="/t/$tenantId/imports/$importId" params={{ tenantId, importId: receipt.id }} search={(before) => before}>
        Receipt
      </Link>
    </Note>
  )
}

const NoImports = ({ state }: { state: ImportFilter }) => {
  const about = useMay('imports.write') ? 'What you drop on this page' : 'What others of this tenant import'
  return (
    <EmptyState title={noneOf[state]}>{state === 'all' ? `${about} stands here, with its receipt for ever after.` : undefined}</EmptyState>
  )
}

export const ImportList = ({ state, skip, selected, onState, onSkip }: ImportListProps) => {
  const imports = useImports(state, skip)
  const counts = { all: useImportCount('all'), open: useImportCount('open'), trouble: useImportCount('trouble') }
  const failed = imports.data?.rows.find((row) => row.state === 'failed' && row.error !== null && row.id !== selected)
  return (
    <>
      <Panel
        title={titles[state]}
        actions={
          <Segmented
            label="Which imports"
            value={state}
            options={[
              { value: 'all', label: <Counted word="All" count={counts.all} /> },
              { value: 'open', label: <Counted word="Open" count={counts.open} /> },
              { value: 'trouble', label: <Counted word="Trouble" count={counts.trouble} /> },
            ]}
            onChange={onState}
          />
        }
      >
        {imports.isError && (
          <Note
            tone="bad"
            action={
              <Button size="sm" onClick={() => void imports.refetch()}>
                Try again
              </Button>
            }
          >
            {messageOf(imports.error)}
          </Note>
        )}
        {imports.isPending && <Skeleton rows={6} label="Loading imports" />}
        {imports.data !== undefined && imports.data.rows.length > 0 && <ImportTable rows={imports.data.rows} selected={selected} />}
        {imports.data?.rows.length === 0 && <NoImports state={state} />}
        {imports.data !== undefined && imports.data.total > pageRows && (
          <Pager skip={skip} limit={pageRows} total={imports.data.total} what="imports" onSkip={onSkip} />
        )}
      </Panel>
      {failed !== undefined && <FailedNote receipt={failed} />}
    </>
  )
}
