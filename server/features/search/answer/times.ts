export { isoOfMicros } from '../../../platform/iso-time.ts'

const minute = 60_000
const day = 1440 * minute
const steps = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  1000,
  2000,
  5000,
  10_000,
  15_000,
  30_000,
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((n) => n * minute),
  ...[1, 2, 7, 14, 30, 90, 180, 365, 730, 1825, 3650, 7300, 18_250, 36_500].map((n) => n * day),
]

export interface Buckets {
  origin_ms: number
  step_ms: number
  count: number
}

/** The least human step that covers [from, to] with at most `most` buckets, each starting at a multiple of it. */
export const bucketsOver = (fromMs: number, toMs: number, most: number): Buckets => {
  for (const step of steps) {
    const first = Math.floor(fromMs / step)
    const count = Math.floor(toMs / step) - first + 1
    if (count <= most) return { origin_ms: first * step, step_ms: step, count }
  }
  // So few buckets that no step is wide enough from a multiple of it: from the first row then.
  const step = Math.ceil((toMs - fromMs + 1) / most)
  return { origin_ms: fromMs, step_ms: step, count: Math.floor((toMs - fromMs) / step) + 1 }
}
