import type { ImportReceipt } from '../../../../../shared/contract/ingestion.ts'
import { Time } from '../../../ui/data/Time.tsx'
import { formatRate, formatNumber } from '../../../ui/format/numbers.ts'
import { formatDuration, formatTime } from '../../../ui/format/times.ts'
import { useZone } from '../../../ui/preferences.ts'
import { tookMs } from '../list/import-words.ts'

const Times = ({ receipt }: { receipt: ImportReceipt }) => {
  const [zone] = useZone()
  if (receipt.time_from === null || receipt.time_to === null) return <span className="muted">none</span>
  const whole = `${formatTime(receipt.time_from, { zone, named: true })} to ${formatTime(receipt.time_to, { zone, named: true })}`
  return (
    <span className="mono" title={whole}>
      {formatTime(receipt.time_from, { zone, to: 'date' })} <span className="muted">to</span>{' '}
      {formatTime(receipt.time_to, { zone, to: 'date' })}
    </span>
  )
}

const facts = (receipt: ImportReceipt) => {
  const took = tookMs(receipt)
  const { hostname, time_zone, artifact } = receipt.options
  const options = [hostname, time_zone, artifact].filter((one) => one !== null)
  return [
    { label: 'Times in rows', value: <Times receipt={receipt} /> },
    {
      label: 'Took',
      value: took === null ? <span className="muted">not ended</span> : `${formatDuration(took)}, ${formatRate(receipt.rows_per_second)}`,
    },
    { label: 'Started', value: <Time at={receipt.created_at} named to="second" /> },
    { label: 'By', value: receipt.created_by ?? <span className="muted">the server</span> },
    ...(receipt.attempt > 1 ? [{ label: 'Attempt', value: formatNumber(receipt.attempt) }] : []),
    ...(options.length > 0 ? [{ label: 'Options', value: <span className="mono">{options.join(', ')}</span> }] : []),
  ]
}

export const ReceiptFacts = ({ receipt }: { receipt: ImportReceipt }) => (
  <dl className="receipt-facts">
    {facts(receipt).map((fact) => (
      <div key={fact.label}>
        <dt>{fact.label}</dt>
        <dd>{fact.value}</dd>
      </div>
    ))}
  </dl>
)
