/** Does `work` for every item, so many at a time; the results stand in the order of the items. */
export const inLanes = async <T, R>(items: readonly T[], lanes: number, work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (;;) {
      const at = next++
      const item = items[at]
      if (item === undefined) return
      results[at] = await work(item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
  return results
}
