import { Button } from '../../../ui/actions/Button.tsx'
import { FileName } from '../list/FileName.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Progress } from '../../../ui/feedback/Progress.tsx'
import { formatBytes, formatBytesOf, formatPercent } from '../../../ui/format/numbers.ts'
import { formatLeft } from '../../../ui/format/times.ts'
import { Facts } from '../../../ui/layout/Facts.tsx'
import { uploads } from './uploads.ts'
import type { UploadItem, UploadState } from './upload-queue.ts'

const words: Readonly<Record<UploadState, readonly [mark: string, word: string]>> = {
  waiting: ['ring', 'Waits for its turn'],
  sending: ['half', 'Uploading'],
  paused: ['square', 'Paused'],
  failed: ['diamond', 'Stopped'],
  done: ['dot', 'Uploaded'],
}

const Actions = ({ item }: { item: UploadItem }) => (
  <>
    {(item.state === 'sending' || item.state === 'waiting') && (
      <Button size="sm" onClick={() => uploads.pause(item.id)}>
        Pause
      </Button>
    )}
    {(item.state === 'paused' || (item.state === 'failed' && item.fault?.canRetry === true)) && (
      <Button size="sm" icon="retry" onClick={() => uploads.resume(item.id)}>
        {item.state === 'failed' ? 'Retry' : `Go on from ${formatPercent(item.sent_bytes, item.size_bytes)}`}
      </Button>
    )}
    <Button size="sm" variant="bad" onClick={() => uploads.cancel(item.id)}>
      {item.state === 'failed' && item.fault?.canRetry !== true ? 'Dismiss' : 'Cancel'}
    </Button>
  </>
)

/** One file on its way from this window. */
export const UploadCard = ({ item }: { item: UploadItem }) => {
  const [mark, word] = words[item.state]
  const left = item.bytes_per_second > 0 ? (item.size_bytes - item.sent_bytes) / item.bytes_per_second : Number.POSITIVE_INFINITY
  return (
    <section className="run-card" aria-label={`${word}: ${item.name}`}>
      <div className="row run-head">
        <span className={`state state-${mark}`}>{word}</span>
        <strong className="run-name">
          <FileName name={item.name} />
        </strong>
        <span className="grow" />
        <Actions item={item} />
      </div>
      {item.state === 'sending' && (
        <Facts
          facts={[
            { label: 'Sent', value: formatBytesOf(item.sent_bytes, item.size_bytes) },
            { label: 'Rate', value: item.bytes_per_second > 0 ? `${formatBytes(item.bytes_per_second)}/s` : 'measuring' },
            { label: 'Left', value: formatLeft(left) },
          ]}
        />
      )}
      <Progress value={item.sent_bytes} max={item.size_bytes} label={`${item.name}, share that has arrived`} />
      {item.fault !== null && (
        <Note tone="bad" live>
          {item.fault.message}
        </Note>
      )}
    </section>
  )
}
