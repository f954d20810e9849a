import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { listSessions } from '../../../../../shared/contract/account.ts'
import { getFactor, setUpFactor, verifyFactor } from '../../../../../shared/contract/access/second-factors.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { CopyButton } from '../../../ui/actions/CopyButton.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { faultsOf } from '../account-faults.ts'
import { CodeField } from './CodeField.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import './factors.css'

const inFours = (secret: string): string => secret.replaceAll(/(.{4})(?!$)/g, '$1 ')

interface Begun {
  secret: string
  qr_svg: string
}

const Scan = ({ begun, onCodes }: { begun: Begun; onCodes: (codes: readonly string[]) => void }) => {
  const [code, setCode] = useState('')
  const form = useSubmit(
    async () => {
      const { recovery_codes } = await call(verifyFactor, { body: { code } })
      onCodes(recovery_codes)
    },
    () => faultsOf({ code: code.trim() === '' ? 'Enter the code that the app shows.' : undefined }),
  )
  return (
    <form className="factor-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <div className="factor-scan">
        <img src={`data:image/svg+xml,${encodeURIComponent(begun.qr_svg)}`} alt="QR code of the key, for the authenticator app" />
        <div className="factor-form">
          <p>Scan this with an authenticator app, or type the key into it.</p>
          <div className="factor-key">
            <span className="mono">{inFours(begun.secret)}</span>
            <CopyButton value={begun.secret} label="Copy the key" />
          </div>
        </div>
      </div>
      <CodeField kind="app" value={code} onChange={setCode} error={form.errors.code} autoFocus />
      <div className="factor-actions">
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Activate
        </Button>
        <span className="muted">Your other sessions end.</span>
      </div>
    </form>
  )
}

/** From nothing to a second factor, in place: the key, a code of it, the recovery codes. */
export const SetUpFactor = ({ onDone }: { onDone: () => Promise<void> | void }) => {
  const begin = useMutation({ mutationFn: () => call(setUpFactor, {}) })
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  if (codes !== null)
    return (
      <div className="factor-form">
        <RecoveryCodes codes={codes} />
        <div className="factor-actions">
          <Button
            variant="primary"
            onClick={() => {
              void Promise.all([invalidate(getFactor, listSessions), onDone()])
            }}
          >
            I have kept them
          </Button>
        </div>
      </div>
    )
  if (begin.data !== undefined) return <Scan begun={begin.data} onCodes={setCodes} />
  return (
    <div className="factor-form">
      {begin.error !== null && (
        <Note tone="bad" live>
          {messageOf(begin.error)}
        </Note>
      )}
      <p>
        Besides your password, signing in then asks for a code that an app on your phone makes. Without the phone nobody gets in with a
        stolen password.
      </p>
      <div className="factor-actions">
        <Button variant="primary" busy={begin.isPending} onClick={() => begin.mutate()}>
          Set up an authenticator app
        </Button>
      </div>
    </div>
  )
}
