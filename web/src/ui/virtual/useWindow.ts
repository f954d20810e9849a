// Rows of one height of which only those in sight are drawn. The element scrolls by itself; what stands above the rows in it
// (a sticky header) is `headPx` high.
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'

export interface Sight {
  first: number
  /** Before this one. */
  end: number
}

/** What is in sight, and a few more on both sides. */
export const inSight = (count: number, sizePx: number, at: { scrolled: number; viewPx: number; over?: number }): Sight => {
  const over = at.over ?? 8
  const first = Math.max(0, Math.min(count, Math.floor(at.scrolled / sizePx) - over))
  const end = Math.min(count, Math.ceil((at.scrolled + at.viewPx) / sizePx) + over)
  return { first, end: Math.max(first, end) }
}

/** Where to scroll so that one is whole in sight; null when it is. */
export const scrollToShow = (index: number, sizePx: number, at: { scrolled: number; viewPx: number; headPx: number }): number | null => {
  const top = index * sizePx
  if (top < at.scrolled) return top
  const bottom = top + sizePx + at.headPx
  return bottom > at.scrolled + at.viewPx ? bottom - at.viewPx : null
}

export interface Window extends Sight {
  ref: RefObject<HTMLDivElement | null>
  onScroll: () => void
  /** Scrolls the least that shows a row whole. */
  show: (index: number) => void
  /** Rows that fit. */
  page: number
}

export const useWindow = (count: number, rowPx: number, headPx = 0): Window => {
  const ref = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState({ scrolled: 0, viewPx: 800 })
  const measure = useCallback(() => {
    const element = ref.current
    if (element === null) return
    const next = { scrolled: Math.floor(element.scrollTop / rowPx) * rowPx, viewPx: element.clientHeight }
    setPlace((before) => (before.scrolled === next.scrolled && before.viewPx === next.viewPx ? before : next))
  }, [rowPx])
  useLayoutEffect(() => {
    measure()
    const element = ref.current
    if (element === null) return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [measure])
  const show = useCallback(
    (index: number) => {
      const element = ref.current
      if (element === null) return
      const to = scrollToShow(index, rowPx, { scrolled: element.scrollTop, viewPx: element.clientHeight, headPx })
      if (to !== null) element.scrollTop = to
    },
    [rowPx, headPx],
  )
  return {
    ref,
    onScroll: measure,
    show,
    page: Math.max(1, Math.floor((place.viewPx - headPx) / rowPx) - 1),
    ...inSight(count, rowPx, place),
  }
}
