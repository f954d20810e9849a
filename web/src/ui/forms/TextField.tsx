import type { InputHTMLAttributes, Ref } from 'react'
import { Field, type FieldLabels } from './Field.tsx'

export interface TextFieldProps extends FieldLabels, Omit<InputHTMLAttributes<HTMLInputElement>, 'size' | 'onChange' | 'value'> {
  value: string
  onChange: (value: string) => void
  size?: 'md' | 'lg'
  mono?: boolean
  ref?: Ref<HTMLInputElement>
}

export const TextField = ({
  label,
  hint,
  error,
  hideLabel,
  size = 'md',
  mono = false,
  onChange,
  className = '',
  ...rest
}: TextFieldProps) => (
  <Field label={label} hint={hint} error={error} hideLabel={hideLabel}>
    {(ids) => (
      <input
        type="text"
        {...rest}
        {...ids}
        className={`input input-${size} ${mono ? 'mono' : ''} ${className}`}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )}
  </Field>
)
