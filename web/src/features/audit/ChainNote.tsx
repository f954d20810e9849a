import { useQuery } from '@tanstack/react-query'
import { type ChainReport, verifyAudit } from '../../../../shared/contract/audit.ts'
import { messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { CopyButton } from '../../ui/actions/CopyButton.tsx'
import { Mono } from '../../ui/data/Mono.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'
import './audit.css'

const shownBreaks = 5

const Breaks = ({ report }: { report: ChainReport }) => (
  <ul className="audit-breaks">
    {report.breaks.slice(0, shownBreaks).map((one) => (
      <li key={`${one.kind} ${one.seq}`}>
        Row {formatNumber(one.seq)}: {one.says}.
      </li>
    ))}
    {report.breaks_total > shownBreaks && <li>And {formatNumber(report.breaks_total - shownBreaks)} more.</li>}
  </ul>
)

const Holds = ({ report }: { report: ChainReport }) => (
  <>
    <strong>The chain holds.</strong> {countOf(report.rows, 'row')} to <Time at={report.last_at} named to="second" /> follow one another
    unchanged, with {countOf(report.checkpoints, 'signed checkpoint')}. It ends with{' '}
    <Mono value={report.head_hash.slice(0, 16)} className="audit-hash" />.
  </>
)

/** What a person keeps elsewhere: a line as `velocicompanion audit verify --against` reads it. */
const LastCheckpoint = ({ report }: { report: ChainReport }) => {
  const { last_checkpoint: point, public_key } = report
  if (point === null) return null
  return (
    <div className="audit-checkpoint">
      <span>
        Last checkpoint: row {formatNumber(point.seq)}, <Time at={point.at} named to="second" />
        {point.signature === null ? ', from before checkpoints were signed' : ', signed'}. Keep a copy where nobody who can change the
        database can.
      </span>
      <CopyButton value={JSON.stringify({ ...point, public_key })} label="Copy the checkpoint" />
    </div>
  )
}

const Said = ({ report }: { report: ChainReport }) => {
  if (report.state === 'holds') return <Holds report={report} />
  if (report.state === 'empty') return <>Nothing has been recorded yet.</>
  return (
    <>
      <strong>
        {report.state === 'broken'
          ? `The chain is broken in ${countOf(report.breaks_total, 'place')}: somebody changed the log in the database.`
          : 'Part of the chain is signed with another SECRET_KEY: this server can neither confirm nor deny it.'}
      </strong>
      <Breaks report={report} />
    </>
  )
}

const toneOf = { holds: 'info', empty: 'info', unproven: 'warn', broken: 'bad' } as const

/** Whether the log is what was written, found out when the page opens and when one asks again. */
export const ChainNote = ({ chain }: { chain: 'tenant' | 'platform' }) => {
  const { data, error, isFetching, refetch } = useQuery({ ...queryOf(verifyAudit, { query: { chain } }), staleTime: 300_000 })
  const again = (
    <Button size="sm" busy={isFetching} onClick={() => void refetch()}>
      Check again
    </Button>
  )
  if (error !== null)
    return (
      <Note tone="bad" action={again}>
        {messageOf(error)}
      </Note>
    )
  if (data === undefined) return <Note>Walking the chain ...</Note>
  return (
    <Note tone={toneOf[data.state]} action={again} live={data.state === 'broken'}>
      <Said report={data} />
      <LastCheckpoint report={data} />
    </Note>
  )
}
