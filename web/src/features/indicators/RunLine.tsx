import type { IndicatorRun } from '../../../../shared/contract/detect/indicator-shapes.ts'
import { cancelIndicatorRun, getIndicatorList, listIndicatorLists } from '../../../../shared/contract/detect/indicators.ts'
import { call } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { invalidate } from '../../api/query-client.ts'
import { useMay } from '../../api/session.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Progress } from '../../ui/feedback/Progress.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { isUnderWay, runWords } from './indicator-words.ts'

const cancel = (id: string) =>
  call(cancelIndicatorRun, { params: { indicator_run_id: id } })
    .then(() => Promise.all([invalidate(listIndicatorLists), invalidate(getIndicatorList)]))
    .catch((error: unknown) => toast(messageOf(error)))

/** How far indicators have been looked for, in words, with a bar while it goes on. */
export const RunLine = ({ run }: { run: IndicatorRun }) => {
  const mayWrite = useMay('detections.write')
  return (
    <div className={`run-line ${run.state === 'failed' ? 'run-failed' : ''}`} aria-live="polite">
      <span>{runWords(run)}</span>
      {isUnderWay(run) && (
        <>
          <Progress value={run.steps_done} max={Math.max(run.steps, 1)} label="Looking for indicators" />
          {mayWrite && (
            <Button size="sm" onClick={() => void cancel(run.id)}>
              Stop
            </Button>
          )}
        </>
      )}
    </div>
  )
}
