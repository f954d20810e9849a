export interface Day {
  day: string
  rows: number
}

const dayMs = 86_400_000

/** The last `count` days up to `today` (both `YYYY-MM-DD`), with a zero for each day on which nothing arrived. */
export const lastDays = (arrived: readonly Day[], today: string, count = 30): Day[] => {
  const rows = new Map(arrived.map((one) => [one.day.slice(0, 10), one.rows]))
  const end = Date.parse(`${today}T00:00:00Z`)
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(end - (count - 1 - at) * dayMs).toISOString().slice(0, 10)
    return { day, rows: rows.get(day) ?? 0 }
  })
}

/** A round number that an axis can end with: 1, 2 or 5 times a power of ten, not below the largest value. */
export const axisTop = (largest: number): number => {
  if (largest <= 5) return 5
  const power = 10 ** Math.floor(Math.log10(largest))
  return ([1, 2, 5, 10].find((step) => step * power >= largest) ?? 10) * power
}
