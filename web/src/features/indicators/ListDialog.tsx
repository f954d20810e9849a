import { useState } from 'react'
import { createIndicatorList, listIndicatorLists } from '../../../../shared/contract/detect/indicators.ts'
import type { Tlp } from '../../../../shared/domain/indicators.ts'
import { call } from '../../api/call.ts'
import { invalidate } from '../../api/query-client.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Select } from '../../ui/forms/Select.tsx'
import { TextField } from '../../ui/forms/TextField.tsx'
import { Dialog } from '../../ui/overlay/Dialog.tsx'
import { tlpOptions } from './indicator-words.ts'
import './indicators.css'

const kinds = [
  { value: 'bad', label: 'What is known to be bad' },
  { value: 'good', label: 'The known good: it never matches' },
] as const

const ListForm = ({ onMade, onClose }: { onMade: (id: string) => void; onClose: () => void }) => {
  const [draft, setDraft] = useState({ name: '', description: '', source: '', tlp: 'none' as Tlp, holds: 'bad' as 'bad' | 'good' })
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }))
  const form = useSubmit(
    async () => {
      const { holds, ...body } = draft
      const made = await call(createIndicatorList, { body: { ...body, is_allow_list: holds === 'good' } })
      await invalidate(listIndicatorLists)
      onMade(made.id)
    },
    (): Record<string, string> => (draft.name.trim() === '' ? { name: 'Name the list.' } : {}),
  )
  return (
    <form className="indicator-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <TextField
        label="Name"
        name="name"
        autoFocus
        maxLength={100}
        value={draft.name}
        onChange={(name) => set({ name })}
        error={form.errors.name}
      />
      <Select label="It holds" value={draft.holds} options={kinds} onChange={(holds) => set({ holds })} />
      <TextField
        label="Source"
        name="source"
        maxLength={200}
        value={draft.source}
        onChange={(source) => set({ source })}
        hint="Who says so; of indicators that name none."
      />
      <Select label="Traffic light protocol" value={draft.tlp} options={tlpOptions} onChange={(tlp) => set({ tlp })} />
      <TextField
        label="Description"
        name="description"
        maxLength={1000}
        value={draft.description}
        onChange={(description) => set({ description })}
      />
      <div className="indicator-buttons">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Make the list
        </Button>
      </div>
    </form>
  )
}

export const ListDialog = ({ isOpen, ...rest }: { isOpen: boolean; onMade: (id: string) => void; onClose: () => void }) => (
  <Dialog isOpen={isOpen} onClose={rest.onClose} title="New list of indicators">
    <ListForm {...rest} />
  </Dialog>
)
