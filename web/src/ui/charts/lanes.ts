// What a chart of lanes is given, and how a lane becomes a path: all in shares of the span and in pixels, none of it draws.
import type { TimelineLane } from '../../../../shared/contract/hunt/timeline.ts'
import { microsOf, type Span, shareOf } from './micros.ts'

/** The height of a lane with its line. */
export const lanePx = 24

/** As `POST /api/timeline/density` answers it. */
export interface LaneData {
  from: string | null
  to: string | null
  bucket_micros: number
  starts: readonly string[]
  lanes: readonly TimelineLane[]
}

export interface Bar {
  bucket: number
  /** Shares of the span; may reach beyond it. */
  left: number
  right: number
}

export const spanOf = ({ from, to }: LaneData): Span | null =>
  from === null || to === null ? null : { from: microsOf(from), to: microsOf(to) }

/** Where the buckets stand in a span, which may be another than the one they were counted for while a zoom is under way. */
export const barsOf = ({ starts, bucket_micros }: LaneData, span: Span): Bar[] => {
  const width = BigInt(Math.round(bucket_micros))
  return starts.map((start, bucket) => {
    const from = microsOf(start)
    return { bucket, left: shareOf(span, from), right: shareOf(span, from + width) }
  })
}

/** One moment among thousands stays in sight: heights go by the square root, and none is lower than three pixels. */
const heightOf = (count: number, most: number, fullPx: number): number => Math.max(3, Math.sqrt(count / most) * fullPx)

export interface Size {
  width: number
  height: number
}

/** The bars of a lane as one path, so that a chart of twenty lanes is twenty elements. */
export const pathOf = (lane: TimelineLane, bars: readonly Bar[], { width, height }: Size): string => {
  const most = Math.max(1, ...lane.counts)
  let path = ''
  for (const { bucket, left, right } of bars) {
    const count = lane.counts[bucket] ?? 0
    if (count === 0 || right < 0 || left > 1) continue
    const tall = heightOf(count, most, height)
    const x = left * width
    const wide = Math.max(1.5, (right - left) * width - 0.5)
    path += `M${x.toFixed(1)} ${(height - tall).toFixed(1)}h${wide.toFixed(1)}v${tall.toFixed(1)}h-${wide.toFixed(1)}z`
  }
  return path
}

/** The bucket under a share of the span. */
export const bucketAt = (bars: readonly Bar[], share: number): number | null =>
  bars.find((bar) => share >= bar.left && share < bar.right)?.bucket ?? null

/** Moments of all lanes before a bucket: the index of its first one in their order. */
export const momentsBefore = (lanes: readonly TimelineLane[], bucket: number): number =>
  lanes.reduce((sum, lane) => sum + lane.counts.slice(0, bucket).reduce((all, n) => all + n, 0), 0)
