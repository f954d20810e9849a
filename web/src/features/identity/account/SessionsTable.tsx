import type { OwnSession } from '../../../../../shared/contract/account.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Age, Time } from '../../../ui/data/Time.tsx'
import { VisuallyHidden } from '../../../ui/layout/VisuallyHidden.tsx'
import '../people/users.css'

export interface SessionsTableProps {
  caption: string
  sessions: readonly OwnSession[]
  endingId: string | null
  onEnd: (session: OwnSession) => void
}

const columnsFor = ({ endingId, onEnd }: SessionsTableProps): readonly Column<OwnSession>[] => [
  {
    key: 'device',
    head: 'Device',
    cell: (session) => (
      <span className="user-name">
        <strong>{session.device}</strong>
        {session.is_current && <span className="muted user-you">this session</span>}
        {session.kind === 'api' && <Chip>API</Chip>}
      </span>
    ),
  },
  { key: 'address', head: 'Address', cell: (session) => <span className="mono">{session.address ?? ''}</span> },
  { key: 'created_at', head: 'Signed in', cell: (session) => <Time at={session.created_at} to="minute" named /> },
  { key: 'expires_at', head: 'Ends', cell: (session) => <Time at={session.expires_at} to="minute" named /> },
  { key: 'last_used_at', head: 'Last used', number: true, cell: (session) => <Age at={session.last_used_at} /> },
  {
    key: 'end',
    head: <VisuallyHidden>Actions</VisuallyHidden>,
    number: true,
    cell: (session) =>
      session.is_current ? null : (
        <Button size="sm" busy={endingId === session.id} onClick={() => onEnd(session)}>
          End
          <VisuallyHidden>
            {' '}
            the session of {session.device}, {session.address}
          </VisuallyHidden>
        </Button>
      ),
  },
]

export const SessionsTable = (props: SessionsTableProps) => (
  <Table caption={props.caption} columns={columnsFor(props)} rows={props.sessions} rowKey={(session) => session.id} />
)
