// Lanes of moments over time: data in, callbacks out. `data` is what `POST /api/timeline/density` answers. A page gives `onRange` and
// puts the range into its own state; the chart shows a zoom at once and tells it when it has come to rest.
import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { TimelineLane } from '../../../../shared/contract/hunt/timeline.ts'
import { IconButton } from '../actions/IconButton.tsx'
import { countOf, formatNumber } from '../format/numbers.ts'
import { formatTime, zoneName } from '../format/times.ts'
import { useZone, type Zone } from '../preferences.ts'
import { axisTicks, spanName, widthName } from './axis.ts'
import { type Bar, barsOf, bucketAt, type LaneData, pathOf, spanOf } from './lanes.ts'
import { isoOf, microsOf, moved, type Span, shareOf, zoomed } from './micros.ts'
import { useChartPointer } from './useChartPointer.ts'
import { useRange } from './useRange.ts'
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
  labelOf?: (lane: TimelineLane) => ReactNode
  onRange: (from: string, to: string) => void
  /** Back to all there is; without it no button is offered. */
  onAll?: (() => void) | undefined
  /** A click on a bar that stands for some time. */
  onPick?: (time: string, bucket: number) => void
  /** A click on the name of a lane. */
  onLane?: ((lane: TimelineLane, anchor: Element) => void) | undefined
  /** Stands at the left of the buttons. */
  head?: ReactNode
}

const lanePx = 20

const useWidth = () => {
  const ref = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return
    setWidth(element.clientWidth)
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, width] as const
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

interface DrawingProps {
  data: LaneData
  bars: readonly Bar[]
  span: Span
  width: number
  hue: (at: number) => number
}

const Gaps = ({ lane, span, width, hatch }: { lane: TimelineLane; span: Span; width: number; hatch: string }) =>
  lane.gaps
    .filter((gap) => gap.is_marked)
    .map((gap) => {
      const [left, right] = [shareOf(span, microsOf(gap.from)), shareOf(span, microsOf(gap.to))].map((share) =>
        Math.max(0, Math.min(1, share)),
      )
      const wide = ((right ?? 0) - (left ?? 0)) * width - 4
      return wide < 4 ? null : (
        <rect key={gap.from} x={(left ?? 0) * width + 2} y={2} width={wide} height={lanePx - 5} fill={`url(#${hatch})`} />
      )
    })

const Bursts = ({ lane, bars, width }: { lane: TimelineLane; bars: readonly Bar[]; width: number }) =>
  lane.bursts.map((bucket) => {
    const bar = bars[bucket]
    if (bar === undefined || bar.left > 1 || bar.right < 0) return null
    const x = ((bar.left + bar.right) / 2) * width
    return <path key={bucket} className="lane-burst" d={`M${x - 4} 0h8l-4 5z`} />
  })

