import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  getInstallationPolicy,
  type InstallationPolicy,
  setInstallationPolicy,
} from '../../../../../shared/contract/access/installation.ts'
import { getFactor } from '../../../../../shared/contract/access/second-factors.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { peopleWithout } from '../factors/factor-words.ts'
import { proveByPasskey } from './prove.ts'

/** Asks for a passkey at once: whoever cannot use one would shut out themselves. */
const change = async (requires_passkey: boolean) => {
  if (requires_passkey) await proveByPasskey()
  return await call(setInstallationPolicy, { body: { requires_passkey } })
}

const useChange = (onDone: () => void) =>
  useMutation({
    mutationFn: change,
    onSuccess: ({ requires_passkey }) => {
      onDone()
      toast(requires_passkey ? 'Whoever reaches beyond one tenant needs a passkey now.' : 'A passkey is no longer required.')
    },
    onSettled: () => invalidate(getInstallationPolicy, getFactor),
  })
type Change = ReturnType<typeof useChange>

const Fault = ({ of }: { of: Change }) =>
  of.error === null ? null : (
    <Note tone="bad" live>
      {messageOf(of.error)}
    </Note>
  )

const Ask = ({ isOpen, onClose, policy, set }: { isOpen: boolean; onClose: () => void; policy: InstallationPolicy; set: Change }) => (
  <Dialog
    isOpen={isOpen}
    onClose={onClose}
    title="Require passkeys?"
    actions={
      <>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" busy={set.isPending} onClick={() => set.mutate(true)}>
          Use mine and require them
        </Button>
      </>
    }
  >
    <Fault of={set} />
    <p>
      Platform admins and members of several tenants can then do nothing here until they have used a passkey, or added one where they have
      none, also where they are signed in now. {peopleWithout(policy.people, policy.people_without)} API keys of whoever has none rest
      meanwhile.
    </p>
    <p>Your browser asks for your own passkey now, so that this does not shut you out.</p>
  </Dialog>
)

/** Whether whoever reaches beyond one tenant needs a passkey: for those who run the installation. */
export const PasskeyPolicy = () => {
  const { data } = useQuery(queryOf(getInstallationPolicy, {}))
  const own = useQuery(queryOf(getFactor, {}))
  const [isAsking, setAsking] = useState(false)
  const set = useChange(() => setAsking(false))
  if (data === undefined) return null
  const ask = () => {
    set.reset()
    setAsking(true)
  }
  const lacksOwn = own.data?.passkeys === 0 ? 'Add a passkey of your own first, under Settings, Account.' : undefined
  return (
    <Panel
      title="Passkeys beyond one tenant"
      padded
      actions={
        data.requires_passkey ? (
          <Button busy={set.isPending} onClick={() => set.mutate(false)}>
            Stop requiring them
          </Button>
        ) : (
          <Button onClick={ask} disabledReason={lacksOwn}>
            Require them
          </Button>
        )
      }
    >
      {!isAsking && <Fault of={set} />}
      <p>
        {data.requires_passkey
          ? 'Platform admins and members of several tenants sign in with a passkey.'
          : 'Platform admins and members of several tenants decide for themselves how they sign in.'}{' '}
        {peopleWithout(data.people, data.people_without)}
      </p>
      <Ask isOpen={isAsking} onClose={() => setAsking(false)} policy={data} set={set} />
    </Panel>
  )
}
