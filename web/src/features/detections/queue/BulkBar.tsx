import type { Detection } from '../../../../../shared/contract/detect/detections.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import type { TriageChange } from '../acts/triage.ts'
import { TriageButtons } from '../acts/TriageButtons.tsx'

export interface BulkBarProps {
  list: readonly Detection[]
  me: { id: string; name: string }
  disabledReason: string | undefined
  onAct: (change: TriageChange) => void
  onDuplicate: () => void
  /** Into which: the most severe of them, the first in the list. */
  onMerge: () => void
  onClear: () => void
}

/** What is done to all that are ticked. */
export const BulkBar = ({ list, me, disabledReason, onAct, onDuplicate, onMerge, onClear }: BulkBarProps) => (
  <div className="queue-bulk" role="group" aria-label="Ticked detections">
    <b>{countOf(list.length, 'detection')}</b>
    <TriageButtons
      list={list}
      me={me}
      disabledReason={disabledReason}
      onAct={onAct}
      onSuppress={undefined}
      onDuplicate={onDuplicate}
      onMerge={list.length > 1 ? onMerge : undefined}
    />
    <span className="grow" />
    <Button size="sm" variant="ghost" onClick={onClear}>
      Untick
    </Button>
  </div>
)
