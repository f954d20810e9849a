import { type FormEvent, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { ApiProblem, FieldFaults, messageOf } from './problem.ts'

export interface Submitting {
  isBusy: boolean
  /** What concerns the form as a whole: shown above it. */
  problem: string | null
  /** By field name: shown under the field. */
  errors: Readonly<Record<string, string>>
  onSubmit: (event: FormEvent<HTMLFormElement>) => void
  clear: () => void
}

type Errors = Record<string, string>

/** `errors` of a reply by field; what no field of the form can show goes into the sentence above. */
const sort = (error: unknown, known: (field: string) => boolean): { problem: string | null; errors: Readonly<Errors> } => {
  if (error instanceof FieldFaults) return { problem: null, errors: error.faults }
  if (!(error instanceof ApiProblem) || error.errors.length === 0) return { problem: messageOf(error), errors: {} }
  const errors: Errors = {}
  const rest: string[] = []
  for (const { field, message } of error.errors) {
    const name = field.replace(/^(body|query)\./, '')
    if (!known(name)) rest.push(message)
    else errors[name] = errors[name] === undefined ? message : `${errors[name]} ${message}`
  }
  return { problem: rest.length > 0 ? rest.join(' ') : null, errors }
}

/**
 * A form's way to the server. `check` finds faults before anything is sent (field name to message). After a refusal the focus
 * goes to the first field that is wrong; fields are found by their `name`.
 */
export const useSubmit = (send: () => Promise<void>, check: () => Errors = () => ({})): Submitting => {
  const [isBusy, setBusy] = useState(false)
  const [state, setState] = useState<{ problem: string | null; errors: Readonly<Errors> }>({ problem: null, errors: {} })
  const busy = useRef(false)

  const refuse = (form: HTMLFormElement, found: { problem: string | null; errors: Readonly<Errors> }) => {
    flushSync(() => setState(found))
    form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }
  const submit = async (form: HTMLFormElement) => {
    const faults = check()
    if (Object.keys(faults).length > 0) return refuse(form, { problem: null, errors: faults })
    busy.current = true
    setBusy(true)
    try {
      await send()
      setState({ problem: null, errors: {} })
    } catch (error) {
      refuse(
        form,
        sort(error, (name) => form.elements.namedItem(name) !== null),
      )
    } finally {
      busy.current = false
      setBusy(false)
    }
  }
  return {
    isBusy,
    ...state,
    onSubmit: (event) => {
      event.preventDefault()
      if (!busy.current) void submit(event.currentTarget)
    },
    clear: () => setState({ problem: null, errors: {} }),
  }
}
