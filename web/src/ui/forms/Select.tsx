import type { SelectHTMLAttributes } from 'react'
import { Icon } from '../icons/Icon.tsx'
import { Field, type FieldLabels } from './Field.tsx'

export interface SelectProps<T extends string>
  extends FieldLabels,
    Omit<SelectHTMLAttributes<HTMLSelectElement>, 'size' | 'onChange' | 'value'> {
  value: T
  options: readonly { value: T; label: string }[]
  onChange: (value: T) => void
  size?: 'sm' | 'md' | 'lg'
}

export const Select = <T extends string>({
  label,
  hint,
  error,
  hideLabel,
  value,
  options,
  onChange,
  size = 'md',
  ...rest
}: SelectProps<T>) => (
  <Field label={label} hint={hint} error={error} hideLabel={hideLabel}>
    {(ids) => (
      <div className="select">
        <select
          {...rest}
          {...ids}
          className={`input input-${size}`}
          value={value}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.currentTarget.value)
            if (chosen !== undefined) onChange(chosen.value)
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon name="down" size={14} />
      </div>
    )}
  </Field>
)
