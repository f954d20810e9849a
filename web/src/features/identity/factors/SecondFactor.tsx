import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type FactorState, getFactor, renewRecoveryCodes } from '../../../../../shared/contract/access/second-factors.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { DisableFactor } from './DisableFactor.tsx'
import { codesLeft } from './factor-words.ts'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import { SetUpFactor } from './SetUpFactor.tsx'
import './factors.css'

const Active = ({ factor }: { factor: FactorState }) => {
  const [isLeaving, setLeaving] = useState(false)
  const isNeeded = factor.is_required && factor.passkeys === 0
  return (
    <>
      <p>
        <Chip tone="ok">On</Chip> since <Time at={factor.activated_at} to="minute" named />.
      </p>
      <div className="factor-actions">
        <Button onClick={() => setLeaving(true)} disabledReason={isNeeded ? 'Your tenant requires a second factor.' : undefined}>
          Turn it off
        </Button>
      </div>
      <DisableFactor isOpen={isLeaving} onClose={() => setLeaving(false)} hasPasskey={factor.passkeys > 0} />
    </>
  )
}

/** They stand in for the app and for passkeys alike. */
const Codes = ({ left }: { left: number }) => {
  const renew = useMutation({
    mutationFn: () => call(renewRecoveryCodes, {}),
    onSuccess: () => invalidate(getFactor),
  })
  return (
    <>
      {renew.error !== null && (
        <Note tone="bad" live>
          {messageOf(renew.error)}
        </Note>
      )}
      <p>{codesLeft(left)}</p>
      {left < 3 && <Note tone="warn">Make new recovery codes before you need one.</Note>}
      <div className="factor-actions">
        <Button busy={renew.isPending} onClick={() => renew.mutate()}>
          New recovery codes
        </Button>
      </div>
      <Dialog
        isOpen={renew.data !== undefined}
        onClose={() => renew.reset()}
        title="New recovery codes"
        actions={<Button onClick={() => renew.reset()}>I have kept them</Button>}
      >
        {renew.data !== undefined && <RecoveryCodes codes={renew.data.recovery_codes} />}
      </Dialog>
    </>
  )
}

const Own = ({ factor }: { factor: FactorState }) => (
  <div className="factor-form">
    {factor.is_active ? <Active factor={factor} /> : <SetUpFactor onDone={() => undefined} />}
    {(factor.is_active || factor.passkeys > 0) && <Codes left={factor.recovery_codes_left} />}
  </div>
)

/** In Settings, Account. */
export const SecondFactor = () => {
  const { data, error } = useQuery(queryOf(getFactor, {}))
  return (
    <Panel title="Two-factor authentication" padded>
      {error !== null && (
        <Note tone="bad" live>
          {messageOf(error)}
        </Note>
      )}
      {data === undefined ? error === null && <Skeleton rows={2} label="Loading the second factor" /> : <Own factor={data} />}
    </Panel>
  )
}
