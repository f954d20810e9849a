// How many rows a question found, told by the view that counted them to what notes the searches.
const totals = new Map<string, number>()
const listeners = new Set<(key: string) => void>()

export const tellFound = (key: string, total: number): void => {
  totals.clear()
  totals.set(key, total)
  for (const listener of listeners) listener(key)
}

export const foundOf = (key: string): number | null => totals.get(key) ?? null

export const whenFound = (listener: (key: string) => void): (() => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
