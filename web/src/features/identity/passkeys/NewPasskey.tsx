import { useState } from 'react'
import { addPasskey, listPasskeys, setUpPasskey } from '../../../../../shared/contract/access/passkeys.ts'
import { getFactor } from '../../../../../shared/contract/access/second-factors.ts'
import { listSessions } from '../../../../../shared/contract/account.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { faultsOf } from '../account-faults.ts'
import { focusFirst } from '../factors/focus-first.ts'
import { RecoveryCodes } from '../factors/RecoveryCodes.tsx'
import { makePasskey } from './authenticator.ts'

const Form = ({ onCodes, onClose }: { onCodes: (codes: readonly string[]) => void; onClose: (isAdded: boolean) => void }) => {
  const [name, setName] = useState('')
  const form = useSubmit(
    async () => {
      const { options } = await call(setUpPasskey, {})
      const credential = await makePasskey(options)
      const { recovery_codes } = await call(addPasskey, { body: { name: name.trim(), credential } })
      if (recovery_codes.length > 0) onCodes(recovery_codes)
      else onClose(true)
      await invalidate(listPasskeys, getFactor, listSessions)
    },
    () => faultsOf({ name: name.trim() === '' ? 'Name it, so that you know it later.' : undefined }),
  )
  return (
    <form className="factor-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <p>Your browser then asks for your finger, face, PIN or security key.</p>
      <TextField
        label="Name"
        name="name"
        hint="Such as the device that keeps it."
        ref={focusFirst}
        autoComplete="off"
        maxLength={100}
        value={name}
        onChange={setName}
        error={form.errors.name}
      />
      <div className="factor-actions factor-end">
        <Button onClick={() => onClose(false)}>Cancel</Button>
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Add it
        </Button>
      </div>
    </form>
  )
}

/** Stays until the recovery codes of a first second factor are kept. */
export const NewPasskey = ({ isOpen, onClose }: { isOpen: boolean; onClose: (isAdded: boolean) => void }) => {
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const end = (isAdded: boolean) => {
    setCodes(null)
    onClose(isAdded)
  }
  return (
    <Dialog
      isOpen={isOpen}
      onClose={() => end(codes !== null)}
      title={codes === null ? 'Add a passkey' : 'Your recovery codes'}
      actions={codes === null ? undefined : <Button onClick={() => end(true)}>I have kept them</Button>}
    >
      {codes === null ? <Form onCodes={setCodes} onClose={end} /> : <RecoveryCodes codes={codes} />}
    </Dialog>
  )
}
