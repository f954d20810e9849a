import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { User } from '../../../../shared/contract/identity.ts'
import type { setup } from '../../../../shared/contract/operations.ts'
import type { Reply } from '../../../../shared/contract/route.ts'
import { sessionQuery, setupQuery } from '../../api/session.ts'
import { AuthFrame } from '../../features/identity/AuthFrame.tsx'
import { ServerPanel } from '../../features/operations/ServerPanel.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { AccountSteps } from './AccountSteps.tsx'
import { DataStep } from './DataStep.tsx'
import './first-run.css'

type Stores = Reply<typeof setup>['stores'] | readonly []
const steps = ['Account', 'Tenant', 'Data'] as const
const titles = ['Create the first account', 'Name the tenant', 'Bring data in'] as const
const leads = [
  'It can do everything here, and invite others.',
  'A tenant is one customer, company or team. Its data never mixes with another.',
  'Everything that you add is searchable within seconds.',
] as const

const Steps = ({ current }: { current: number }) => (
  <ol className="steps" aria-label="Setup">
    {steps.map((step, at) => (
      <li key={step} aria-current={at === current ? 'step' : undefined}>
        {at + 1} {step}
      </li>
    ))}
  </ol>
)

const NothingYet = () => (
  <section className="nothing-yet">
    <h2>Nothing is stored yet</h2>
    <p className="soft">
      After step 2, drop a Velociraptor export or look around in the demo: 40 hosts, three weeks, one intrusion to find.
    </p>
  </section>
)

const unknown = { needs_first_account: true, needs_setup_code: false, min_password_length: 12, stores: [] } as const

const Side = ({ stores, isNew }: { stores: Stores; isNew: boolean }) => (
  <>
    {stores.length > 0 && <ServerPanel stores={stores} />}
    {isNew && <NothingYet />}
  </>
)

export const FirstRunPage = () => {
  const setup = useQuery(setupQuery).data ?? unknown
  const signedIn = useQuery({ ...sessionQuery, enabled: !setup.needs_first_account }).data ?? null
  const [made, setMade] = useState<User | null>(null)
  const [step, setStep] = useState(0)
  // Once the account exists the server no longer tells what it stands on; what it said before stays in sight.
  const [before] = useState<Stores>(setup.stores)
  useTitle('First start')
  const user = made ?? signedIn
  const current = user === null ? step : 2
  const stores = setup.stores.length > 0 ? setup.stores : before
  return (
    <AuthFrame
      title={titles[current] ?? ''}
      lead={leads[current]}
      steps={<Steps current={current} />}
      side={stores.length > 0 || user === null ? <Side stores={stores} isNew={user === null} /> : undefined}
    >
      {user === null ? (
        <AccountSteps
          step={step}
          onStep={setStep}
          needsSetupCode={setup.needs_setup_code}
          minLength={setup.min_password_length}
          onDone={setMade}
        />
      ) : (
        <DataStep user={user} />
      )}
    </AuthFrame>
  )
}
