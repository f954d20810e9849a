import { type FormEvent, useState } from 'react'
import { parseQuery } from '../../../../../shared/query/parse.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'

const faultOf = (text: string): string | undefined => {
  if (text.trim() === '') return 'Write a filter, such as host_name:WS-01 or NOT user_name:system.'
  const parsed = parseQuery(text)
  return parsed.ok ? undefined : parsed.errors[0]?.message
}

/** A filter as query text: whatever the box understands, a pill may hold. */
export const PillEditor = ({ text, onSave, onClose }: { text: string; onSave: (text: string) => void; onClose: () => void }) => {
  const [draft, setDraft] = useState(text)
  const [error, setError] = useState<string | undefined>()
  const save = (event: FormEvent) => {
    event.preventDefault()
    const fault = faultOf(draft)
    if (fault === undefined) onSave(draft.trim())
    else setError(fault)
  }
  return (
    <form className="pill-editor" onSubmit={save}>
      <TextField
        label={text === '' ? 'New filter' : 'Filter'}
        mono
        value={draft}
        onChange={(next) => {
          setDraft(next)
          setError(undefined)
        }}
        error={error}
        hint="field:value, NOT field:value, or any query. All filters must hold."
        autoComplete="off"
        spellCheck={false}
      />
      <div className="row">
        <span className="grow" />
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary">
          {text === '' ? 'Add filter' : 'Save filter'}
        </Button>
      </div>
    </form>
  )
}
