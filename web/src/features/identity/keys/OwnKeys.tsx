import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type ApiKey, listKeys, revokeKey } from '../../../../../shared/contract/access/keys.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { listOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Pager } from '../../../ui/data/Pager.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { KeysTable } from './KeysTable.tsx'
import { NewKeyDialog } from './NewKeyDialog.tsx'
import './keys.css'

const limit = 50

/** The keys by which the person's programs act for them in this tenant. */
export const OwnKeys = () => {
  const [skip, setSkip] = useState(0)
  const [isMaking, setMaking] = useState(false)
  const { data, error } = useQuery(listOf(listKeys, { query: { skip, limit } }))
  const revoke = useMutation({
    mutationFn: (key: ApiKey) => call(revokeKey, { params: { key_id: key.id } }),
    onSuccess: (_, key) => toast(`The key ${key.name} is revoked.`),
    onSettled: () => invalidate(listKeys),
  })
  const wrong = error ?? revoke.error
  return (
    <>
      {wrong !== null && (
        <Note tone="bad" live>
          {messageOf(wrong)}
        </Note>
      )}
      <Panel
        title="API keys"
        padded={data?.total === 0}
        actions={
          <Button icon="plus" onClick={() => setMaking(true)}>
            New key
          </Button>
        }
      >
        {data === undefined ? (
          error === null && <Skeleton rows={2} label="Loading API keys" />
        ) : data.total === 0 ? (
          <p className="muted">None yet. A key lets a program act for you, within scopes that you choose.</p>
        ) : (
          <>
            <KeysTable
              caption="Your API keys"
              keys={data.rows}
              revokingId={revoke.isPending ? revoke.variables.id : null}
              onRevoke={revoke.mutate}
            />
            <Pager skip={skip} limit={limit} total={data.total} what="keys" onSkip={setSkip} />
          </>
        )}
      </Panel>
      <NewKeyDialog isOpen={isMaking} onClose={() => setMaking(false)} />
    </>
  )
}
