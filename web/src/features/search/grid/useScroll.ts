import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import { placeFor, type RowRange, rowsInSight, type ScrollFrame, type ScrollPlace, scrolledTo, topToShow } from './scroll.ts'

export interface Scrolling {
  frame: ScrollFrame
  place: ScrollPlace
  inSight: RowRange
  onScroll: () => void
  /** Scrolls as little as needed to bring a row whole into sight. */
  show: (index: number) => void
  reset: (index: number) => void
}

const over = 8

/** The rows in sight of a scrolled element; `headPx` of it are covered by the head. */
export const useScroll = (ref: RefObject<HTMLDivElement | null>, count: number, rowPx: number, headPx: number): Scrolling => {
  const [viewPx, setView] = useState(600)
  const [place, setPlace] = useState<ScrollPlace>({ scrollTop: 0, top: 0 })
  const frame: ScrollFrame = { count, rowPx, viewPx: Math.max(rowPx, viewPx - headPx) }
  const latest = useRef({ frame, place })
  latest.current = { frame, place }
  /** Set while the element catches up with a place that was chosen here. */
  const chosen = useRef<ScrollPlace | null>(null)

  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return
    const measure = () => setView(element.clientHeight)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])

  const onScroll = useCallback(() => {
    const element = ref.current
    if (element === null) return
    const wanted = chosen.current
    chosen.current = null
    if (wanted !== null && Math.abs(wanted.scrollTop - element.scrollTop) < 2) setPlace({ ...wanted, scrollTop: element.scrollTop })
    else setPlace(scrolledTo(latest.current.frame, latest.current.place, element.scrollTop))
  }, [ref])

  const go = useCallback(
    (top: number) => {
      const element = ref.current
      if (element === null) return
      const next = placeFor(latest.current.frame, top)
      chosen.current = next
      latest.current = { ...latest.current, place: next }
      setPlace(next)
      element.scrollTop = next.scrollTop
    },
    [ref],
  )
  const show = useCallback(
    (index: number) => {
      const { frame: now, place: at } = latest.current
      const top = topToShow(now, at.top, index)
      if (top !== at.top) go(top)
    },
    [go],
  )
  const reset = useCallback((index: number) => go(topToShow(latest.current.frame, 0, index)), [go])
  return { frame, place, inSight: rowsInSight(frame, place.top, over), onScroll, show, reset }
}
