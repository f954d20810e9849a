import { useId, useState } from 'react'
import { getImport, type ImportReceipt, listImports, unlockImport } from '../../../../../shared/contract/ingestion.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Segmented } from '../../../ui/actions/Segmented.tsx'
import { Mono } from '../../../ui/data/Mono.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Field } from '../../../ui/forms/Field.tsx'
import { PasswordField } from '../../../ui/forms/PasswordField.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { nameOf } from './import-words.ts'

const keyBytes = 32_768

const KeyField = ({ value, error, onChange }: { value: string; error: string | undefined; onChange: (key: string) => void }) => {
  const [fileError, setFileError] = useState<string | undefined>()
  const read = async (file: File | undefined) => {
    if (file === undefined) return
    setFileError(file.size > keyBytes ? `${file.name} is too large for a private key.` : undefined)
    if (file.size <= keyBytes) onChange(await file.text())
  }
  return (
    <>
      <Field label="Private key (PEM)" error={error ?? fileError} hint="It is used for this import and never written down.">
        {(ids) => (
          <textarea
            {...ids}
            name="private_key"
            className="input mono"
            rows={6}
            value={value}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Or from a file">
        {(ids) => <input {...ids} type="file" accept=".pem,.key,.txt" onChange={(event) => void read(event.currentTarget.files?.[0])} />}
      </Field>
    </>
  )
}

const UnlockForm = ({ receipt, onClose }: { receipt: ImportReceipt; onClose: () => void }) => {
  const id = useId()
  const [kind, setKind] = useState<'password' | 'private_key'>(receipt.needs ?? 'password')
  const [secret, setSecret] = useState('')
  const { isBusy, problem, errors, onSubmit } = useSubmit(
    async () => {
      await call(unlockImport, {
        params: { import_id: receipt.id },
        body: kind === 'password' ? { password: secret } : { private_key: secret },
      })
      await invalidate(listImports, getImport)
      onClose()
    },
    () => (secret === '' ? { [kind]: kind === 'password' ? 'Enter the password.' : 'Paste the key, or choose its file.' } : {}),
  )
  return (
    <form id={id} className="stack" onSubmit={onSubmit}>
      <p>
        <Mono value={nameOf(receipt)} /> waits. {receipt.error ?? 'It is encrypted, and read as soon as it can be opened.'}
      </p>
      {problem !== null && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      <Segmented
        label="How it was encrypted"
        value={kind}
        options={[
          { value: 'password', label: 'Password' },
          { value: 'private_key', label: 'Private key' },
        ]}
        onChange={(next) => {
          setKind(next)
          setSecret('')
        }}
      />
      {kind === 'password' ? (
        <PasswordField
          label="Password"
          name="password"
          value={secret}
          onChange={setSecret}
          error={errors.password}
          autoComplete="off"
          hint="It is used for this import and never written down."
        />
      ) : (
        <KeyField value={secret} error={errors.private_key} onChange={setSecret} />
      )}
      <div className="row">
        <span className="grow" />
        <Button onClick={onClose}>Not now</Button>
        <Button type="submit" variant="primary" busy={isBusy}>
          Unlock and read
        </Button>
      </div>
    </form>
  )
}

/** A secret for one import: sent once, kept nowhere in the browser. */
export const UnlockDialog = ({ receipt, isOpen, onClose }: { receipt: ImportReceipt; isOpen: boolean; onClose: () => void }) => (
  <Dialog isOpen={isOpen} onClose={onClose} title="Unlock this import">
    <UnlockForm receipt={receipt} onClose={onClose} />
  </Dialog>
)
