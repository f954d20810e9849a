import { useState } from 'react'
import { hostRisk, setHostWeight, type WeightOfHost } from '../../../../../shared/contract/detect/detection-views.ts'
import { listDetections } from '../../../../../shared/contract/detect/detections.ts'
import type { HostWeight } from '../../../../../shared/domain/detections.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Segmented } from '../../../ui/actions/Segmented.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { readAgain } from '../acts/triage.ts'
import { weightWords } from '../marks/detection-words.ts'

const weights = (['low', 'normal', 'high'] as const).map((value) => ({ value, label: weightWords[value] }))

/** What a host is worth: it moves the severity of its detections by one step. */
export const WeightDialog = ({ hostId, weight, onClose }: { hostId: string; weight: WeightOfHost; onClose: () => void }) => {
  const [value, setValue] = useState<HostWeight>(weight.weight)
  const [reason, setReason] = useState(weight.reason)
  const form = useSubmit(async () => {
    const { detections } = await call(setHostWeight, { params: { host_id: hostId }, body: { weight: value, reason } })
    await Promise.all([invalidate(hostRisk, listDetections), readAgain()])
    toast(`Weight ${weightWords[value].toLowerCase()}: the severity of ${countOf(detections, 'detection')} moved.`)
    onClose()
  })
  return (
    <Dialog isOpen onClose={onClose} title="What is this host worth?">
      <form className="detect-stack" onSubmit={form.onSubmit} noValidate>
        {form.problem !== null && (
          <Note tone="bad" live>
            {form.problem}
          </Note>
        )}
        <p>A high weight makes its detections one step more severe than their rules say, a low one one step less.</p>
        <Segmented label="Weight" value={value} options={weights} onChange={setValue} size="md" />
        <TextField
          label="Reason"
          name="reason"
          value={reason}
          maxLength={500}
          onChange={setReason}
          placeholder="Domain controller"
          error={form.errors['reason']}
        />
        <div className="row">
          <span className="grow" />
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={form.isBusy}>
            Set weight
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
