import type { StackAnswer } from '../../../../../shared/contract/hunt/stack.ts'
import { stackFieldsMost } from '../../../../../shared/contract/hunt/stack.ts'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { useExplore } from '../explore-context.ts'
import { FieldChooser } from '../fields/FieldChooser.tsx'
import { afterClick, hostsShown, isChosen, stackOf, withFields, withHosts } from './stack-query.ts'

const dash = '–'
const rangeWords = (from: number, to: number | null): string =>
  to === null ? `over ${formatNumber(from - 1)}` : from === to ? formatNumber(from) : `${formatNumber(from)}${dash}${formatNumber(to)}`

/** Low bars must be seen, and one of a million must not make the others vanish. */
const heightOf = (groups: number, most: number): number => (groups === 0 ? 0 : 3 + Math.round((Math.log1p(groups) / Math.log1p(most)) * 9))

/** How many groups are on how many hosts; a click shows those alone. */
const Distribution = ({ bars }: { bars: StackAnswer['by_hosts'] }) => {
  const { state, patch } = useExplore()
  const shown = hostsShown(state.q)
  const most = Math.max(1, ...bars.map((bar) => bar.groups))
  return (
    <div className="stack-spread not-phone" role="group" aria-label="Groups by hosts">
      <span className="muted">Groups by hosts</span>
      <div className="stack-bars">
        {bars.map((bar) => {
          const words = rangeWords(bar.from, bar.to)
          const isOn = isChosen(bar, shown)
          return (
            <button
              key={bar.from}
              type="button"
              aria-pressed={isOn}
              aria-label={`On ${words} ${bar.to === 1 ? 'host' : 'hosts'}: ${countOf(bar.groups, 'group')}`}
              title={`${countOf(bar.groups, 'group')} on ${words} ${bar.to === 1 ? 'host' : 'hosts'}. Click to show ${isOn ? 'the others too' : 'these alone'}`}
              onClick={() => patch({ q: withHosts(state.q, afterClick(bars, shown, bar)), group: null })}
            >
              <i style={{ height: heightOf(bar.groups, most) }} />
              <span>{words}</span>
            </button>
          )
        })}
      </div>
    </div>
  )
}

/** What is stacked, as chips that change the query. */
export const StackBar = ({ fields, bars }: { fields: readonly string[]; bars: StackAnswer['by_hosts'] | null }) => {
  const { state, patch } = useExplore()
  const names = (stackOf(state.q)?.fields ?? []).map((field) => field.name)
  const choices = fields.filter((name) => !names.includes(name)).map((name) => ({ name }))
  return (
    <div className="stack-bar" role="group" aria-label="Stack">
      <span className="soft">Stack by</span>
      {names.map((name) => (
        <span key={name} className="stack-chip">
          <span className="mono cut" title={name}>
            {name}
          </span>
          <IconButton
            icon="close"
            label={`Do not stack by ${name}`}
            onClick={() =>
              patch(
                withFields(
                  state,
                  names.filter((one) => one !== name),
                ),
              )
            }
          />
        </span>
      ))}
      {names.length < stackFieldsMost && (
        <FieldChooser
          label="Stack by another field"
          words="Field"
          choices={choices}
          chosen=""
          onChoose={(name) => patch(withFields(state, [...names, name]))}
        />
      )}
      <span className="grow" />
      {bars !== null && <Distribution bars={bars} />}
    </div>
  )
}
