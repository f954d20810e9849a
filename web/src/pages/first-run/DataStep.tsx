import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { User } from '../../../../shared/contract/identity.ts'
import { loadDemo } from '../../../../shared/contract/ingestion.ts'
import { call } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { Button, buttonClass } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { Icon } from '../../ui/icons/Icon.tsx'

/** The last step: an export of one's own, or the demo. */
export const DataStep = ({ user }: { user: User }) => {
  const navigate = useNavigate()
  const params = { tenantId: user.tenant_id }
  const demo = useMutation({
    mutationFn: () => call(loadDemo, { body: {} }),
    onSuccess: () => {
      toast('The demo is being made; its imports follow one by one.')
      return navigate({ to: '/t/$tenantId/imports', params, search: {} })
    },
  })
  return (
    <div className="auth-form">
      <Note>
        Signed in as <strong>{user.full_name ?? user.username}</strong>, administrator of <strong>{user.tenant_name}</strong>.
      </Note>
      <div className="data-choice">
        <h2>An export of your own</h2>
        <p className="soft">Collection and hunt ZIPs, CSV, JSON, JSONL, EVTX. What a file is, is decided by its content.</p>
        <Link to="/t/$tenantId/imports" params={params} search={{ add: '1' }} className={buttonClass({ variant: 'primary', size: 'lg' })}>
          <Icon name="import" />
          Add an export
        </Link>
      </div>
      <div className="data-choice">
        <h2>The demo</h2>
        <p className="soft">40 hosts, three weeks, one intrusion to find. It can be deleted import by import.</p>
        {demo.error !== null && (
          <Note tone="bad" live>
            {messageOf(demo.error)}
          </Note>
        )}
        <Button size="lg" busy={demo.isPending} onClick={() => demo.mutate()}>
          {demo.isPending ? 'Starting the demo' : 'Load the demo'}
        </Button>
      </div>
      <p className="auth-after">
        <Link to="/t/$tenantId" params={params}>
          Go to the overview without data
        </Link>
      </p>
    </div>
  )
}
