// Lanes of moments over time: data in, callbacks out. `data` is what `POST /api/timeline/density` answers. A page gives `onRange` and
// puts the range into its own state; the chart shows a zoom at once and tells it when it has come to rest.
import { type ReactNode, useMemo } from 'react'
import type { TimelineLane } from '../../../../shared/contract/hunt/timeline.ts'
import { IconButton } from '../actions/IconButton.tsx'
import { countOf, formatNumber } from '../format/numbers.ts'
import { formatTime, zoneName } from '../format/times.ts'
import { useWidth } from '../layout/useWidth.ts'
import { useZone, type Zone } from '../preferences.ts'
import { axisTicks, spanName, widthName } from './axis.ts'
import { type Bar, barsOf, bucketAt, type LaneData, spanOf } from './lanes.ts'
import { LaneDrawing } from './LaneDrawing.tsx'
import { onRangeKey, type RangeKeys } from './range-keys.ts'
import { isoOf, microsOf, moved, type Span, shareOf, zoomed } from './micros.ts'
import { useChartPointer } from './useChartPointer.ts'
import { type PageRange, useRange } from './useRange.ts'
import './charts.css'

export interface LaneChartProps {
  /** What it shows, for screen readers. */
  label: string
  data: LaneData
  /** It shows the answer before: the next is on its way. */
  isOld?: boolean
  /** Times to be marked through all lanes. */
  marks?: readonly string[]
  /** The colour of a lane, 1 to 6; 0 is the grey of the others. */
  hueOf?: (lane: TimelineLane, at: number) => number
  /** What a lane is called; null leaves it to the chart. */
  labelOf?: ((lane: TimelineLane) => ReactNode) | undefined
  /** The range that the page has in its own state. */
  range: PageRange
  onRange: (from: string, to: string) => void
  /** Back to all there is; without it no button is offered. */
  onAll?: (() => void) | undefined
  /** A click on a bar that stands for some time. */
  onPick?: ((time: string, bucket: number) => void) | undefined
  /** A click on the name of a lane. */
  onLane?: ((lane: TimelineLane, anchor: Element) => void) | undefined
  /** Stands at the left of the buttons. */
  head?: ReactNode
}

const nameOf = (lane: TimelineLane): string => {
  if (lane.is_other) return `${formatNumber(lane.lanes)} more`
  return lane.key === '' ? 'none' : lane.key
}

const usualHue = (lane: TimelineLane, at: number): number => (lane.is_other ? 0 : at < 6 ? at + 1 : 0)

const gapWords = (lane: TimelineLane, zone: Zone): string => {
  const [longest] = lane.gaps.toSorted((a, b) => Number(microsOf(b.to) - microsOf(b.from) - (microsOf(a.to) - microsOf(a.from))))
  if (longest === undefined) return ''
  const form = { zone, to: 'second' } as const
  return `\nLongest without one: ${formatTime(longest.from, form)} to ${formatTime(longest.to, form)} ${zoneName(zone)}`
}
const burstWords = (lane: TimelineLane): string =>
  lane.bursts.length === 0 ? '' : `\n${countOf(lane.bursts.length, 'bar')} with at least eight times what is usual here`

const Names = ({ data, labelOf, onLane, hue }: Pick<LaneChartProps, 'data' | 'labelOf' | 'onLane'> & { hue: (at: number) => number }) => {
  const [zone] = useZone()
  return (
    <div className="lanes-names">
      {data.lanes.map((lane, at) => {
        const words = labelOf?.(lane) ?? nameOf(lane)
        const title = `${nameOf(lane)}: ${countOf(lane.moments, 'moment')}${gapWords(lane, zone)}${burstWords(lane)}`
        const inside = (
          <>
            <i className={`lane-square lane-hue-${hue(at)}`} />
            <span className="cut">{words}</span>
          </>
        )
        return onLane === undefined || lane.is_other ? (
          <span key={`${at}`} className="lane-name" title={title}>
            {inside}
          </span>
        ) : (
          <button key={`${at}`} type="button" className="lane-name" title={title} onClick={(event) => onLane(lane, event.currentTarget)}>
            {inside}
          </button>
        )
      })}
    </div>
  )
}

const Tip = ({ data, bars, share, zone }: { data: LaneData; bars: readonly Bar[]; share: number; zone: Zone }) => {
  const bucket = bucketAt(bars, share)
  if (bucket === null) return null
  const lanes = data.lanes.filter((lane) => (lane.counts[bucket] ?? 0) > 0)
  const start = formatTime(data.starts[bucket], { zone, to: data.bucket_micros >= 60_000_000 ? 'minute' : 'stored' })
  return (
    <div className={`lanes-tip ${share > 0.6 ? 'lanes-tip-left' : ''}`} style={{ left: `${share * 100}%` }}>
      <div>
        {start} {zoneName(zone)}, {widthName(data.bucket_micros)}
      </div>
      {lanes.slice(0, 8).map((lane) => (
        <div key={lane.key} className="lanes-tip-lane">
          <span className="cut">{nameOf(lane)}</span>
          <b>{formatNumber(lane.counts[bucket] ?? 0)}</b>
        </div>
      ))}
      {lanes.length === 0 && <div className="muted">no moment</div>}
    </div>
  )
}

