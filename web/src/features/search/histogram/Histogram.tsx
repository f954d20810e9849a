import type { GivingUp } from '../../../api/giving-up.ts'
import { messageOf } from '../../../api/problem.ts'
import { Slow } from '../../../ui/feedback/Slow.tsx'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { useWidth } from '../../../ui/layout/useWidth.ts'
import { useZone } from '../../../ui/preferences.ts'
import { useExplore } from '../explore-context.ts'
import type { FieldInfo } from '../fields/groups.ts'
import { bucketName, type HistogramData, layBars, rangeOfBars, roundMax, timeTicks, totalsOf } from './geometry.ts'
import { HistogramTools } from './HistogramTools.tsx'
import { Legend } from './Legend.tsx'
import { Plot } from './Plot.tsx'
import { useZoom, type Zooming } from './useZoom.ts'
import './histogram.css'

export interface Bars extends HistogramData {
  from: string | null
  to: string | null
  total: number
  without_time: number
}

/** What is known of the answer beside the bars. */
export interface BarsState extends GivingUp {
  isOld: boolean
  isAsking: boolean
  problem: Error | null
  /** Of the question that is under way. */
  key: string
  again: () => void
}

const plotPx = 48

/** A wait, a fault or a cancelled count, in the line above the bars. */
const Standing = ({ state }: { state: BarsState }) => {
  if (state.isAsking) return <Slow key={state.key} words="Counting" onCancel={state.cancel} />
  if (state.problem === null && !state.isGivenUp) return null
  return (
    <span className={state.problem === null ? '' : 'rows-problem'} role="status">
      {state.problem === null ? 'These bars were not counted: it was cancelled.' : messageOf(state.problem)}{' '}
      <button type="button" className="field-link" onClick={state.again}>
        {state.problem === null ? 'Count' : 'Try again'}
      </button>
    </span>
  )
}

const Drawn = ({ bars, width, zoom }: { bars: Bars; width: number; zoom: Zooming }) => {
  const { hueOf } = useExplore()
  if (bars.starts.length === 0) return <p className="hist-none muted">None of these rows has this time.</p>
  if (width === 0) return null
  return (
    <Plot
      bars={layBars(bars, width, plotPx)}
      data={bars}
      size={{ width, height: plotPx }}
      hue={(at) => (bars.series[at]?.is_other === true ? 0 : hueOf(bars.series[at]?.key ?? ''))}
      onZoom={(one, other) => zoom.to(rangeOfBars(bars, one, other))}
      onOut={zoom.out}
      onBack={zoom.back}
    />
  )
}

const stretchOf = (bars: Bars | undefined) =>
  bars === undefined || bars.from === null || bars.to === null ? null : { from: bars.from, to: bars.to }

/** Rows over any of their times: a drag, or Shift and the arrows with Enter, shows a stretch of it. */
export const Histogram = ({ bars, state, fields }: { bars: Bars | undefined; state: BarsState; fields: readonly FieldInfo[] }) => {
  const [zone] = useZone()
  const [ref, width] = useWidth()
  const zoom = useZoom(stretchOf(bars))
  const top = bars === undefined ? 1 : roundMax(Math.max(0, ...totalsOf(bars)))
  return (
    <section className={`hist ${state.isOld ? 'hist-old' : ''}`} aria-label="Rows over time">
      <div className="hist-head">
        <Legend series={bars?.series ?? []} />
        <span className="grow" />
        <Standing state={state} />
        <span className="hist-width muted">{bars !== undefined && bars.starts.length > 0 && `bars of ${bucketName(bars.bucket_ms)}`}</span>
        <HistogramTools fields={fields} withoutTime={bars?.without_time ?? 0} zoom={zoom} />
      </div>
      <div className="hist-frame">
        <div className="hist-y" aria-hidden="true">
          <span>{formatNumber(top)}</span>
          {top > 1 && <span>{formatNumber(Math.round(top / 2))}</span>}
        </div>
        <div className="hist-plot" ref={ref}>
          {bars !== undefined && <Drawn bars={bars} width={width} zoom={zoom} />}
        </div>
      </div>
      <div className="hist-x" aria-hidden="true">
        {bars !== undefined &&
          timeTicks(bars, zone, width).map((tick) => (
            <span key={tick.x} style={{ left: tick.x }}>
              {tick.label}
            </span>
          ))}
      </div>
    </section>
  )
}
