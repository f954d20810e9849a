import type { InputHTMLAttributes, ReactNode, Ref } from 'react'
import './forms.css'

export interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'checked'> {
  label: ReactNode
  hideLabel?: boolean
  checked: boolean
  onChange: (checked: boolean) => void
  ref?: Ref<HTMLInputElement>
}

export const Checkbox = ({ label, hideLabel = false, checked, onChange, ...rest }: CheckboxProps) => (
  <label className="checkbox">
    <input {...rest} type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
    <span className={hideLabel ? 'visually-hidden' : ''}>{label}</span>
  </label>
)
