import { useState } from 'react'
import type { SavedSummary } from '../../../../../shared/contract/notes/saved.ts'
import type { SavedState, SearchParameter } from '../../../../../shared/domain/hunt.ts'
import { misfitOf } from '../../../../../shared/query/placeholders/bind.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { runSavedSearch } from './run-saved.ts'
import './saved.css'

const hints: Readonly<Record<SearchParameter['type'], string>> = {
  text: 'Text, taken as it is',
  pattern: 'Text; * and ? are wildcards',
  number: 'A number',
  time: 'A time: 2026-03-10, 2026-03-10T08:42:19Z or now-7d',
}

export interface ValueFieldsProps {
  parameters: readonly SearchParameter[]
  values: Readonly<Record<string, string>>
  errors: Readonly<Record<string, string>>
  onChange: (values: Record<string, string>) => void
}

export const ValueFields = ({ parameters, values, errors, onChange }: ValueFieldsProps) => (
  <>
    {parameters.map(({ name, type }) => (
      <TextField
        key={name}
        name={name}
        label={name}
        hint={hints[type]}
        error={errors[name]}
        mono
        autoComplete="off"
        value={values[name] ?? ''}
        onChange={(value) => onChange({ ...values, [name]: value })}
      />
    ))}
  </>
)

export const usualValues = (parameters: readonly SearchParameter[]): Record<string, string> =>
  Object.fromEntries(parameters.map(({ name, default: usual }) => [name, usual ?? '']))

/** By the name of the parameter: what is wrong with its value. */
export const valueFaults = (parameters: readonly SearchParameter[], values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    parameters.flatMap(({ name, type }) => {
      const why = misfitOf({ type, text: values[name] ?? '' })
      return why === null ? [] : [[name, why]]
    }),
  )

const RunForm = ({ search, onRun, onClose }: { search: SavedSummary; onRun: (state: SavedState) => void; onClose: () => void }) => {
  const { parameters } = search
  const [values, setValues] = useState(() => usualValues(parameters))
  const form = useSubmit(
    async () => onRun(await runSavedSearch(search, values)),
    () => valueFaults(parameters, values),
  )
  return (
    <form className="saved-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <ValueFields parameters={parameters} values={values} errors={form.errors} onChange={setValues} />
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" type="submit" busy={form.isBusy}>
          Run
        </Button>
      </div>
    </form>
  )
}

/** Asks for the parameters of a saved search. */
export const RunDialog = ({
  search,
  onRun,
  onClose,
}: {
  search: SavedSummary | null
  onRun: (state: SavedState) => void
  onClose: () => void
}) => (
  <Dialog isOpen={search !== null} onClose={onClose} title={search === null ? '' : `Run “${search.name}”`}>
    {search !== null && <RunForm search={search} onRun={onRun} onClose={onClose} />}
  </Dialog>
)
