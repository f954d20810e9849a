import type { EventRow } from '../../../../../shared/contract/search.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { MenuButton } from '../../../ui/overlay/MenuButton.tsx'
import { useExplore } from '../explore-context.ts'
import { spans, surroundingOf } from '../timeline/surrounding.ts'

/** What the host did before and after: five minutes by a click, other spans in the menu, any other on the timeline itself. */
export const Surrounding = ({ row }: { row: EventRow }) => {
  const { state, patch } = useExplore()
  const at = state.row === row.id && state.at !== null ? state.at : row.timestamp
  const open = (minutes: number) => {
    if (at !== null) patch(surroundingOf(row, at, minutes))
  }
  const reason = at === null ? 'This row has no time.' : undefined
  const [usual, ...others] = spans
  return (
    <span className="row detail-around">
      <Button
        size="sm"
        icon="clock"
        disabledReason={reason}
        title="What this host did in the five minutes before and after"
        onClick={() => open(usual?.minutes ?? 5)}
      >
        {usual?.label}
      </Button>
      {at !== null && (
        <MenuButton
          label="What this host did around this row"
          className="icon-btn icon-btn-sm"
          align="start"
          items={others.map(({ minutes, label }) => ({ id: label, label, icon: 'clock', onSelect: () => open(minutes) }))}
        >
          <Icon name="down" size={14} />
        </MenuButton>
      )}
    </span>
  )
}
