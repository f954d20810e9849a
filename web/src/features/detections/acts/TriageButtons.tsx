import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Detection, listAssignees } from '../../../../../shared/contract/detect/detections.ts'
import { queryOf } from '../../../api/queries.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { Menu, type MenuItem } from '../../../ui/overlay/Menu.tsx'
import { MenuButton } from '../../../ui/overlay/MenuButton.tsx'
import type { TriageChange } from './triage.ts'

export interface TriageButtonsProps {
  /** What it is done to: one, or all that are ticked. */
  list: readonly Detection[]
  onAct: (change: TriageChange) => void
  me: { id: string; name: string }
  onSuppress: (() => void) | undefined
  onDuplicate: (() => void) | undefined
  onMerge: (() => void) | undefined
  /** Further things, such as copying the link. */
  more?: readonly MenuItem[]
  disabledReason: string | undefined
}

/** To whom: everybody of the tenant who may work on detections. */
const Assign = ({ anchor, onClose, onAct }: { anchor: Element | null; onClose: () => void; onAct: (change: TriageChange) => void }) => {
  const { data } = useQuery({ ...queryOf(listAssignees, {}), enabled: anchor !== null, staleTime: 60_000 })
  const people: MenuItem[] = (data ?? []).map((person) => ({
    id: person.id,
    label: person.name,
    icon: 'user',
    onSelect: () => onAct({ assignee: person }),
  }))
  return (
    <Menu
      anchor={anchor}
      onClose={onClose}
      label="Give to"
      items={[...people, { id: 'none', label: 'No one', icon: 'minus', onSelect: () => onAct({ assignee: null }), apart: true }]}
    />
  )
}

export const takeIt = (me: { id: string; name: string }): TriageChange => ({ assignee: me, status: 'in_progress' })

const furtherActs = ({ onAct, onDuplicate, onMerge }: TriageButtonsProps): MenuItem[] => [
  { id: 'new', label: 'Back to new', icon: 'retry', onSelect: () => onAct({ status: 'new' }) },
  { id: 'progress', label: 'In progress', icon: 'clock', onSelect: () => onAct({ status: 'in_progress' }) },
  ...(onDuplicate === undefined ? [] : [{ id: 'duplicate', label: 'Duplicate of…', icon: 'copy' as const, onSelect: onDuplicate }]),
  ...(onMerge === undefined ? [] : [{ id: 'merge', label: 'Merge…', icon: 'stack' as const, onSelect: onMerge }]),
]

export const TriageButtons = (props: TriageButtonsProps) => {
  const { list, onAct, me, onSuppress, more = [], disabledReason } = props
  const [anchor, setAnchor] = useState<Element | null>(null)
  const isMine = list.length > 0 && list.every((one) => one.assignee?.id === me.id && one.status === 'in_progress')
  const items = [...(disabledReason === undefined ? furtherActs(props) : []), ...more]
  const verdict = (label: string, keyName: string, change: TriageChange) => (
    <Button size="sm" disabledReason={disabledReason} aria-keyshortcuts={keyName} onClick={() => onAct(change)}>
      {label}
    </Button>
  )
  return (
    <div className="triage-buttons">
      <Button
        size="sm"
        variant={isMine ? 'default' : 'primary'}
        disabledReason={disabledReason ?? (isMine ? 'It is yours already.' : undefined)}
        aria-keyshortcuts="a"
        onClick={() => onAct(takeIt(me))}
      >
        Take it <kbd aria-hidden="true">a</kbd>
      </Button>
      {verdict('True positive', '1', { status: 'true_positive' })}
      {verdict('False positive', '2', { status: 'false_positive' })}
      {verdict('Benign', '3', { status: 'benign' })}
      {onSuppress !== undefined && (
        <Button size="sm" variant="ghost" aria-keyshortcuts="u" onClick={onSuppress}>
          Suppress…
        </Button>
      )}
      {disabledReason === undefined && (
        <>
          <button
            type="button"
            className="icon-btn icon-btn-sm"
            aria-label="Give to somebody"
            title="Give to somebody"
            aria-haspopup="menu"
            aria-expanded={anchor !== null}
            onClick={(event) => setAnchor(anchor === null ? event.currentTarget : null)}
          >
            <Icon name="user" size={14} />
          </button>
          <Assign anchor={anchor} onClose={() => setAnchor(null)} onAct={onAct} />
        </>
      )}
      {items.length > 0 && (
        <MenuButton label="More" className="icon-btn icon-btn-sm" items={items}>
          <Icon name="more" />
        </MenuButton>
      )}
    </div>
  )
}
