import { useCallback, useState } from 'react'
import type { DetectionFilter } from '../../../../../shared/domain/detections.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { useLateText } from '../../../ui/forms/useLateText.ts'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { formatTime } from '../../../ui/format/times.ts'
import { Menu } from '../../../ui/overlay/Menu.tsx'
import { Popover } from '../../../ui/overlay/Popover.tsx'
import { isSameList, openStatuses } from '../state/queue-state.ts'
import { choicesOf, chosenOf, type Counts, type ListPart, listParts, partWords, valueWords, withPart } from '../state/filter-parts.ts'

interface FilterProps {
  filter: DetectionFilter
  counts: Counts | undefined
  onChange: (filter: DetectionFilter) => void
}

const Choices = ({ part, filter, counts, onChange }: FilterProps & { part: ListPart }) => {
  const [text, setText] = useState('')
  const chosen = chosenOf(filter, part)
  const all = choicesOf(part, counts, chosen)
  const shown = all.filter((one) => one.label.toLowerCase().includes(text.trim().toLowerCase()))
  return (
    <div className="detect-stack">
      <div className="row">
        <h3>{partWords[part]}</h3>
        <span className="grow" />
        {chosen.length > 0 && (
          <button type="button" className="link-button" onClick={() => onChange(withPart(filter, part, []))}>
            Any
          </button>
        )}
      </div>
      {all.length > 8 && (
        <TextField label="Find" hideLabel type="search" placeholder="Find" value={text} maxLength={200} onChange={setText} />
      )}
      <ul className="filter-choices">
        {shown.map((one) => (
          <li key={one.value} className="row">
            <Checkbox
              label={<span className="cut">{one.label}</span>}
              checked={chosen.includes(one.value)}
              onChange={(isOn) =>
                onChange(withPart(filter, part, isOn ? [...chosen, one.value] : chosen.filter((value) => value !== one.value)))
              }
            />
            <span className="grow" />
            <span className="muted num">{formatNumber(one.detections)}</span>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="muted">{counts === undefined ? 'Counting.' : 'None.'}</p>}
    </div>
  )
}

const localOf = (time: string | undefined): string => (time === undefined ? '' : time.slice(0, 16))
const timeOf = (text: string): string | undefined => (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? `${text.slice(0, 16)}:00Z` : undefined)

const Times = ({ filter, onChange }: Pick<FilterProps, 'filter' | 'onChange'>) => (
  <div className="detect-stack">
    <h3>Time of the rows, UTC</h3>
    {(['from', 'to'] as const).map((name) => (
      <TextField
        key={name}
        label={name === 'from' ? 'Last row at or after' : 'First row before'}
        type="datetime-local"
        value={localOf(filter[name])}
        onChange={(text) => {
          const { [name]: _, ...rest } = filter
          const time = timeOf(text)
          onChange(time === undefined ? rest : { ...rest, [name]: time })
        }}
      />
    ))}
  </div>
)

type Part = ListPart | 'time'
type Open = { part: Part; anchor: Element }

const pillText = (filter: DetectionFilter, part: ListPart, counts: Counts | undefined): string => {
  const chosen = chosenOf(filter, part)
  if (part === 'status' && isSameList(chosen, openStatuses)) return 'open'
  const words = chosen.slice(0, 2).map((one) => valueWords(part, one, counts))
  return chosen.length > 2 ? `${words.join(', ')} and ${chosen.length - 2} more` : words.join(', ')
}

interface PillProps {
  name: string
  text: string
  onEdit?: (anchor: Element) => void
  onRemove: () => void
}

const FilterPill = ({ name, text, onEdit, onRemove }: PillProps) => (
  <span className="filter-pill">
    {onEdit === undefined ? (
      <span className="filter-pill-text">{text}</span>
    ) : (
      <button type="button" className="filter-pill-text" aria-haspopup="dialog" onClick={(event) => onEdit(event.currentTarget)}>
        <b>{name}:</b> <span className="cut">{text}</span>
      </button>
    )}
    <IconButton icon="close" label={`Remove filter ${name}`} onClick={onRemove} />
  </span>
)

const TimePill = ({ filter, onChange, onEdit }: Pick<FilterProps, 'filter' | 'onChange'> & { onEdit: (anchor: Element) => void }) => {
  const { from, to, ...rest } = filter
  if (from === undefined && to === undefined) return null
  const [since, until] = [from, to].map((time) => (time === undefined ? '' : formatTime(time, { to: 'minute' })))
  const text = since === '' ? `until ${until ?? ''}` : until === '' ? `from ${since ?? ''}` : `${since ?? ''} to ${until ?? ''}`
  return <FilterPill name="Time" text={`${text} UTC`} onEdit={onEdit} onRemove={() => onChange(rest)} />
}

const Flags = ({ filter, onChange }: Pick<FilterProps, 'filter' | 'onChange'>) => {
  const { news: _, ...withoutNews } = filter
  const { silenced: __, ...withoutSilenced } = filter
  return (
    <>
      {filter.news === true && (
        <FilterPill name="rows since it was closed" text="Closed, and rows came since" onRemove={() => onChange(withoutNews)} />
      )}
      {filter.silenced === true && <FilterPill name="silenced" text="Silenced by exceptions" onRemove={() => onChange(withoutSilenced)} />}
    </>
  )
}

const FindBox = ({ filter, onChange }: Pick<FilterProps, 'filter' | 'onChange'>) => {
  const changeText = useCallback(
    (text: string) => {
      const { text: _, ...rest } = filter
      onChange(text.trim() === '' ? rest : { ...rest, text: text.trim() })
    },
    [filter, onChange],
  )
  const [text, setText] = useLateText(filter.text ?? '', changeText)
  return (
    <input
      type="search"
      className="input queue-find"
      aria-label="Filter detections"
      placeholder="Filter: title, host, tag"
      maxLength={200}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  )
}

const partName = (part: Part): string => (part === 'time' ? 'Time' : partWords[part])

/** What is not narrowed yet, to begin with. */
const AddFilter = ({ filter, onOpen }: { filter: DetectionFilter; onOpen: (open: Open) => void }) => {
  const [anchor, setAnchor] = useState<Element | null>(null)
  const left: Part[] = [...listParts.filter((part) => chosenOf(filter, part).length === 0), 'time']
  return (
    <>
      <Button
        size="sm"
        variant="ghost"
        icon="filter"
        aria-haspopup="menu"
        onClick={(event) => setAnchor(anchor === null ? event.currentTarget : null)}
      >
        Filter
      </Button>
      <Menu
        anchor={anchor}
        onClose={() => setAnchor(null)}
        label="Filter by"
        items={left.map((part) => ({
          id: part,
          label: partName(part),
          onSelect: () => anchor !== null && onOpen({ part, anchor }),
        }))}
      />
    </>
  )
}

/** The filters of the queue as pills; each opens what it can be, with how many there are. */
export const FilterBar = ({ filter, counts, onChange }: FilterProps) => {
  const [open, setOpen] = useState<Open | null>(null)
  return (
    <div className="queue-filters" role="group" aria-label="Filters">
      <FindBox filter={filter} onChange={onChange} />
      {listParts
        .filter((part) => chosenOf(filter, part).length > 0)
        .map((part) => (
          <FilterPill
            key={part}
            name={partWords[part]}
            text={pillText(filter, part, counts)}
            onEdit={(anchor) => setOpen({ part, anchor })}
            onRemove={() => onChange(withPart(filter, part, []))}
          />
        ))}
      <TimePill filter={filter} onChange={onChange} onEdit={(anchor) => setOpen({ part: 'time', anchor })} />
      <Flags filter={filter} onChange={onChange} />
      <AddFilter filter={filter} onOpen={setOpen} />
      <Popover
        anchor={open?.anchor ?? null}
        onClose={() => setOpen(null)}
        label={open === null ? 'Filter' : partName(open.part)}
        className="filter-popover"
      >
        {open?.part === 'time' && <Times filter={filter} onChange={onChange} />}
        {open !== null && open.part !== 'time' && <Choices part={open.part} filter={filter} counts={counts} onChange={onChange} />}
      </Popover>
    </div>
  )
}
