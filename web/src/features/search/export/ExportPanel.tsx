import { Button } from '../../../ui/actions/Button.tsx'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Progress } from '../../../ui/feedback/Progress.tsx'
import { countOf, formatBytes, formatNumber, formatRate } from '../../../ui/format/numbers.ts'
import { formatDuration, formatLeft } from '../../../ui/format/times.ts'
import { type Exporting, exportRun, useExportRun } from './export-run.ts'
import './export.css'

const leftOf = ({ rows, total, tookMs }: Exporting): string => {
  if (total === null || rows === 0 || tookMs < 1000) return ''
  return `, ${formatLeft(((total - rows) * (tookMs / rows)) / 1000)} left`
}

/** Rows may come and go while the file is written. */
const differs = ({ rows, total, wish }: Exporting): string =>
  total === null || total === rows ? '' : ` When it began there were ${countOf(total, wish.of)}: some came or went meanwhile.`

const Said = ({ now }: { now: Exporting }) => {
  const { state, rows, total, bytes, tookMs, wish } = now
  if (state === 'cancelled') return <p>Cancelled. Nothing was kept.</p>
  if (state === 'failed') return <p role="alert">{now.problem}</p>
  if (state === 'done')
    return (
      <p>
        {countOf(rows, wish.of)}, {formatBytes(bytes)}, in {formatDuration(tookMs)}. The file is whole.{differs(now)}
      </p>
    )
  if (total === null) return <p>Counting.</p>
  const isCounted = wish.body.format !== 'parquet'
  return (
    <>
      <Progress value={rows} max={total} label={`Export of ${now.name}`} />
      <p className="tabular">
        {isCounted ? `${formatNumber(rows)} of ${countOf(total, wish.of)}` : countOf(total, wish.of)}, {formatBytes(bytes)}
        {isCounted && tookMs > 0 ? `, ${formatRate((rows / tookMs) * 1000, `${wish.of}s`)}${leftOf(now)}` : ''}
      </p>
    </>
  )
}

const titles = { running: 'Exporting', done: 'Exported', failed: 'Not exported', cancelled: 'Not exported' } as const

/** What is being exported, on every page until it is put away. Closing it while it runs cancels it. */
export const ExportPanel = () => {
  const now = useExportRun()
  if (now === null) return null
  const isRunning = now.state === 'running'
  return (
    <section className={`export-panel export-${now.state}`} aria-label="Export">
      <div className="export-head">
        <strong>{titles[now.state]}</strong>
        <span className="mono cut grow">{now.name}</span>
        {isRunning ? (
          <Button size="sm" onClick={exportRun.cancel}>
            Cancel
          </Button>
        ) : (
          <IconButton icon="close" label="Close export" onClick={exportRun.close} />
        )}
      </div>
      <div role={isRunning ? undefined : 'status'}>
        <Said now={now} />
      </div>
      {(now.state === 'failed' || now.state === 'cancelled') && (
        <Button size="sm" onClick={() => void exportRun.start(now.wish)}>
          Export again
        </Button>
      )}
    </section>
  )
}
