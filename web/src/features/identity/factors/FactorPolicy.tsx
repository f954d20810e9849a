import { useMutation, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { getFactor, getFactorPolicy, setFactorPolicy } from '../../../../../shared/contract/access/second-factors.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { withoutWords } from './factor-words.ts'

interface AskProps {
  isOpen: boolean
  isBusy: boolean
  error: Error | null
  onClose: () => void
  onYes: () => void
  /** How many it concerns. */
  children: ReactNode
}

const Ask = ({ isOpen, isBusy, error, onClose, onYes, children }: AskProps) => (
  <Dialog
    isOpen={isOpen}
    onClose={onClose}
    title="Require a second factor?"
    actions={
      <>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" busy={isBusy} onClick={onYes}>
          Require it
        </Button>
      </>
    }
  >
    {error !== null && (
      <Note tone="bad" live>
        {messageOf(error)}
      </Note>
    )}
    <p>Whoever has none can then set one up, and do nothing else here until it is done. {children} API keys of theirs rest meanwhile.</p>
  </Dialog>
)

/** Whether everybody in the tenant needs a second factor: for its admins. */
export const FactorPolicy = ({ tenantId }: { tenantId: string }) => {
  const params = { tenant_id: tenantId }
  const { data } = useQuery(queryOf(getFactorPolicy, { params }))
  const [isAsking, setAsking] = useState(false)
  const change = useMutation({
    mutationFn: (is_required: boolean) => call(setFactorPolicy, { params, body: { is_required } }),
    onSuccess: ({ is_required }) => {
      setAsking(false)
      toast(is_required ? 'Everybody here needs a second factor now.' : 'A second factor is no longer required here.')
    },
    onSettled: () => invalidate(getFactorPolicy, getFactor),
  })
  if (data === undefined) return null
  return (
    <Panel
      title="Second factor"
      padded
      actions={
        data.is_required ? (
          <Button busy={change.isPending} onClick={() => change.mutate(false)}>
            Stop requiring it
          </Button>
        ) : (
          <Button onClick={() => setAsking(true)}>Require it</Button>
        )
      }
    >
      {change.error !== null && !isAsking && (
        <Note tone="bad" live>
          {messageOf(change.error)}
        </Note>
      )}
      <p>
        {data.is_required ? 'Everybody in this tenant needs one.' : 'Everybody decides for themselves.'}{' '}
        {withoutWords(data.people, data.people_without)}
      </p>
      <Ask
        isOpen={isAsking}
        isBusy={change.isPending}
        error={change.error}
        onClose={() => setAsking(false)}
        onYes={() => change.mutate(true)}
      >
        {withoutWords(data.people, data.people_without)}
      </Ask>
    </Panel>
  )
}
