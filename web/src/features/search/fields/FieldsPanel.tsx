import { useState } from 'react'
import type { GivingUp } from '../../../api/giving-up.ts'
import { messageOf } from '../../../api/problem.ts'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Slow } from '../../../ui/feedback/Slow.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { formatPercent } from '../../../ui/format/numbers.ts'
import { usePreference } from '../../../ui/preferences.ts'
import { TagFacet } from '../notes/TagFacet.tsx'
import { useExplore } from '../explore-context.ts'
import type { Filter } from '../result/question.ts'
import { stackedBy } from '../stack/stack-query.ts'
import { FacetView } from './FacetView.tsx'
import { defaultPins, type FieldInfo, groupFields, typeMark } from './groups.ts'
import './fields.css'

export interface FieldsPanelProps {
  fields: readonly FieldInfo[] | undefined
  /** How many rows the percentages are of. */
  total: number
  isExact: boolean
  problem: Error | null
  wait: GivingUp & { isAsking: boolean; again: () => void }
  filter: Filter
  columns: readonly string[]
  onColumn: (field: string) => void
  onClose: () => void
}

interface EntryProps extends Pick<FieldsPanelProps, 'total' | 'filter' | 'columns' | 'onColumn'> {
  field: FieldInfo
  isPinned: boolean
  onPin: () => void
  isOpen: boolean
  onOpen: () => void
}

const noFields: readonly string[] = []
/** So many stay open from one query to the next; the first one closes. */
const openAtMost = 12

const toggled = (list: readonly string[], name: string): string[] =>
  list.includes(name) ? list.filter((one) => one !== name) : [...list, name]

const Entry = ({ field, total, filter, columns, onColumn, isPinned, onPin, isOpen, onOpen }: EntryProps) => {
  const { state, patch } = useExplore()
  const [mark, word] = typeMark[field.type]
  const isColumn = columns.includes(field.name)
  return (
    <li>
      <div className="field-entry">
        <button type="button" className="field-name" aria-expanded={isOpen} title={`${field.name}, ${word}`} onClick={onOpen}>
          <span className="field-type" aria-hidden="true">
            {mark}
          </span>
          <span className="cut">{field.name}</span>
          <span className="field-share">{formatPercent(field.rows, total)}</span>
        </button>
        <span className="field-actions">
          <IconButton icon="stack" label={`Stack by ${field.name}`} onClick={() => patch(stackedBy(state, field.name))} />
          <IconButton
            icon="columns"
            label={isColumn ? `Hide column ${field.name}` : `Show column ${field.name}`}
            aria-pressed={isColumn}
            onClick={() => onColumn(field.name)}
          />
          <IconButton icon={isPinned ? 'minus' : 'up'} label={isPinned ? `Unpin ${field.name}` : `Pin ${field.name}`} onClick={onPin} />
        </span>
      </div>
      {isOpen && <FacetView field={field.name} filter={filter} />}
    </li>
  )
}

/** A list that is long on its way, or was given up. */
const Listing = ({ fields, wait }: FieldsPanelProps) => {
  if (wait.isAsking) return <Slow key={String(fields === undefined)} words="Listing fields" onCancel={wait.cancel} />
  if (!wait.isGivenUp) return null
  return (
    <p className="field-note">
      {fields === undefined ? 'Not listed: it was cancelled. ' : 'These are the fields of the query before. '}
      <button type="button" className="field-link" onClick={wait.again}>
        List them
      </button>
    </p>
  )
}

/** What stands where the list will be. */
const NoList = ({ problem, wait }: FieldsPanelProps) => {
  if (problem !== null) return <p className="field-note">{messageOf(problem)}</p>
  if (wait.isGivenUp) return null
  return (
    <div role="status" aria-label="Loading fields">
      {Array.from({ length: 12 }, (_, at) => (
        <span key={at} className="skeleton field-wait" style={{ width: `${45 + ((at * 29) % 40)}%` }} />
      ))}
    </div>
  )
}

/** The fields of the rows found; each opens to its values. */
export const FieldsPanel = (props: FieldsPanelProps) => {
  const { fields, onClose } = props
  const [text, setText] = useState('')
  const [pins, setPins] = usePreference<readonly string[]>('explore.pins', defaultPins)
  const [opened, setOpened] = usePreference<readonly string[]>('explore.open-fields', noFields)
  const count = fields?.filter((one) => one.rows > 0).length ?? 0
  const groups = groupFields(fields ?? [], fields === undefined ? [] : pins, text)
  return (
    <aside className="field-panel" aria-label="Fields">
      <div className="field-search">
        <TextField
          label="Filter fields"
          hideLabel
          value={text}
          onChange={setText}
          placeholder={count === 0 ? 'Filter fields' : `Filter ${count} fields`}
          autoComplete="off"
          spellCheck={false}
        />
        <IconButton icon="close" label="Hide fields" onClick={onClose} />
      </div>
      <div className="field-list">
        <TagFacet filter={props.filter} />
        <Listing {...props} />
        {fields === undefined && <NoList {...props} />}
        {groups.map((group, at) => (
          <section key={group.title} aria-label={group.title}>
            <h2 className="field-group">
              <span>{group.title}</span>
              {at === 0 && <span>{props.isExact ? 'of rows' : 'of rows, sampled'}</span>}
            </h2>
            <ul>
              {group.fields.map((field) => (
                <Entry
                  key={field.name}
                  {...props}
                  field={field}
                  isPinned={pins.includes(field.name)}
                  onPin={() => setPins(toggled(pins, field.name))}
                  isOpen={opened.includes(field.name)}
                  onOpen={() => setOpened(toggled(opened, field.name).slice(-openAtMost))}
                />
              ))}
            </ul>
          </section>
        ))}
        {fields !== undefined && groups.length === 0 && <p className="field-note">No field here has “{text}” in its name.</p>}
      </div>
    </aside>
  )
}
