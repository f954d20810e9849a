interface Rows {
  before: readonly number[]
  previous: readonly number[]
}

const nextRow = (i: number, left: string, right: string, { before, previous }: Rows): number[] => {
  const row = [i]
  for (let j = 1; j <= right.length; j++) {
    const exchange = (previous[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
    const cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, exchange)
    const isSwap = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
    row.push(isSwap ? Math.min(cost, (before[j - 2] ?? 0) + 1) : cost)
  }
  return row
}

/** Optimal string alignment distance (a swap of neighbours counts once), or `limit + 1` when it is above the limit. */
const distance = (left: string, right: string, limit: number): number => {
  if (Math.abs(left.length - right.length) > limit) return limit + 1
  let rows: Rows = { before: [], previous: Array.from({ length: right.length + 1 }, (_, i) => i) }
  for (let i = 1; i <= left.length; i++) {
    const row = nextRow(i, left, right, rows)
    if (Math.min(...row) > limit) return limit + 1
    rows = { before: rows.previous, previous: row }
  }
  return Math.min(rows.previous[right.length] ?? 0, limit + 1)
}

/**
 * The known name that was most likely meant: the nearest by typing mistakes (a third of its letters at most), any case,
 * dots and underscores alike; else one that ends with what was typed (`TargetUserName`: `EventData.TargetUserName`).
 */
export const closestName = (typed: string, known: Iterable<string>): string | null => {
  const flat = (name: string): string => name.toLowerCase().replaceAll('.', '_')
  const wanted = flat(typed).slice(0, 200)
  let limit = Math.max(1, Math.floor(wanted.length / 3))
  let best: string | null = null
  let ending: string | null = null
  for (const name of known) {
    const candidate = flat(name)
    const found = distance(wanted, candidate, limit)
    if (found < limit || (found === limit && best === null)) {
      best = name
      limit = found
    }
    if (candidate.endsWith(`_${wanted}`) && (ending === null || name.length < ending.length)) ending = name
  }
  return ending !== null && limit > 1 ? ending : (best ?? ending)
}
