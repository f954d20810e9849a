import { useId } from 'react'
import type { TimelineLane } from '../../../../shared/contract/hunt/timeline.ts'
import { type Bar, type LaneData, lanePx, pathOf } from './lanes.ts'
import { microsOf, type Span, shareOf } from './micros.ts'

export interface LaneDrawingProps {
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

/** The lanes one below the other: bars, hatched gaps, a wedge above each burst. */
export const LaneDrawing = ({ data, bars, span, width, hue }: LaneDrawingProps) => {
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
