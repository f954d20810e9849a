import { useState } from 'react'
import { deleteImport, getImport, type ImportReceipt, listImports, storage } from '../../../../../shared/contract/ingestion.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useMay } from '../../../api/session.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { FileName } from '../list/FileName.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { countOf } from '../../../ui/format/numbers.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { isRunning, nameOf } from '../list/import-words.ts'

const Confirm = ({ receipt, onClose, onDeleted }: { receipt: ImportReceipt; onClose: () => void; onDeleted: () => void }) => {
  const { isBusy, problem, onSubmit } = useSubmit(async () => {
    await call(deleteImport, { params: { import_id: receipt.id } })
    onDeleted()
    toast(`${nameOf(receipt)} is being removed.`)
    await invalidate(listImports, getImport, storage)
  })
  return (
    <form className="stack" onSubmit={onSubmit}>
      <strong>
        <FileName name={nameOf(receipt)} />
      </strong>
      <p>
        Its {countOf(receipt.rows_stored, 'stored row')} {receipt.rows_stored === 1 ? 'goes' : 'go'} for good. Rows that another import
        delivered too stay and belong to that import from then on. The uploaded file goes too, unless another import of this tenant holds
        the same file.
      </p>
      {problem !== null && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      <div className="row">
        <span className="grow" />
        <Button onClick={onClose}>Keep it</Button>
        <Button type="submit" variant="bad" icon="trash" busy={isBusy}>
          Delete the import
        </Button>
      </div>
    </form>
  )
}

export const DeleteImport = ({ receipt, onDeleted }: { receipt: ImportReceipt; onDeleted: () => void }) => {
  const [isOpen, setOpen] = useState(false)
  if (!useMay('imports.write') || isRunning(receipt)) return null
  return (
    <>
      <IconButton icon="trash" label="Delete this import" onClick={() => setOpen(true)} />
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="Delete this import?">
        <Confirm receipt={receipt} onClose={() => setOpen(false)} onDeleted={onDeleted} />
      </Dialog>
    </>
  )
}
