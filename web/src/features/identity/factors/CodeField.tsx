import { TextField } from '../../../ui/forms/TextField.tsx'
import { focusFirst } from './focus-first.ts'

export type CodeKind = 'app' | 'recovery' | 'either'

export interface CodeFieldProps {
  kind: CodeKind
  value: string
  onChange: (value: string) => void
  error?: string | undefined
  size?: 'md' | 'lg'
  autoFocus?: boolean
}

const looks = {
  app: { label: 'Code', hint: 'Six digits that your authenticator app shows now.', inputMode: 'numeric', autoComplete: 'one-time-code' },
  recovery: { label: 'Recovery code', hint: 'One of the ten that you kept. It works once.', inputMode: 'text', autoComplete: 'off' },
  either: {
    label: 'Code',
    hint: 'Six digits of your authenticator app, or a recovery code.',
    inputMode: 'text',
    autoComplete: 'one-time-code',
  },
} as const

export const CodeField = ({ kind, ...rest }: CodeFieldProps) => (
  <TextField
    {...rest}
    {...looks[kind]}
    ref={rest.autoFocus === true ? focusFirst : undefined}
    name="code"
    mono
    autoCapitalize="off"
    spellCheck={false}
    maxLength={64}
  />
)
