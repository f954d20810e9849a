import type { EventRow } from '../../../../../shared/contract/search.ts'
import { useMay } from '../../../api/session.ts'
import { copyText, refusedToCopy } from '../../../ui/actions/copy-text.ts'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Menu, type MenuItem } from '../../../ui/overlay/Menu.tsx'
import type { Patch } from '../explore-context.ts'
import { stackedBy } from '../stack/stack-query.ts'
import type { ExploreState } from '../state/explore-state.ts'
import { pillFor, wordFor } from '../state/pills.ts'
import { momentOf } from '../timeline/moment-rows.ts'
import { surroundingOf } from '../timeline/surrounding.ts'
import { PrevalenceLine } from '../prevalence/PrevalenceLine.tsx'
import { PrevalenceOf } from '../prevalence/PrevalenceOf.tsx'
import { makeIndicator } from './make-indicator.ts'
import { Marked } from './Marked.tsx'
import type { FieldValue } from './row-values.ts'

export interface OpenMenu {
  anchor: Element
  value: FieldValue
  row?: EventRow | undefined
}

export interface ValueMenuProps {
  open: OpenMenu | null
  onClose: () => void
  only: (value: FieldValue) => void
  not: (value: FieldValue) => void
  state: ExploreState
  patch: Patch
}

const copy = (text: string) => void copyText(text).then((isCopied) => toast(isCopied ? 'Copied.' : refusedToCopy))

/** The row that the value stands in, beside the others: for a pointer what the space bar is for keys. */
const rowItems = (row: EventRow | undefined, state: ExploreState, patch: Patch): MenuItem[] => {
  if (row === undefined) return []
  const at = momentOf(row)?.at ?? null
  if (row.id === state.row && at === state.at) return []
  return [{ id: 'row', label: 'Open its row', icon: 'eye', key: 'r', onSelect: () => patch({ row: row.id, at }) }]
}

/** What the host of the row did around the moment that is shown of it. */
const aroundItems = (row: EventRow | undefined, patch: Patch): MenuItem[] => {
  const at = row === undefined ? null : (momentOf(row)?.at ?? row.timestamp)
  if (row === undefined || at === null) return []
  return [{ id: 'around', label: 'What its host did around it', icon: 'clock', key: 'w', onSelect: () => patch(surroundingOf(row, at, 5)) }]
}

/** Longer ones are no indicators. */
const longestIndicator = 2000
const indicatorItems = (field: string, text: string, mayMake: boolean): MenuItem[] =>
  !mayMake || text.trim() === '' || text.length > longestIndicator
    ? []
    : [
        {
          id: 'indicator',
          label: 'Make it an indicator',
          icon: 'shield',
          key: 'n',
          onSelect: () => void makeIndicator({ field, value: text }),
        },
      ]

const itemsOf = ({ value, row }: OpenMenu, { only, not, state, patch }: ValueMenuProps, mayMake: boolean): MenuItem[] => {
  const items: MenuItem[] = [
    { id: 'only', label: 'Only rows with this', icon: 'plus', key: 'i', onSelect: () => only(value) },
    { id: 'not', label: 'Not rows with this', icon: 'minus', key: 'e', onSelect: () => not(value) },
    {
      id: 'new',
      label: 'New search for this',
      icon: 'search',
      key: 'o',
      onSelect: () => patch({ q: pillFor(value.field, value.value, 'only').text, pills: [], from: null, to: null, row: null }),
    },
    { id: 'stack', label: 'Stack by this field', icon: 'stack', key: 's', onSelect: () => patch(stackedBy(state, value.field)) },
  ]
  const text = value.value
  items.push(...rowItems(row, state, patch), ...aroundItems(row, patch))
  if (text === null) return items
  if (text !== '')
    items.push({
      id: 'anywhere',
      label: 'Any rows with this value anywhere',
      icon: 'target',
      key: 'a',
      onSelect: () => patch({ q: wordFor(text), pills: [], from: null, to: null, row: null }),
    })
  items.push(...indicatorItems(value.field, text, mayMake))
  items.push({ id: 'copy', label: 'Copy', icon: 'copy', key: 'c', apart: true, onSelect: () => copy(text) })
  return items
}

/** The menu on any value, the same everywhere and with the same keys. */
export const ValueMenu = (props: ValueMenuProps) => {
  const { open, onClose } = props
  const mayMake = useMay('detections.write')
  return (
    <Menu
      anchor={open?.anchor ?? null}
      onClose={onClose}
      label={open === null ? 'Value' : `${open.value.field}: what to do with this value`}
      items={open === null ? [] : itemsOf(open, props, mayMake)}
      head={
        open !== null && (
          <>
            <div className="menu-value">
              <span className="muted cut">{open.value.field}</span>
              <PrevalenceOf {...open.value} />
            </div>
            <div className="mono cut">
              {open.value.value === null ? (
                'null'
              ) : open.value.value === '' ? (
                '(empty)'
              ) : (
                <Marked value={open.value.value} field="" matchers={[]} most={300} />
              )}
            </div>
            <PrevalenceLine {...open.value} />
          </>
        )
      }
    />
  )
}
