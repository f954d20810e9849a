import { useState } from 'react'
import { Button } from '../../../ui/actions/Button.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { Popover } from '../../../ui/overlay/Popover.tsx'
import './chooser.css'

export interface FieldChoice {
  name: string
  /** What stands for it, where that is not its name. */
  label?: string
}

export interface FieldChooserProps {
  /** What is chosen: "Colours by". */
  label: string
  /** On the button, with the choice behind it: "by artifact". */
  words: string
  choices: readonly FieldChoice[]
  chosen: string
  onChoose: (name: string) => void
}

const most = 100
const labelOf = (one: FieldChoice): string => one.label ?? one.name

/** One field of many, found by a part of its name. */
export const FieldChooser = ({ label, words, choices, chosen, onChoose }: FieldChooserProps) => {
  const [anchor, setAnchor] = useState<Element | null>(null)
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const found = choices.filter((one) => labelOf(one).toLowerCase().includes(wanted) || one.name.toLowerCase().includes(wanted))
  const close = () => {
    setAnchor(null)
    setText('')
  }
  const choose = (name: string) => {
    close()
    if (name !== chosen) onChoose(name)
  }
  return (
    <>
      <Button
        size="sm"
        variant="ghost"
        iconAfter="down"
        className="chooser"
        aria-label={`${label}: ${words}`}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => (anchor === null ? setAnchor(event.currentTarget) : close())}
      >
        <span className="cut">{words}</span>
      </Button>
      <Popover anchor={anchor} onClose={close} label={label} align="end" className="chooser-popover">
        <TextField
          label={label}
          hideLabel
          placeholder="Find a field"
          value={text}
          onChange={setText}
          autoComplete="off"
          spellCheck={false}
          onKeyDown={(event) => {
            const [first] = found
            if (event.key === 'Enter' && first !== undefined) choose(first.name)
          }}
        />
        <ul className="chooser-list">
          {found.slice(0, most).map((one) => (
            <li key={one.name}>
              <button type="button" className="chooser-option" aria-pressed={one.name === chosen} onClick={() => choose(one.name)}>
                {labelOf(one)}
              </button>
            </li>
          ))}
        </ul>
        {found.length > most && <p className="muted">Type a part of a name to find one of {found.length - most} more.</p>}
        {found.length === 0 && <p className="muted">No field of these rows has that in its name.</p>}
      </Popover>
    </>
  )
}
