import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listPasskeys, type Passkey, removePasskey } from '../../../../../shared/contract/access/passkeys.ts'
import { getFactor } from '../../../../../shared/contract/access/second-factors.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Age, Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { VisuallyHidden } from '../../../ui/layout/VisuallyHidden.tsx'
import { NewPasskey } from './NewPasskey.tsx'
import '../factors/factors.css'

const columnsFor = (removingId: string | null, onRemove: (passkey: Passkey) => void): readonly Column<Passkey>[] => [
  { key: 'name', head: 'Name', cell: ({ name }) => <strong>{name}</strong> },
  { key: 'created_at', head: 'Added', cell: ({ created_at }) => <Time at={created_at} to="date" /> },
  {
    key: 'used',
    head: 'Last used',
    cell: ({ last_used_at }) => (last_used_at === null ? <span className="muted">never</span> : <Age at={last_used_at} />),
  },
  {
    key: 'remove',
    head: <VisuallyHidden>Actions</VisuallyHidden>,
    number: true,
    cell: (passkey) => (
      <Button size="sm" busy={removingId === passkey.id} onClick={() => onRemove(passkey)}>
        Remove
        <VisuallyHidden> the passkey {passkey.name}</VisuallyHidden>
      </Button>
    ),
  },
]

/** In Settings, Account. */
export const Passkeys = () => {
  const { data, error } = useQuery(queryOf(listPasskeys, {}))
  const [isAdding, setAdding] = useState(false)
  const remove = useMutation({
    mutationFn: (passkey: Passkey) => call(removePasskey, { params: { passkey_id: passkey.id } }),
    onSuccess: (_, passkey) => toast(`The passkey ${passkey.name} is removed.`),
    onSettled: () => invalidate(listPasskeys, getFactor),
  })
  const wrong = error ?? remove.error
  return (
    <>
      {wrong !== null && (
        <Note tone="bad" live>
          {messageOf(wrong)}
        </Note>
      )}
      <Panel
        title="Passkeys"
        padded={data?.length === 0}
        actions={
          <Button icon="plus" onClick={() => setAdding(true)}>
            Add a passkey
          </Button>
        }
      >
        {data === undefined ? (
          error === null && <Skeleton rows={2} label="Loading passkeys" />
        ) : data.length === 0 ? (
          <p className="muted">None yet. A passkey is a second factor that no false page can ask you for.</p>
        ) : (
          <Table
            caption="Your passkeys"
            columns={columnsFor(remove.isPending ? remove.variables.id : null, remove.mutate)}
            rows={data}
            rowKey={({ id }) => id}
          />
        )}
      </Panel>
      <NewPasskey isOpen={isAdding} onClose={() => setAdding(false)} />
    </>
  )
}
