import { useState } from 'react'
import { createPortal } from 'react-dom'
import { Button } from '../../../ui/actions/Button.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { Popover } from '../../../ui/overlay/Popover.tsx'
import { useExplore } from '../explore-context.ts'
import { type Exported, ExportForm } from './ExportForm.tsx'
import { useExportRun } from './export-run.ts'

/** The rows or groups of the result as a file; it stands in the row of pills, wherever it is made. */
export const ExportButton = ({ exported }: { exported: Exported }) => {
  const { tools } = useExplore()
  const running = useExportRun()
  const [anchor, setAnchor] = useState<Element | null>(null)
  const { total, of } = exported
  if (tools === null || total === 0) return null
  const isRunning = running?.state === 'running'
  return createPortal(
    <>
      <Button
        variant="ghost"
        size="sm"
        icon="export"
        aria-haspopup="dialog"
        disabledReason={isRunning ? 'An export is under way. Wait for it, or cancel it.' : undefined}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <span>
          Export<span className="not-phone"> {countOf(total, of)}</span>
        </span>
      </Button>
      <Popover anchor={anchor} onClose={() => setAnchor(null)} label="Export" align="end" className="export-popover">
        {anchor !== null && <ExportForm exported={exported} onClose={() => setAnchor(null)} />}
      </Popover>
    </>,
    tools,
  )
}
