import { Button } from '../../../ui/actions/Button.tsx'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { useExplore } from '../explore-context.ts'
import { FieldChooser } from '../fields/FieldChooser.tsx'
import type { FieldInfo } from '../fields/groups.ts'
import { withPill } from '../state/pills.ts'
import { termFor } from '../state/pills.ts'
import type { Zooming } from './useZoom.ts'
import { mainTime } from './zoom.ts'

const timeLabels: Readonly<Record<string, string>> = { timestamp: 'time of the row', ingested_at: 'time of storing' }
const timeLabel = (name: string): string => timeLabels[name] ?? name

/** Of every row, whatever fields the result has. */
const always = ['artifact', 'host_name']

export interface HistogramToolsProps {
  fields: readonly FieldInfo[]
  withoutTime: number
  zoom: Zooming
}

/** What the bars run over and are coloured by, the way out of a zoom, and the rows that stand in no bar. */
export const HistogramTools = ({ fields, withoutTime, zoom }: HistogramToolsProps) => {
  const { state, patch } = useExplore()
  const held = fields.filter((one) => one.rows > 0)
  const names = [...new Set([...always, state.by, ...held.map((one) => one.name)])]
  const times = [...new Set([mainTime, 'ingested_at', state.time, ...held.filter((one) => one.type === 'time').map((one) => one.name)])]
  const showUntimed = () =>
    patch({
      ...(state.time === mainTime ? { from: null, to: null } : {}),
      pills: withPill(state.pills, { text: termFor(state.time, null), is_off: false }),
    })
  return (
    <div className="hist-tools">
      {withoutTime > 0 && (
        <button type="button" className="field-link hist-untimed" title="Show these rows" onClick={showUntimed}>
          {formatNumber(withoutTime)} without {state.time === mainTime ? 'a time' : timeLabel(state.time)}
        </button>
      )}
      {zoom.isZoomed && (
        <>
          <Button size="sm" variant="ghost" title="Three times as long (− in the chart)" onClick={zoom.out}>
            Zoom out
          </Button>
          <Button size="sm" variant="ghost" title={zoom.canGoBack ? 'Backspace in the chart' : undefined} onClick={zoom.back}>
            {zoom.canGoBack ? 'Back' : 'All of it'}
          </Button>
        </>
      )}
      <FieldChooser
        label="The bars run over"
        words={`over ${timeLabel(state.time)}`}
        choices={times.map((name) => ({ name, label: timeLabel(name) }))}
        chosen={state.time}
        onChoose={(time) => patch({ time })}
      />
      <FieldChooser
        label="The bars are coloured by"
        words={`by ${state.by}`}
        choices={names.map((name) => ({ name }))}
        chosen={state.by}
        onChoose={(by) => patch({ by })}
      />
    </div>
  )
}
