import { type ReactNode, useId, useState } from 'react'
import { Button } from '../actions/Button.tsx'
import { Popover } from '../overlay/Popover.tsx'
import { Checkbox } from './Checkbox.tsx'
import { TextField } from './TextField.tsx'
import './picker.css'

export interface Choice {
  id: string
  label: ReactNode
  /** Beside the label: a count, a time. */
  about?: ReactNode
}

export interface PickerProps {
  /** What is chosen here, for the button and the list. */
  label: string
  children: ReactNode
  choices: readonly Choice[]
  chosen: readonly string[]
  onChange: (ids: readonly string[]) => void
  /** What was typed to find a choice; the caller finds. */
  text: string
  onText: (text: string) => void
  /** In place of the list: nothing found, or an error. */
  note?: ReactNode
  /** Choosing takes the place of what was chosen. */
  single?: boolean
}

interface ChoiceRowProps {
  choice: Choice
  single: boolean
  isChosen: boolean
  onChoose: (choice: string, isChosen: boolean) => void
}

const ChoiceRow = ({ choice, single, isChosen, onChoose }: ChoiceRowProps) =>
  single ? (
    <button type="button" className="picker-choice" aria-pressed={isChosen} onClick={() => onChoose(choice.id, true)}>
      <span className="grow cut">{choice.label}</span>
      <span className="muted">{choice.about}</span>
    </button>
  ) : (
    <span className="picker-choice">
      <Checkbox label={<span className="cut">{choice.label}</span>} checked={isChosen} onChange={(next) => onChoose(choice.id, next)} />
      <span className="grow" />
      <span className="muted">{choice.about}</span>
    </span>
  )

/** Some of many, found by typing. */
export const Picker = ({ label, children, choices, chosen, onChange, text, onText, note, single = false }: PickerProps) => {
  const [anchor, setAnchor] = useState<Element | null>(null)
  const id = useId()
  const choose = (choice: string, isChosen: boolean) => {
    if (single) {
      onChange([choice])
      setAnchor(null)
    } else onChange(isChosen ? [...chosen, choice] : chosen.filter((one) => one !== choice))
  }
  // typed until one was left: Enter takes it
  const only = text.trim() !== '' && choices.length === 1 ? choices[0] : undefined
  return (
    <>
      <Button
        iconAfter="down"
        aria-haspopup="dialog"
        aria-label={label}
        className="picker-button"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {children}
      </Button>
      <Popover anchor={anchor} onClose={() => setAnchor(null)} label={label} className="picker">
        <TextField
          label={label}
          hideLabel
          type="search"
          placeholder="Find"
          maxLength={200}
          value={text}
          onChange={onText}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && only !== undefined) choose(only.id, !chosen.includes(only.id))
          }}
        />
        <ul className="picker-list" id={id}>
          {choices.map((choice) => (
            <li key={choice.id}>
              <ChoiceRow choice={choice} single={single} isChosen={chosen.includes(choice.id)} onChoose={choose} />
            </li>
          ))}
        </ul>
        {note !== undefined && <p className="picker-note">{note}</p>}
      </Popover>
    </>
  )
}
