import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { getImport, type ImportReceipt } from '../../../../../shared/contract/ingestion.ts'
import { ApiProblem, messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { useSession } from '../../../api/session.ts'
import { Button, buttonClass } from '../../../ui/actions/Button.tsx'
import { Equation } from '../../../ui/data/Equation.tsx'
import { FileName } from '../list/FileName.tsx'
import { StateMark } from '../../../ui/data/StateMark.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { ImportAction } from '../list/ImportActions.tsx'
import { isRunning, nameOf } from '../list/import-words.ts'
import { ArtifactTable } from './ArtifactTable.tsx'
import { DeleteImport } from './DeleteImport.tsx'
import { ReceiptFacts } from './ReceiptFacts.tsx'
import { ReceiptFiles } from './ReceiptFiles.tsx'
import { RejectsTable } from './RejectsTable.tsx'
import './receipt.css'

const Warnings = ({ receipt }: { receipt: ImportReceipt }) => (
  <>
    {receipt.error !== null && (
      <Note tone={receipt.state === 'locked' ? 'warn' : 'bad'}>
        {receipt.error}
        {receipt.rows_stored > 0 && ` ${countOf(receipt.rows_stored, 'row')} are stored and searchable.`}
      </Note>
    )}
    {receipt.warnings.map((warning, at) => (
      <Note key={`${at}${warning.code}`} tone="warn">
        {warning.message}
        {warning.member !== null && (
          <>
            {' '}
            <span className="mono">{warning.member}</span>
          </>
        )}
        {warning.count !== null && warning.count > 1 && <span className="muted"> ({countOf(warning.count, 'time')})</span>}
      </Note>
    ))}
  </>
)

const Head = ({ receipt, onClosed }: { receipt: ImportReceipt; onClosed: () => void }) => {
  const tenantId = useSession().tenant_id
  return (
    <div className="panel-head receipt-head">
      <h2>Receipt</h2>
      <span className="grow cut receipt-name">
        <FileName name={nameOf(receipt)} />
      </span>
      <StateMark state={receipt.state} />
      <ImportAction receipt={receipt} />
      {receipt.rows_stored + receipt.rows_duplicate > 0 && (
        <>
          <Link className={buttonClass({ size: 'sm' })} to="/t/$tenantId/explore" params={{ tenantId }} search={{ imports: receipt.id }}>
            See its rows
          </Link>
          <Link
            className={buttonClass({ size: 'sm' })}
            to="/t/$tenantId/hosts/compare"
            params={{ tenantId }}
            search={{ right: `imports:${receipt.id}` }}
          >
            Compare
          </Link>
        </>
      )}
      <DeleteImport receipt={receipt} onDeleted={onClosed} />
    </div>
  )
}

const NotShown = ({ error, onRetry, onClosed }: { error: Error; onRetry: () => void; onClosed: () => void }) => {
  const isGone = error instanceof ApiProblem && error.code === 'not_found'
  return (
    <section className="panel" aria-label="Receipt">
      <EmptyState
        title={isGone ? 'This import is not here' : 'The receipt could not be read'}
        actions={isGone ? <Button onClick={onClosed}>All imports</Button> : <Button onClick={onRetry}>Try again</Button>}
      >
        {isGone ? 'It was deleted, or the link belongs to another tenant.' : messageOf(error)}
      </EmptyState>
    </section>
  )
}

const Sum = ({ receipt }: { receipt: ImportReceipt }) => (
  <div className="receipt-sum">
    <Equation
      total={{ value: receipt.rows_read, label: 'rows read' }}
      parts={[
        { value: receipt.rows_stored, label: 'stored' },
        { value: receipt.rows_duplicate, label: 'seen before' },
        { value: receipt.rows_rejected, label: 'rejected', bad: true },
      ]}
    />
    {isRunning(receipt) && <p className="muted">So far: the import is still running.</p>}
  </div>
)

const Shown = ({ receipt, onClosed }: { receipt: ImportReceipt; onClosed: () => void }) => (
  <section className="panel receipt" aria-label={`Receipt of ${nameOf(receipt)}`}>
    <Head receipt={receipt} onClosed={onClosed} />
    <Sum receipt={receipt} />
    {receipt.artifacts.length > 0 && <ArtifactTable receipt={receipt} />}
    <ReceiptFacts receipt={receipt} />
    {(receipt.warnings.length > 0 || receipt.error !== null) && (
      <div className="receipt-notes">
        <Warnings receipt={receipt} />
      </div>
    )}
    <ReceiptFiles receipt={receipt} />
    {receipt.rows_rejected > 0 && <RejectsTable importId={receipt.id} name={nameOf(receipt)} count={receipt.rows_rejected} />}
  </section>
)

/** What an import did, for ever after: every row is stored, seen before or rejected. */
export const ReceiptPanel = ({ importId, onClosed }: { importId: string; onClosed: () => void }) => {
  const found = useQuery({
    ...queryOf(getImport, { params: { import_id: importId } }),
    refetchInterval: ({ state: { data } }) => (data !== undefined && isRunning(data) ? 1000 : false),
  })
  if (found.data !== undefined) return <Shown receipt={found.data} onClosed={onClosed} />
  if (found.isError) return <NotShown error={found.error} onRetry={() => void found.refetch()} onClosed={onClosed} />
  return (
    <section className="panel" aria-label="Receipt">
      <Skeleton rows={10} label="Loading the receipt" />
    </section>
  )
}
