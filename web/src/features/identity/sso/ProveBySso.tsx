import { useMutation } from '@tanstack/react-query'
import { messageOf } from '../../../api/problem.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { goToProvider } from './SsoStart.tsx'

/** A fresh proof of somebody without a password here: the provider asks anew, and they come back to this page. */
export const ProveBySso = ({ tenantId, onCancel }: { tenantId: string; onCancel: () => void }) => {
  const go = useMutation({
    mutationFn: () => goToProvider({ tenant: tenantId, to: window.location.pathname + window.location.search, is_fresh: true }),
  })
  return (
    <div className="factor-form">
      {go.error !== null && (
        <Note tone="bad" live>
          {messageOf(go.error)}
        </Note>
      )}
      <p>What you are about to do matters enough to make sure. Your provider asks who you are; then you are back here, and do it again.</p>
      <div className="factor-actions factor-end">
        <Button onClick={onCancel}>Cancel</Button>
        <Button variant="primary" busy={go.isPending || go.isSuccess} onClick={() => go.mutate()}>
          Go to the provider
        </Button>
      </div>
    </div>
  )
}