const Buttons = ({ change, onAll }: RangeKeys) => (
  <span className="lanes-buttons">
    <IconButton icon="left" label="Earlier" onClick={() => change((span) => moved(span, -0.5))} />
    <IconButton icon="right" label="Later" onClick={() => change((span) => moved(span, 0.5))} />
    <IconButton icon="minus" label="Zoom out" onClick={() => change((span) => zoomed(span, 2))} />
    <IconButton icon="plus" label="Zoom in" onClick={() => change((span) => zoomed(span, 0.5))} />
    {onAll !== undefined && <IconButton icon="target" label="All there is" onClick={onAll} />}
  </span>
)

const Axis = ({ span, zone, width }: { span: Span; zone: Zone; width: number }) => (
  <div className="lanes-axis" aria-hidden="true">
    {axisTicks(span, zone, width).map((tick) => (
      <span key={tick.share} style={{ left: tick.share * width }}>
        {tick.label}
      </span>
    ))}
  </div>
)

/** What the range is, for eyes and for screen readers. */
const Range = ({ span, data, zone }: { span: Span; data: LaneData; zone: Zone }) => {
  const form = { zone, to: data.bucket_micros >= 1_000_000 ? ('second' as const) : ('stored' as const) }
  return (
    <span className="lanes-range muted" role="status">
      {formatTime(isoOf(span.from), form)} to {formatTime(isoOf(span.to), form)} {zoneName(zone)} · bars of {widthName(data.bucket_micros)}
    </span>
  )
}

const Overlay = ({ span, marks, brush }: { span: Span; marks: readonly string[]; brush: { from: number; to: number } | null }) => (
  <>
    {marks.map((mark) => {
      const share = shareOf(span, microsOf(mark))
      return share < 0 || share > 1 ? null : <i key={mark} className="lanes-mark" style={{ left: `${share * 100}%` }} />
    })}
    {brush !== null && (
      <i
        className="lanes-brush"
        style={{ left: `${Math.min(brush.from, brush.to) * 100}%`, width: `${Math.abs(brush.to - brush.from) * 100}%` }}
      />
    )}
  </>
)

/** The lanes in words. */
const Told = ({ data }: { data: LaneData }) => (
  <ul className="visually-hidden">
    {data.lanes.map((lane, at) => (
      <li key={`${at}`}>
        {nameOf(lane)}: {countOf(lane.moments, 'moment')}, {countOf(lane.gaps.filter((gap) => gap.is_marked).length, 'gap')},{' '}
        {countOf(lane.bursts.length, 'burst')}
      </li>
    ))}
  </ul>
)

interface PlotProps extends LaneChartProps, RangeKeys {
  span: Span
  hue: (at: number) => number
}

/** What answers to pointer, wheel and keys, with its axis. */
const Plot = ({ label, data, marks = [], onPick, onAll, span, change, hue }: PlotProps) => {
  const [zone] = useZone()
  const [ref, width] = useWidth()
  const bars = useMemo(() => barsOf(data, span), [data, span])
  const pick = (share: number) => {
    const bucket = bucketAt(bars, share)
    if (bucket !== null) onPick?.(data.starts[bucket] ?? '', bucket)
  }
  const { brush, hover, handlers } = useChartPointer({ ref, span, change, onPick: onPick === undefined ? undefined : pick })
  return (
    <div className="lanes-middle">
      <div
        ref={ref}
        className="lanes-plot"
        role="group"
        tabIndex={0}
        aria-label={`${label}: plus and minus zoom, arrows move${onAll === undefined ? '' : ', 0 shows all'}`}
        onKeyDown={(event) => onRangeKey(event, { change, onAll })}
        {...handlers}
      >
        <LaneDrawing data={data} bars={bars} span={span} width={width} hue={hue} />
        <Overlay span={span} marks={marks} brush={brush} />
        {hover !== null && <Tip data={data} bars={bars} share={hover} zone={zone} />}
      </div>
      <Axis span={span} zone={zone} width={width} />
    </div>
  )
}

export const LaneChart = (props: LaneChartProps) => {
  const { label, data, isOld = false, hueOf = usualHue, range, onRange, onAll, head } = props
  const [zone] = useZone()
  const asked = useMemo(() => spanOf(data), [data])
  const { shown, change } = useRange(asked, range, onRange)
  const hue = (at: number): number => {
    const lane = data.lanes[at]
    return lane === undefined ? 0 : hueOf(lane, at)
  }
  if (shown === null) return null
  return (
    <section className={`lanes ${isOld ? 'lanes-old' : ''}`} aria-label={label}>
      <div className="lanes-head">
        {head}
        <Range span={shown} data={data} zone={zone} />
        <Buttons change={change} onAll={onAll} />
      </div>
      <div className="lanes-frame">
        <div className="lanes-left">
          <Names {...props} hue={hue} />
          <div className="lanes-day muted">{spanName(shown, zone)}</div>
        </div>
        <Plot {...props} span={shown} change={change} onAll={onAll} hue={hue} />
        <div className="lanes-counts" aria-hidden="true">
          {data.lanes.map((lane, at) => (
            <span key={`${at}`}>{formatNumber(lane.moments)}</span>
          ))}
        </div>
      </div>
      <Told data={data} />
    </section>
  )
}
