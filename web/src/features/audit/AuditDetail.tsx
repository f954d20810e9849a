import type { ReactNode } from 'react'
import type { AuditRow } from '../../../../shared/contract/audit.ts'
import { IconButton } from '../../ui/actions/IconButton.tsx'
import { Mono } from '../../ui/data/Mono.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { evidenceText } from '../../ui/format/evidence.ts'
import { formatNumber } from '../../ui/format/numbers.ts'
import { Panel } from '../../ui/layout/Panel.tsx'
import { actWords, outcomeWords, personWords } from './audit-words.ts'
import './audit.css'

const linesOf = (row: AuditRow): readonly (readonly [string, ReactNode])[] => [
  ['Time', <Time key="at" at={row.at} named />],
  ['Person', evidenceText(personWords(row))],
  ['Result', outcomeWords[row.outcome]],
  ['Object', <Mono key="object" value={[row.object_type, row.object_id].filter((part) => part !== null).join(' ')} />],
  ['Address', <Mono key="address" value={row.address ?? ''} />],
  ['Program', <Mono key="agent" value={row.user_agent ?? ''} />],
  ['Request', <Mono key="request" value={row.request_id} />],
  ['Hash', <Mono key="hash" value={row.hash} />],
]

/** One row whole; what a client said of itself is text. */
export const AuditDetail = ({ row, onClose }: { row: AuditRow; onClose: () => void }) => (
  <Panel
    padded
    title={`Row ${formatNumber(row.seq)}: ${actWords(row.action)}`}
    actions={<IconButton icon="close" label="Close the row" onClick={onClose} />}
  >
    <dl className="audit-lines">
      {linesOf(row).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
    {Object.keys(row.details).length > 0 && (
      <pre className="audit-details" tabIndex={0} aria-label="Facts of the row">
        <Mono value={JSON.stringify(row.details, null, 2)} keep={'\n'} />
      </pre>
    )}
  </Panel>
)
