import { type RefObject, useCallback, useLayoutEffect, useState, useSyncExternalStore } from 'react'
import { type RowRange, rowsInSight, type ScrollFrame, ScrollModel, type ScrollPlace } from './scroll.ts'

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

/** The height of an element, kept up to date. */
const useHeight = (ref: RefObject<HTMLDivElement | null>): number => {
  const [heightPx, setHeight] = useState(600)
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return
    const observer = new ResizeObserver(() => setHeight(element.clientHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return heightPx
}

/** The rows in sight of a scrolled element; `headPx` of it are covered by the head. */
export const useScroll = (ref: RefObject<HTMLDivElement | null>, rows: { count: number; rowPx: number; headPx: number }): Scrolling => {
  const { count, rowPx, headPx } = rows
  const viewPx = Math.max(rowPx, useHeight(ref) - headPx)
  const [model] = useState(() => new ScrollModel({ count, rowPx, viewPx }))
  const place = useSyncExternalStore(model.subscribe, model.snapshot)
  useLayoutEffect(() => model.resize({ count, rowPx, viewPx }), [model, count, rowPx, viewPx])

  const move = useCallback(
    (scrollTop: number | null) => {
      if (scrollTop !== null && ref.current !== null) ref.current.scrollTop = scrollTop
    },
    [ref],
  )
  const onScroll = useCallback(() => {
    if (ref.current !== null) model.scrolled(ref.current.scrollTop)
  }, [ref, model])
  const show = useCallback((index: number) => move(model.show(index)), [move, model])
  const reset = useCallback((index: number) => move(model.reset(index)), [move, model])
  const frame = { count, rowPx, viewPx }
  return { frame, place, inSight: rowsInSight(frame, place.top, over), onScroll, show, reset }
}
