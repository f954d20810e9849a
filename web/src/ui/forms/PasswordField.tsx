import { useState } from 'react'
import { IconButton } from '../actions/IconButton.tsx'
import { Field } from './Field.tsx'
import type { TextFieldProps } from './TextField.tsx'

export const PasswordField = ({ label, hint, error, hideLabel, size = 'md', mono = false, onChange, ...rest }: TextFieldProps) => {
  const [isShown, setShown] = useState(false)
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel}>
      {(ids) => (
        <div className="password-input">
          <input
            {...rest}
            {...ids}
            type={isShown ? 'text' : 'password'}
            className={`input input-${size} ${mono ? 'mono' : ''}`}
            autoCapitalize="off"
            spellCheck={false}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
          <IconButton
            icon={isShown ? 'eye-off' : 'eye'}
            label={isShown ? 'Hide password' : 'Show password'}
            onClick={() => setShown(!isShown)}
          />
        </div>
      )}
    </Field>
  )
}
