import { useState } from 'react'
import { createInvitation, inviteToTenant, listInvitations } from '../../../../../shared/contract/access/memberships.ts'
import type { ShownRole } from '../../../../../shared/domain/permissions.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Select } from '../../../ui/forms/Select.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { emailFault, faultsOf } from '../account-faults.ts'
import { OneTimeLink } from './OneTimeLink.tsx'
import { roleOptions } from './role-words.ts'
import './users.css'

interface Made {
  link: string
  email: string | null
  expires_at: string
}

/** `tenantId` of another tenant: for who runs the installation. */
const Form = ({ tenantId, onMade, onClose }: { tenantId: string | null; onMade: (made: Made) => void; onClose: () => void }) => {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<ShownRole>(tenantId === null ? 'user' : 'admin')
  const form = useSubmit(
    async () => {
      const body = { role, ...(email.trim() === '' ? {} : { email: email.trim() }) }
      const made =
        tenantId === null ? await call(createInvitation, { body }) : await call(inviteToTenant, { params: { tenant_id: tenantId }, body })
      await invalidate(listInvitations)
      onMade(made)
    },
    () => faultsOf({ email: email.trim() === '' ? undefined : emailFault(email.trim()) }),
  )
  return (
    <form className="user-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <p>For somebody with or without an account here: who follows the link chooses, and stands in the list then.</p>
      <TextField
        label="Email"
        name="email"
        type="email"
        autoFocus
        autoComplete="off"
        maxLength={254}
        hint="Binds the link to an account with this address; empty is whoever has the link."
        value={email}
        onChange={setEmail}
        error={form.errors.email}
      />
      <Select label="Role" name="role" value={role} options={roleOptions} onChange={setRole} error={form.errors.role} />
      <div className="user-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Make the link
        </Button>
      </div>
    </form>
  )
}

export interface InviteByLinkProps {
  isOpen: boolean
  tenant?: { id: string; name: string }
  onClose: () => void
}

export const InviteByLinkDialog = ({ isOpen, tenant, onClose }: InviteByLinkProps) => {
  const [made, setMade] = useState<Made | null>(null)
  const close = () => {
    setMade(null)
    onClose()
  }
  const title = tenant === undefined ? 'Invite by a link' : `Invite into ${tenant.name}`
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title={made === null ? title : 'Invitation made'}
      actions={made === null ? undefined : <Button onClick={close}>Done</Button>}
    >
      {made === null ? (
        <Form tenantId={tenant?.id ?? null} onMade={setMade} onClose={close} />
      ) : (
        <OneTimeLink
          username={made.email ?? 'the person'}
          url={window.location.origin + made.link}
          expiresAt={made.expires_at}
          risk="Whoever has it can join the tenant in this role."
        />
      )}
    </Dialog>
  )
}
