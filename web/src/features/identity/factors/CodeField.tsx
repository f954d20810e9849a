import { TextField } from '../../../ui/forms/TextField.tsx'

export type CodeKind = 'app' | 'recovery'

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
} as const

export const CodeField = ({ kind, ...rest }: CodeFieldProps) => (
  <TextField {...rest} {...looks[kind]} name="code" mono autoCapitalize="off" spellCheck={false} maxLength={64} />
)
