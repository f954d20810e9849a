import { useState } from 'react'
import { createPortal } from 'react-dom'
import { Button } from '../../../ui/actions/Button.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { Popover } from '../../../ui/overlay/Popover.tsx'
import { useExplore } from '../explore-context.ts'
import type { Question } from '../result/question.ts'
import { ExportForm } from './ExportForm.tsx'
import { useExportRun } from './export-run.ts'

/** The rows of the result as a file; it stands in the row of pills, wherever it is made. */
export const ExportButton = ({ question, total, cols }: { question: Question; total: number; cols: readonly string[] }) => {
  const { tools } = useExplore()
  const running = useExportRun()
  const [anchor, setAnchor] = useState<Element | null>(null)
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
        Export {countOf(total, 'row')}
      </Button>
      <Popover anchor={anchor} onClose={() => setAnchor(null)} label="Export" align="end" className="export-popover">
        {anchor !== null && <ExportForm question={question} total={total} cols={cols} onClose={() => setAnchor(null)} />}
      </Popover>
    </>,
    tools,
  )
}
