import type { ReactNode } from 'react'
import './actions.css'

export interface SegmentedProps<T extends string> {
  label: string
  value: T
  options: readonly { value: T; label: ReactNode }[]
  onChange: (value: T) => void
  size?: 'sm' | 'md'
}

/** One of a few, all of them in sight. */
export const Segmented = <T extends string>({ label, value, options, onChange, size = 'sm' }: SegmentedProps<T>) => (
  <div className={`segmented segmented-${size}`} role="group" aria-label={label}>
    {options.map((option) => (
      <button key={option.value} type="button" aria-pressed={option.value === value} onClick={() => onChange(option.value)}>
        {option.label}
      </button>
    ))}
  </div>
)
