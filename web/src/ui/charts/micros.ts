// Times to the microsecond as whole numbers: a date of the browser ends at milliseconds, a double before it holds four centuries.

/** Between these the event store keeps times. */
export const leastMicros = -2_208_988_800_000_000n
export const mostMicros = 10_413_792_000_000_000n

export interface Span {
  from: bigint
  /** Excluded. */
  to: bigint
}

const floorMod = (value: bigint, by: bigint): bigint => ((value % by) + by) % by

/** RFC 3339 as microseconds since 1970; digits beyond them are cut. */
export const microsOf = (time: string): bigint => {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? ''
  return BigInt(Date.parse(time.replace(/\.\d+/, ''))) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
}

/** RFC 3339 in UTC with as many digits as the time has: none, three or six. */
export const isoOf = (micros: bigint): string => {
  const fraction = floorMod(micros, 1_000_000n)
  const second = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, 19)
  if (fraction === 0n) return `${second}Z`
  const digits = String(fraction).padStart(6, '0')
  return `${second}.${digits.endsWith('000') ? digits.slice(0, 3) : digits}Z`
}

const held = (micros: bigint): bigint => (micros < leastMicros ? leastMicros : micros > mostMicros ? mostMicros : micros)
const lengthOf = ({ from, to }: Span): bigint => to - from

/** So narrow that single microseconds stand apart. */
const narrowest = 10n

/** A share (0 to 1) of a span as a time; exact at both ends. */
export const timeAt = (span: Span, share: number): bigint => {
  const parts = 1_000_000_000n
  const at = BigInt(Math.round(Math.max(0, Math.min(1, share)) * Number(parts)))
  return span.from + (lengthOf(span) * at) / parts
}

/** Where a time stands in a span, as a share of it: outside of it below 0 or above 1. */
export const shareOf = (span: Span, time: bigint): number => {
  const length = lengthOf(span)
  return length <= 0n ? 0 : Number(((time - span.from) * 1_000_000_000n) / length) / 1e9
}

/** Wider (`by` above 1) or narrower, with the time at `share` kept in its place. */
export const zoomed = (span: Span, by: number, share = 0.5): Span => {
  const wanted = (lengthOf(span) * BigInt(Math.round(by * 1000))) / 1000n
  const length = wanted < narrowest ? narrowest : wanted
  const from = held(timeAt(span, share) - (length * BigInt(Math.round(share * 1000))) / 1000n)
  const to = held(from + length)
  return { from: to - from < narrowest ? to - narrowest : from, to }
}

/** Moved by a share of its own length; it stops where the store's times end. */
export const moved = (span: Span, by: number): Span => {
  const length = lengthOf(span)
  const step = (length * BigInt(Math.round(by * 1000))) / 1000n
  const from = span.from + step
  if (from < leastMicros) return { from: leastMicros, to: leastMicros + length }
  if (from + length > mostMicros) return { from: mostMicros - length, to: mostMicros }
  return { from, to: from + length }
}

/** The two ends of a brush, in either order, and never narrower than can be shown. */
export const between = (span: Span, one: number, other: number): Span => {
  const [from, to] = one < other ? [timeAt(span, one), timeAt(span, other)] : [timeAt(span, other), timeAt(span, one)]
  return to - from < narrowest ? { from, to: from + narrowest } : { from, to }
}
