import { useState } from 'react'
import { useMay } from '../../../api/session.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { useHotkeys } from '../../../ui/keys/useHotkeys.ts'
import { TagPopover } from './TagPopover.tsx'

export interface RowsTaggingProps {
  ticked: ReadonlySet<string>
  /** The current row, where there is one. */
  currentId: string | null
  currentElement: () => Element | null
}

/** Tags for the ticked rows, else for the current one: `t`, and a button while rows are ticked. */
export const RowsTagging = ({ ticked, currentId, currentElement }: RowsTaggingProps) => {
  const mayWrite = useMay('hunt.write')
  const [open, setOpen] = useState<{ anchor: Element; ids: readonly string[] } | null>(null)
  const [button, setButton] = useState<HTMLElement | null>(null)
  const start = () => {
    const ids = ticked.size > 0 ? [...ticked] : currentId === null ? [] : [currentId]
    const anchor = ticked.size > 0 ? button : currentElement()
    if (ids.length > 0 && anchor !== null) setOpen({ anchor, ids })
  }
  useHotkeys('Rows', mayWrite ? [{ keys: 't', does: 'Tag the row, or the ticked rows', run: start }] : [])
  if (!mayWrite) return null
  return (
    <>
      {ticked.size > 0 && (
        <Button ref={setButton} size="sm" icon="tag" aria-haspopup="dialog" onClick={start}>
          Tag
        </Button>
      )}
      <TagPopover anchor={open?.anchor ?? null} ids={open?.ids ?? []} onClose={() => setOpen(null)} />
    </>
  )
}
