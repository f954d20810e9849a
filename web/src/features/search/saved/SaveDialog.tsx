import { useState } from 'react'
import { changeSaved, listSaved, type SavedSearch, saveSearch } from '../../../../../shared/contract/notes/saved.ts'
import { parameterTypes, type SavedState, type SearchParameter } from '../../../../../shared/domain/hunt.ts'
import { placeholdersIn } from '../../../../../shared/query/placeholders/bind.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useMay } from '../../../api/session.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { Select } from '../../../ui/forms/Select.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import './saved.css'

/** What is to be kept: a search that is there already, or what the page asks now. */
export interface Draft {
  id: string | null
  name: string
  description: string
  folder: string
  state: SavedState
  parameters: readonly SearchParameter[]
  is_shared: boolean
}

/** What it asks is its name until it is given a better one. */
const nameOf = (state: SavedState): string => [state.q, ...state.pills.map((pill) => pill.text)].join(' ').trim().slice(0, 80)

export const draftOf = (state: SavedState): Draft => ({
  id: null,
  name: nameOf(state),
  description: '',
  folder: '',
  state,
  parameters: [],
  is_shared: false,
})
export const draftFrom = ({ id, name, description, folder, state, parameters, is_shared }: SavedSearch): Draft => ({
  id,
  name,
  description,
  folder,
  state,
  parameters,
  is_shared,
})

const typeWords = { text: 'Text', pattern: 'Text with * and ?', number: 'Number', time: 'Time' } as const

/** One for each placeholder that stands in the query now; what was said of one that was there before stays. */
const parametersOf = (state: SavedState, before: readonly SearchParameter[]): SearchParameter[] =>
  [...new Set([state.q, ...state.pills.map((pill) => pill.text)].flatMap(placeholdersIn))].map(
    (name) => before.find((one) => one.name === name) ?? { name, type: 'text', default: null },
  )

const ParameterFields = ({ parameters, onChange }: { parameters: readonly SearchParameter[]; onChange: (of: SearchParameter) => void }) => (
  <fieldset className="saved-parameters">
    <legend className="field-label">Asked for before it runs</legend>
    {parameters.map((one) => (
      <div key={one.name} className="saved-parameter">
        <span className="mono cut">{`{{${one.name}}}`}</span>
        <Select
          label={`Type of ${one.name}`}
          hideLabel
          value={one.type}
          options={parameterTypes.map((value) => ({ value, label: typeWords[value] }))}
          onChange={(type) => onChange({ ...one, type })}
        />
        <TextField
          label={`Default of ${one.name}`}
          hideLabel
          mono
          placeholder="Default, or nothing"
          value={one.default ?? ''}
          onChange={(text) => onChange({ ...one, default: text === '' ? null : text })}
        />
      </div>
    ))}
  </fieldset>
)

const useSaving = (draft: Draft, parameters: SearchParameter[], onSaved: () => void) =>
  useSubmit(
    async () => {
      const { id, name, description, folder, state, is_shared } = draft
      const body = { name: name.trim(), description, folder, state, parameters, is_shared }
      await (id === null ? call(saveSearch, { body }) : call(changeSaved, { params: { search_id: id }, body }))
      await invalidate(listSaved)
      toast(`“${body.name}” is saved.`)
      onSaved()
    },
    (): Record<string, string> => (draft.name.trim() === '' ? { name: 'Give it a name.' } : {}),
  )

const QueryField = ({ state, onChange }: { state: SavedState; onChange: (state: SavedState) => void }) => (
  <TextField
    label="Query"
    name="query"
    mono
    hint={
      <>
        Write {'{{name}}'} where a value is to be asked for: host_name:{'{{host}}'}.
        {state.pills.length > 0 && ` Its ${countOf(state.pills.length, 'filter')}, time, view and columns are kept too.`}
      </>
    }
    value={state.q}
    onChange={(q) => onChange({ ...state, q })}
    spellCheck={false}
  />
)

const SaveForm = ({ of, onClose }: { of: Draft; onClose: () => void }) => {
  const [draft, setDraft] = useState(of)
  const mayShare = useMay('hunt.write')
  const parameters = parametersOf(draft.state, draft.parameters)
  const form = useSaving(draft, parameters, onClose)
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  return (
    <form className="saved-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <TextField label="Name" name="name" value={draft.name} error={form.errors.name} onChange={(name) => set({ name })} maxLength={200} />
      <QueryField state={draft.state} onChange={(state) => set({ state })} />
      {parameters.length > 0 && (
        <ParameterFields
          parameters={parameters}
          onChange={(changed) => set({ parameters: parameters.map((one) => (one.name === changed.name ? changed : one)) })}
        />
      )}
      <TextField
        label="Description"
        name="description"
        value={draft.description}
        onChange={(description) => set({ description })}
        maxLength={4000}
      />
      <TextField
        label="Folder"
        name="folder"
        hint="Levels by /"
        value={draft.folder}
        onChange={(folder) => set({ folder })}
        maxLength={200}
      />
      {mayShare && (
        <Checkbox label="Share with everybody of the tenant" checked={draft.is_shared} onChange={(is_shared) => set({ is_shared })} />
      )}
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" type="submit" busy={form.isBusy}>
          Save search
        </Button>
      </div>
    </form>
  )
}

export const SaveDialog = ({ draft, onClose }: { draft: Draft | null; onClose: () => void }) => (
  <Dialog isOpen={draft !== null} onClose={onClose} title={draft?.id == null ? 'Save this search' : 'Saved search'}>
    {draft !== null && <SaveForm key={draft.id ?? 'new'} of={draft} onClose={onClose} />}
  </Dialog>
)
