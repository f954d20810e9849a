import type { ApiKey } from '../../../../../shared/contract/access/keys.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Age, Time } from '../../../ui/data/Time.tsx'
import { VisuallyHidden } from '../../../ui/layout/VisuallyHidden.tsx'
import { scopesInShort } from './scope-words.ts'
import '../people/users.css'

export interface KeysTableProps {
  caption: string
  keys: readonly ApiKey[]
  revokingId: string | null
  onRevoke: (key: ApiKey) => void
}

const LastUse = ({ of }: { of: ApiKey }) =>
  of.last_used_at === null ? (
    <span className="muted">never</span>
  ) : (
    <>
      <Age at={of.last_used_at} /> <span className="mono muted">{of.last_used_address ?? ''}</span>
    </>
  )

const columnsFor = ({ revokingId, onRevoke }: KeysTableProps): readonly Column<ApiKey>[] => [
  {
    key: 'name',
    head: 'Name',
    cell: (key) => (
      <span className="user-name">
        <strong>{key.name}</strong>
        <span className="mono muted">{key.prefix}…</span>
      </span>
    ),
  },
  { key: 'scopes', head: 'Scopes', cell: (key) => <span title={key.scopes.join(', ')}>{scopesInShort(key.scopes)}</span> },
  { key: 'used', head: 'Last used', cell: (key) => <LastUse of={key} /> },
  {
    key: 'expires_at',
    head: 'Ends',
    cell: (key) => (key.is_over ? <Chip tone="warn">Over</Chip> : <Time at={key.expires_at} to="date" />),
  },
  {
    key: 'revoke',
    head: <VisuallyHidden>Actions</VisuallyHidden>,
    number: true,
    cell: (key) => (
      <Button size="sm" busy={revokingId === key.id} onClick={() => onRevoke(key)}>
        Revoke
        <VisuallyHidden>
          {' '}
          the key {key.name}, {key.prefix}
        </VisuallyHidden>
      </Button>
    ),
  },
]

export const KeysTable = (props: KeysTableProps) => (
  <Table caption={props.caption} columns={columnsFor(props)} rows={props.keys} rowKey={(key) => key.id} />
)
