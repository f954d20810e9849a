import { useState } from 'react'
import { cancelImport, type ImportReceipt, listImports } from '../../../../../shared/contract/ingestion.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { useMay } from '../../../api/session.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { FileName } from './FileName.tsx'
import { Mono } from '../../../ui/data/Mono.tsx'
import { StateMark } from '../../../ui/data/StateMark.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Progress } from '../../../ui/feedback/Progress.tsx'
import { formatBytesOf, formatNumber, formatRate } from '../../../ui/format/numbers.ts'
import { formatLeft } from '../../../ui/format/times.ts'
import { Facts } from '../../../ui/layout/Facts.tsx'
import { nameOf, secondsLeft } from './import-words.ts'
import { Sparkline } from './Sparkline.tsx'
import { rateOf, type Sample, withSample } from '../upload/upload-queue.ts'

const kept = 60

interface Seen {
  receipt: ImportReceipt
  rates: readonly number[]
  samples: readonly Sample[]
}

const looked = (receipt: ImportReceipt, before: Seen | null): Seen => ({
  receipt,
  rates: [...(before?.rates ?? []), receipt.rows_per_second].slice(-kept),
  samples: withSample(before?.samples ?? [], { atMs: Date.now(), bytes: receipt.bytes_read }),
})

/** What this page has seen of an import: the rates of the last minute, and how fast its bytes go. */
const useSeen = (receipt: ImportReceipt): Seen => {
  const [seen, setSeen] = useState<Seen>(() => looked(receipt, null))
  if (seen.receipt === receipt) return seen
  const next = looked(receipt, seen)
  setSeen(next)
  return next
}

const CancelButton = ({ id }: { id: string }) => {
  const { isBusy, problem, onSubmit } = useSubmit(async () => {
    await call(cancelImport, { params: { import_id: id } })
    await invalidate(listImports)
  })
  return (
    <form onSubmit={onSubmit} className="row">
      {problem !== null && <span className="import-problem">{problem}</span>}
      <Button type="submit" size="sm" variant="bad" busy={isBusy}>
        Cancel
      </Button>
    </form>
  )
}

const factsOf = (receipt: ImportReceipt, bytesPerSecond: number) => [
  { label: 'Rows', value: formatNumber(receipt.rows_read) },
  { label: 'Rate', value: formatRate(receipt.rows_per_second) },
  { label: 'Read', value: formatBytesOf(receipt.bytes_read, receipt.bytes_total) },
  { label: 'Left', value: formatLeft(secondsLeft(receipt, bytesPerSecond)) },
]

const waits: Partial<Record<ImportReceipt['state'], string>> = {
  queued: 'Waits until an import before it has ended.',
  deleting: 'Its rows are being removed. Rows that another import delivered too stay.',
}

/** One import while it is being read, live. An upload from elsewhere is only watched. */
export const RunningCard = ({ receipt }: { receipt: ImportReceipt }) => {
  const { rates, samples } = useSeen(receipt)
  const mayWrite = useMay('imports.write')
  const name = nameOf(receipt)
  const { state } = receipt
  return (
    <section className="run-card" aria-label={`${state}: ${name}`}>
      <div className="row">
        <StateMark state={state} />
        <strong className="run-name">
          <FileName name={name} />
        </strong>
        <span className="grow" />
        {mayWrite && state !== 'deleting' && <CancelButton id={receipt.id} />}
      </div>
      {state === 'reading' && <Facts facts={factsOf(receipt, rateOf(samples))} />}
      {state !== 'queued' && state !== 'deleting' && (
        <Progress value={receipt.bytes_read} max={receipt.bytes_total} label={`${name}, share that is done`} />
      )}
      {waits[state] !== undefined && <p className="muted">{waits[state]}</p>}
      {state === 'uploading' && (
        <Note>
          {formatBytesOf(receipt.bytes_read, receipt.bytes_total)} have arrived from another window or computer. To go on with it here,
          choose the same file.
        </Note>
      )}
      {state === 'reading' && (
        <div className="row run-now">
          <span className="cut soft">
            {receipt.current !== null && receipt.current !== '' && (
              <>
                Now <Mono value={receipt.current} />
              </>
            )}
          </span>
          <span className="grow" />
          <Sparkline values={rates} label={`Rows a second over the last ${rates.length} looks`} />
        </div>
      )}
    </section>
  )
}
