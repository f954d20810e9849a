import { useState } from 'react'
import { Button } from '../../../../ui/actions/Button.tsx'
import { IconButton } from '../../../../ui/actions/IconButton.tsx'
import { Checkbox } from '../../../../ui/forms/Checkbox.tsx'
import { TextField } from '../../../../ui/forms/TextField.tsx'
import { Popover } from '../../../../ui/overlay/Popover.tsx'
import { columnOf, defaultColumns, moveColumn, toggleColumn } from './columns.ts'

export interface ColumnsButtonProps {
  cols: readonly string[]
  fields: readonly string[]
  onCols: (cols: readonly string[] | null) => void
}

const labelOf = (id: string): string => columnOf(id, {}).label

const Chosen = ({ cols, onCols }: Pick<ColumnsButtonProps, 'cols' | 'onCols'>) => (
  <ul>
    {cols.map((id, at) => (
      <li key={id} className="columns-entry">
        <Checkbox label={labelOf(id)} checked disabled={cols.length === 1} onChange={() => onCols(toggleColumn(cols, id))} />
        <span className="grow" />
        <IconButton icon="up" label={`Move ${labelOf(id)} left`} disabled={at === 0} onClick={() => onCols(moveColumn(cols, id, -1))} />
        <IconButton
          icon="down"
          label={`Move ${labelOf(id)} right`}
          disabled={at === cols.length - 1}
          onClick={() => onCols(moveColumn(cols, id, 1))}
        />
      </li>
    ))}
  </ul>
)

/** Which columns, and in which order. */
export const ColumnsButton = ({ cols, fields, onCols }: ColumnsButtonProps) => {
  const [anchor, setAnchor] = useState<Element | null>(null)
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const others = [...defaultColumns, ...fields].filter((id) => !cols.includes(id))
  const found = others.filter((id) => labelOf(id).toLowerCase().includes(wanted))
  const shown = found.slice(0, 100)
  const hidden = found.length - shown.length
  return (
    <>
      <Button
        variant="ghost"
        size="sm"
        icon="columns"
        aria-label="Columns"
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(anchor === null ? event.currentTarget : null)}
      >
        <span className="not-phone">Columns</span>
      </Button>
      <Popover anchor={anchor} onClose={() => setAnchor(null)} label="Columns" align="end" className="columns-popover">
        <Chosen cols={cols} onCols={onCols} />
        <TextField
          label="Add a column"
          hideLabel
          placeholder="Add a column"
          value={text}
          onChange={setText}
          autoComplete="off"
          spellCheck={false}
        />
        <ul className="columns-others">
          {shown.map((id) => (
            <li key={id} className="columns-entry">
              <Checkbox label={labelOf(id)} checked={false} onChange={() => onCols(toggleColumn(cols, id))} />
            </li>
          ))}
        </ul>
        {hidden > 0 && <p className="muted">Type a part of a name to find one of {hidden} more.</p>}
        {shown.length === 0 && <p className="muted">No field of these rows has that in its name.</p>}
        <Button size="sm" onClick={() => onCols(null)}>
          Back to the usual columns
        </Button>
      </Popover>
    </>
  )
}
