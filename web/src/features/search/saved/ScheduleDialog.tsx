import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { SavedSummary } from '../../../../../shared/contract/notes/saved.ts'
import { createSchedule, listSchedules } from '../../../../../shared/contract/notes/schedules.ts'
import { call } from '../../../api/call.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { Select } from '../../../ui/forms/Select.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { usualValues, ValueFields, valueFaults } from './RunDialog.tsx'
import { type Every, everyOptions } from './every.ts'
import './saved.css'

const ScheduleForm = ({ search, onClose }: { search: SavedSummary; onClose: () => void }) => {
  const [every, setEvery] = useState<Every>('60')
  const [byMail, setByMail] = useState(false)
  const [values, setValues] = useState(() => usualValues(search.parameters))
  const { data } = useQuery(queryOf(listSchedules, {}))
  const form = useSubmit(
    async () => {
      const body = { search_id: search.id, every_minutes: Number(every), values, also_by_mail: byMail }
      await call(createSchedule, { body })
      await invalidate(listSchedules)
      toast(`“${search.name}” runs by itself. Settings, Schedules shows how it goes.`)
      onClose()
    },
    () => valueFaults(search.parameters, values),
  )
  return (
    <form className="saved-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <p>It runs with your rights as they are at that time, and a notice tells you of new rows.</p>
      <Select label="Run" value={every} options={everyOptions} onChange={setEvery} />
      <ValueFields parameters={search.parameters} values={values} errors={form.errors} onChange={setValues} />
      {data?.sends_mail === true && (
        <Checkbox label="Tell me by mail, too, at most three times an hour" checked={byMail} onChange={setByMail} />
      )}
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" type="submit" busy={form.isBusy}>
          Schedule
        </Button>
      </div>
    </form>
  )
}

export const ScheduleDialog = ({ search, onClose }: { search: SavedSummary | null; onClose: () => void }) => (
  <Dialog isOpen={search !== null} onClose={onClose} title={search === null ? '' : `Schedule “${search.name}”`}>
    {search !== null && <ScheduleForm search={search} onClose={onClose} />}
  </Dialog>
)
