import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { deleteSso, getSso, type SsoState } from '../../../../../shared/contract/access/sso.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { CopyButton } from '../../../ui/actions/CopyButton.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { SsoForm } from './SsoForm.tsx'
import './sso.css'
import '../people/users.css'

const Address = ({ label, value, copy }: { label: string; value: string; copy: string }) => (
  <div className="sso-address">
    <span className="field-label">{label}</span>
    <div className="invite-link">
      <span className="mono">{value}</span>
      <CopyButton value={value} label={copy} />
    </div>
  </div>
)

const Remove = ({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) => {
  const remove = useMutation({
    mutationFn: () => call(deleteSso, {}),
    onSuccess: async () => {
      await invalidate(getSso)
      toast('Single sign-on is removed.')
      onClose()
    },
  })
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Remove single sign-on?"
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button variant="bad" busy={remove.isPending} onClick={() => remove.mutate()}>
            Remove single sign-on
          </Button>
        </>
      }
    >
      <p>
        Whoever came by it is signed out, and the links to their accounts go. The accounts and their API keys stay: revoke keys under
        Settings, Users, and invite those who have no password.
      </p>
      {remove.error !== null && (
        <Note tone="bad" live>
          {messageOf(remove.error)}
        </Note>
      )}
    </Dialog>
  )
}

const Loaded = ({ state }: { state: SsoState }) => {
  const [isRemoving, setRemoving] = useState(false)
  return (
    <>
      <Panel title="Addresses" padded>
        <div className="user-form">
          <Address label="Redirect address, for the provider" value={state.return_address} copy="Copy the redirect address" />
          <Address label="Where your people sign in" value={state.sign_in_address} copy="Copy the address to sign in" />
        </div>
      </Panel>
      <Panel
        title="Provider"
        padded
        actions={
          state.settings !== null && (
            <Button size="sm" onClick={() => setRemoving(true)}>
              Remove
            </Button>
          )
        }
      >
        <SsoForm key={state.settings === null ? 'none' : 'kept'} state={state} />
      </Panel>
      <Remove isOpen={isRemoving} onClose={() => setRemoving(false)} />
    </>
  )
}

/** How people of this tenant sign in by a provider of their own. */
export const SsoSettings = () => {
  const { data, error } = useQuery(queryOf(getSso, {}))
  if (error !== null)
    return (
      <Note tone="bad" live>
        {messageOf(error)}
      </Note>
    )
  return data === undefined ? <Skeleton rows={6} label="Loading single sign-on" /> : <Loaded state={data} />
}
