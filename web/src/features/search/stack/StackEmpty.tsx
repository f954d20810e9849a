import { Button } from '../../../ui/actions/Button.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { useExplore } from '../explore-context.ts'
import { exampleStacks } from './examples.data.ts'
import { withFields, withHosts } from './stack-query.ts'
import type { Stacked } from './useStack.ts'

/** What a stack is for, and stacks that these rows have the fields for. */
export const StackTeach = ({ fields }: { fields: ReadonlySet<string> | null }) => {
  const { state, patch } = useExplore()
  const fitting = exampleStacks.filter((one) => fields === null || one.fields.every((name) => fields.has(name)))
  return (
    <EmptyState title="Stack rows by what they share">
      <p>
        A stack counts the rows and hosts behind each value, or each combination of up to five fields, rarest first: what one host of many
        has stands on top.
      </p>
      {fitting.length > 0 && (
        <ul className="stack-examples">
          {fitting.map((one) => (
            <li key={one.fields.join()}>
              <Button size="sm" onClick={() => patch(withFields(state, one.fields))}>
                <span className="mono">{one.fields.join(', ')}</span>
              </Button>
              <span className="soft">{one.about}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="muted">
        Choose a field above, press <kbd>s</kbd> in the menu of any value, or write <span className="mono">| stack process_name</span>{' '}
        behind a query.
      </p>
    </EmptyState>
  )
}

/** The stack has no group: what removed them, and the way back. */
export const NoGroups = ({ stacked }: { stacked: Stacked }) => {
  const { state, patch } = useExplore()
  const { answer } = stacked
  const all = answer.by_hosts.reduce((sum, bar) => sum + bar.groups, 0)
  if (state.fresh && answer.new_groups === 0)
    return (
      <EmptyState
        title="Every group is in the baseline"
        actions={<Button onClick={() => patch({ fresh: false })}>Show the known ones ({formatNumber(all)})</Button>}
      >
        <p>Nothing that this stack has is new to the baseline.</p>
      </EmptyState>
    )
  if (all > 0)
    return (
      <EmptyState
        title="No group is left"
        actions={
          <Button onClick={() => patch({ q: withHosts(state.q, null), fresh: false })}>Any number of hosts ({formatNumber(all)})</Button>
        }
      >
        <p>The stack has {countOf(all, 'group')}; the conditions behind it leave none of them.</p>
      </EmptyState>
    )
  return (
    <EmptyState title="No row has these fields" actions={<Button onClick={() => patch(withFields(state, []))}>Stack by others</Button>}>
      <p>
        {answer.missing === 0
          ? 'The query finds no row at all: change it, the filters or the time range.'
          : `The query finds ${countOf(answer.missing, 'row')}, and none has a value of ${answer.fields.join(' or ')}.`}
      </p>
    </EmptyState>
  )
}
