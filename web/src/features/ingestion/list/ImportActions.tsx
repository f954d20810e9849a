import { useState } from 'react'
import { type ImportReceipt, listImports, getImport, retryImport } from '../../../../../shared/contract/ingestion.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useMay } from '../../../api/session.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { canRetry, retryWords } from './import-words.ts'
import { UnlockDialog } from './UnlockDialog.tsx'

/** Goes on where an import stopped. */
export const RetryButton = ({ receipt }: { receipt: ImportReceipt }) => {
  const { isBusy, problem, onSubmit } = useSubmit(async () => {
    await call(retryImport, { params: { import_id: receipt.id } })
    await invalidate(listImports, getImport)
  })
  return (
    <form onSubmit={onSubmit} className="row" onClick={(event) => event.stopPropagation()}>
      <Button type="submit" size="sm" icon="retry" busy={isBusy} title={problem ?? undefined}>
        {retryWords(receipt)}
      </Button>
      {problem !== null && (
        <span className="import-problem" role="alert">
          {problem}
        </span>
      )}
    </form>
  )
}

export const UnlockButton = ({ receipt }: { receipt: ImportReceipt }) => {
  const [isOpen, setOpen] = useState(false)
  return (
    <span onClick={(event) => event.stopPropagation()}>
      <Button size="sm" icon="key" onClick={() => setOpen(true)}>
        Unlock
      </Button>
      <UnlockDialog receipt={receipt} isOpen={isOpen} onClose={() => setOpen(false)} />
    </span>
  )
}

/** What an import waits for from a person, as a button; null when it waits for nothing. */
export const ImportAction = ({ receipt }: { receipt: ImportReceipt }) => {
  const mayWrite = useMay('imports.write')
  if (!mayWrite) return null
  if (receipt.state === 'locked') return <UnlockButton receipt={receipt} />
  return canRetry(receipt) ? <RetryButton receipt={receipt} /> : null
}
