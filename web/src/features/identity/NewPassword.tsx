import { PasswordField } from '../../ui/forms/PasswordField.tsx'
import { type PasswordVerdict, usePasswordCheck } from './usePasswordCheck.ts'
import './auth.css'

export interface NewPasswordProps {
  label?: string
  name?: string
  value: string
  onChange: (value: string) => void
  username: string
  minLength: number
  error?: string | undefined
  size?: 'md' | 'lg'
}

const words = ['very weak', 'weak', 'fair', 'good', 'strong'] as const

const unknown: PasswordVerdict = { score: 0, problems: [] }

const Meter = ({ score, problems, minLength }: PasswordVerdict & { minLength: number }) => {
  const isGood = score > 0 && problems.length === 0
  return (
    <>
      <span
        className={`strength ${isGood ? 'strength-good' : 'strength-weak'}`}
        role="img"
        aria-label={`Strength ${score} of 4, ${words[score] ?? ''}`}
      >
        {[1, 2, 3, 4].map((step) => (
          <i key={step} className={step <= score ? 'is-on' : ''} />
        ))}
      </span>
      <span aria-live="polite">
        {problems.length > 0 ? problems.join(' ') : `At least ${minLength} characters. Length counts more than symbols.`}
      </span>
    </>
  )
}

/** A password to be: its strength and what speaks against it, while it is typed. */
export const NewPassword = ({
  label = 'Password',
  name = 'password',
  value,
  onChange,
  username,
  minLength,
  error,
  size = 'lg',
}: NewPasswordProps) => {
  const verdict = usePasswordCheck(value, username) ?? unknown
  return (
    <PasswordField
      label={label}
      name={name}
      size={size}
      autoComplete="new-password"
      required
      maxLength={1024}
      value={value}
      onChange={onChange}
      error={error}
      hint={<Meter score={verdict.score} problems={verdict.problems} minLength={minLength} />}
    />
  )
}
