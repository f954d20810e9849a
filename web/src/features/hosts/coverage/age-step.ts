const day = 86_400_000

/** How old rows are, in the steps that the matrix paints: up to a day, a week, a month, older. */
export const ageStep = (newestAt: string, now: number): 1 | 2 | 3 | 4 => {
  const age = now - Date.parse(newestAt)
  return age <= day ? 1 : age <= 7 * day ? 2 : age <= 30 * day ? 3 : 4
}

/** "4h", "9d", "2y": what has room in a cell. */
export const shortAge = (newestAt: string, now: number): string => {
  const hours = Math.max(0, (now - Date.parse(newestAt)) / 3_600_000)
  if (hours < 48) return `${Math.floor(hours)}h`
  const days = Math.floor(hours / 24)
  return days < 1000 ? `${days}d` : `${Math.floor(days / 365)}y`
}
