import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { User } from '../../../../shared/contract/identity.ts'
import { sessionQuery, setupQuery } from '../../api/session.ts'
import { AuthFrame } from '../../features/identity/AuthFrame.tsx'
import { ServerPanel } from '../../features/operations/ServerPanel.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { AccountSteps } from './AccountSteps.tsx'
import { DataStep } from './DataStep.tsx'
import './first-run.css'

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

export const FirstRunPage = () => {
  const { data: setup } = useQuery(setupQuery)
  const { data: signedIn } = useQuery({ ...sessionQuery, enabled: setup?.needs_first_account === false })
  const [made, setMade] = useState<User | null>(null)
  const [step, setStep] = useState(0)
  useTitle('First start')
  const user = made ?? (setup?.needs_first_account === false ? (signedIn ?? null) : null)
  const current = user === null ? step : 2
  // Once the account exists the server no longer tells what it stands on; what it said before stays in sight.
  const [stores] = useState(() => setup?.stores ?? [])
  const shown = setup !== undefined && setup.stores.length > 0 ? setup.stores : stores
  return (
    <AuthFrame
      title={titles[current] ?? ''}
      lead={leads[current]}
      steps={<Steps current={current} />}
      side={
        shown.length > 0 || user === null ? (
          <>
            {shown.length > 0 && <ServerPanel stores={shown} />}
            {user === null && <NothingYet />}
          </>
        ) : undefined
      }
    >
      {user === null ? (
        <AccountSteps
          step={step}
          onStep={setStep}
          needsSetupCode={setup?.needs_setup_code ?? false}
          minLength={setup?.min_password_length ?? 12}
          onDone={setMade}
        />
      ) : (
        <DataStep user={user} />
      )}
    </AuthFrame>
  )
}
