import { type ReactNode, useId } from 'react'
import { Icon } from '../icons/Icon.tsx'
import './forms.css'

export interface FieldLabels {
  label: ReactNode
  /** Shown under the control as long as there is no error. */
  hint?: ReactNode
  error?: string | undefined
  /** The label is only for screen readers (a filter box in a toolbar). */
  hideLabel?: boolean
}

export interface FieldIds {
  id: string
  'aria-invalid': true | undefined
  'aria-describedby': string | undefined
}

/** Label, control, then the error or the hint, tied together for screen readers. */
export const Field = ({ label, hint, error, hideLabel = false, children }: FieldLabels & { children: (ids: FieldIds) => ReactNode }) => {
  const id = useId()
  const hasError = error !== undefined && error !== ''
  const note = hasError || (hint !== undefined && hint !== null)
  return (
    <div className="field">
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : 'field-label'}>
        {label}
      </label>
      {children({ id, 'aria-invalid': hasError || undefined, 'aria-describedby': note ? `${id}-note` : undefined })}
      {hasError ? (
        <p className="field-error" id={`${id}-note`}>
          <Icon name="warn" size={14} />
          <span>{error}</span>
        </p>
      ) : (
        note && (
          <div className="field-hint" id={`${id}-note`}>
            {hint}
          </div>
        )
      )}
    </div>
  )
}