const Drawing = ({ data, bars, span, width, hue }: DrawingProps) => {
  const hatch = useId()
  return (
    <svg width={width} height={data.lanes.length * lanePx} aria-hidden="true" focusable="false">
      <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line className="lane-hatch" x1="0" y1="0" x2="0" y2="6" />
      </pattern>
      {data.lanes.map((lane, at) => (
        <g key={`${at}`} transform={`translate(0 ${at * lanePx})`}>
          <line className="lane-line" x1="0" x2={width} y1={lanePx - 0.5} y2={lanePx - 0.5} />
          <Gaps lane={lane} span={span} width={width} hatch={hatch} />
          <path
            className={`lane-bars lane-hue-${hue(at)}`}
            transform="translate(0 2)"
            d={pathOf(lane, bars, { width, height: lanePx - 3 })}
          />
          <Bursts lane={lane} bars={bars} width={width} />
        </g>
      ))}
    </svg>
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

interface RangeKeys {
  change: (make: (span: Span) => Span, o?: { isDone?: boolean }) => void
  onAll: (() => void) | undefined
}

const keySteps: Readonly<Record<string, (span: Span) => Span>> = {
  '+': (span) => zoomed(span, 0.5),
  '=': (span) => zoomed(span, 0.5),
  '-': (span) => zoomed(span, 2),
  ArrowLeft: (span) => moved(span, -0.25),
  ArrowRight: (span) => moved(span, 0.25),
  PageUp: (span) => moved(span, -1),
  PageDown: (span) => moved(span, 1),
}

const onKey = (event: KeyboardEvent, { change, onAll }: RangeKeys) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const make = keySteps[event.key]
  if (make !== undefined) change(make)
  else if (event.key === '0' && onAll !== undefined) onAll()
  else return
  event.preventDefault()
  event.stopPropagation()
}

const Buttons = ({ change, onAll }: RangeKeys) => (
  <>
    <IconButton icon="left" label="Earlier" onClick={() => change((span) => moved(span, -0.5))} />
    <IconButton icon="right" label="Later" onClick={() => change((span) => moved(span, 0.5))} />
    <IconButton icon="minus" label="Zoom out" onClick={() => change((span) => zoomed(span, 2))} />
    <IconButton icon="plus" label="Zoom in" onClick={() => change((span) => zoomed(span, 0.5))} />
    {onAll !== undefined && <IconButton icon="target" label="All there is" onClick={onAll} />}
  </>
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

export const LaneChart = (props: LaneChartProps) => {
  const { label, data, isOld = false, marks = [], hueOf = usualHue, onRange, onAll, onPick, head } = props
  const [zone] = useZone()
  const [ref, width] = useWidth()
  const asked = useMemo(() => spanOf(data), [data])
  const { shown, change } = useRange(asked, (span) => onRange(isoOf(span.from), isoOf(span.to)))
  const bars = useMemo(() => (shown === null ? [] : barsOf(data, shown)), [data, shown])
  const pick = (share: number) => {
    const bucket = bucketAt(bars, share)
    if (bucket !== null) onPick?.(data.starts[bucket] ?? '', bucket)
  }
  const { brush, hover, handlers } = useChartPointer({ ref, span: shown, change, onPick: onPick === undefined ? undefined : pick })
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
        <span className="grow" />
        <Buttons change={change} onAll={onAll} />
      </div>
      <div className="lanes-frame">
        <Names {...props} hue={hue} />
        <div
          ref={ref}
          className="lanes-plot"
          role="group"
          tabIndex={0}
          aria-label={`${label}: plus and minus zoom, arrows move${onAll === undefined ? '' : ', 0 shows all'}`}
          onKeyDown={(event) => onKey(event, { change, onAll })}
          {...handlers}
        >
          <Drawing data={data} bars={bars} span={shown} width={width} hue={hue} />
          {marks.map((mark) => {
            const share = shareOf(shown, microsOf(mark))
            return share < 0 || share > 1 ? null : <i key={mark} className="lanes-mark" style={{ left: `${share * 100}%` }} />
          })}
          {brush !== null && (
            <i
              className="lanes-brush"
              style={{ left: `${Math.min(brush.from, brush.to) * 100}%`, width: `${Math.abs(brush.to - brush.from) * 100}%` }}
            />
          )}
          {hover !== null && <Tip data={data} bars={bars} share={hover} zone={zone} />}
        </div>
        <div className="lanes-counts" aria-hidden="true">
          {data.lanes.map((lane, at) => (
            <span key={`${at}`}>{formatNumber(lane.moments)}</span>
          ))}
        </div>
        <span className="lanes-day muted">{spanName(shown, zone)}</span>
        <Axis span={shown} zone={zone} width={width} />
      </div>
      <ul className="visually-hidden">
        {data.lanes.map((lane, at) => (
          <li key={`${at}`}>
            {nameOf(lane)}: {countOf(lane.moments, 'moment')}, {countOf(lane.gaps.filter((gap) => gap.is_marked).length, 'gap')},{' '}
            {countOf(lane.bursts.length, 'burst')}
          </li>
        ))}
      </ul>
    </section>
  )
}
