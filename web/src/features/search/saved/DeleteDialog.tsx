import { useQuery } from '@tanstack/react-query'
import { deleteSaved, listSaved, type SavedSummary } from '../../../../../shared/contract/notes/saved.ts'
import { listSchedules } from '../../../../../shared/contract/notes/schedules.ts'
import { call } from '../../../api/call.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { countOf } from '../../../ui/format/numbers.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import './saved.css'

const DeleteForm = ({ search, onClose }: { search: SavedSummary; onClose: () => void }) => {
  const { data } = useQuery(queryOf(listSchedules, {}))
  const schedules = data?.schedules.filter((one) => one.search_id === search.id).length ?? 0
  const form = useSubmit(async () => {
    await call(deleteSaved, { params: { search_id: search.id } })
    await invalidate(listSaved, listSchedules)
    toast(`“${search.name}” is deleted.`)
    onClose()
  })
  return (
    <form className="saved-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <p>
        {search.is_shared ? 'It goes for everybody of the tenant' : 'It is yours alone'}, and its schedules go with it
        {schedules > 0 && `: ${countOf(schedules, 'schedule')} that you see`}. Rows, tags and comments stay.
      </p>
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="bad" type="submit" busy={form.isBusy}>
          Delete search
        </Button>
      </div>
    </form>
  )
}

export const DeleteDialog = ({ search, onClose }: { search: SavedSummary | null; onClose: () => void }) => (
  <Dialog isOpen={search !== null} onClose={onClose} title={search === null ? '' : `Delete “${search.name}”`}>
    {search !== null && <DeleteForm search={search} onClose={onClose} />}
  </Dialog>
)
