// Time cut into stretches of one width, in microseconds and whole numbers throughout: a double does not hold 1900 to 2299 exactly.
const units = { micro: 1n, milli: 1_000n, second: 1_000_000n, minute: 60_000_000n, hour: 3_600_000_000n, day: 86_400_000_000n }

/** Widths that people count in. Years are 365 days: a width is the same everywhere, a year is not. */
const widths: readonly bigint[] = [
  ...[1n, 2n, 5n, 10n, 20n, 50n, 100n, 200n, 500n].map((n) => n * units.micro),
  ...[1n, 2n, 5n, 10n, 20n, 50n, 100n, 200n, 500n].map((n) => n * units.milli),
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((n) => n * units.second),
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((n) => n * units.minute),
  ...[1n, 2n, 3n, 6n, 12n].map((n) => n * units.hour),
  ...[1n, 2n, 7n, 14n, 30n, 90n, 180n, 365n, 730n, 1825n, 3650n, 7300n, 18_250n, 36_500n].map((n) => n * units.day),
]

export interface Buckets {
  /** Where the first begins: a multiple of the width. */
  origin: bigint
  width: bigint
  count: number
}

/** Towards the past, also before 1970. */
export const floorTo = (micros: bigint, width: bigint): bigint => {
  const rest = micros % width
  return rest < 0n ? micros - rest - width : micros - rest
}

/** The least round width that covers [from, to) with at most `most` buckets (10 or more). */
export const bucketsOver = (from: bigint, to: bigint, most: number): Buckets => {
  const last = to > from ? to - 1n : from
  for (const width of widths) {
    const origin = floorTo(from, width)
    const count = Number((floorTo(last, width) - origin) / width) + 1
    if (count <= most) return { origin, width, count }
  }
  throw new Error('four hundred years fit into ten buckets of a hundred')
}
