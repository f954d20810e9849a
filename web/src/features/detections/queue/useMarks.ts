// Which detections are ticked: one by one, or from the one ticked last to another.
import { useState } from 'react'

export const useMarks = () => {
  const [marked, setMarked] = useState<ReadonlySet<string>>(() => new Set())
  const [last, setLast] = useState<string | null>(null)
  return {
    marked,
    toggle: (id: string) => {
      setLast(id)
      setMarked((before) => (before.has(id) ? new Set([...before].filter((one) => one !== id)) : new Set([...before, id])))
    },
    /** Everything between the one ticked last and this one, both with it. */
    reach: (id: string, order: readonly string[]) => {
      const [from, to] = [order.indexOf(last ?? id), order.indexOf(id)]
      const [first, end] = from === -1 || from > to ? [to, from === -1 ? to : from] : [from, to]
      setLast(id)
      setMarked((before) => new Set([...before, ...order.slice(first, end + 1)]))
    },
    set: (ids: readonly string[]) => setMarked(new Set(ids)),
    clear: () => {
      setLast(null)
      setMarked(new Set())
    },
  }
}
export type Marks = ReturnType<typeof useMarks>
