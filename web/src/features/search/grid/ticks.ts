// Ticked rows, by id: they stay ticked while the grid scrolls and are forgotten with the query.

export interface Ticks {
  ids: ReadonlySet<string>
  /** The index of the last one that was ticked: Shift reaches from there. */
  anchor: number | null
}

export const noTicks: Ticks = { ids: new Set(), anchor: null }

export const tickOne = (ticks: Ticks, index: number, id: string): Ticks => {
  const ids = new Set(ticks.ids)
  if (!ids.delete(id)) ids.add(id)
  return { ids, anchor: index }
}

/** Ticks everything from the anchor to the index; rows that are not loaded cannot be ticked, and `missing` says how many. */
export const tickRange = (ticks: Ticks, index: number, idAt: (index: number) => string | undefined): { ticks: Ticks; missing: number } => {
  const from = ticks.anchor ?? index
  const ids = new Set(ticks.ids)
  let missing = 0
  for (let at = Math.min(from, index); at <= Math.max(from, index); at++) {
    const id = idAt(at)
    if (id === undefined) missing += 1
    else ids.add(id)
  }
  return { ticks: { ids, anchor: ticks.anchor ?? index }, missing }
}
