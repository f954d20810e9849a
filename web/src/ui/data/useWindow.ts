import { type RefObject, useCallback, useLayoutEffect, useState } from 'react'

export interface Window {
  first: number
  /** Behind the last. */
  end: number
  onScroll: () => void
}

const around = 8

/** Which of many rows of one height can be seen in their frame. */
export const useWindow = (frame: RefObject<HTMLElement | null>, count: number, rowHeightPx: number): Window => {
  const [seen, setSeen] = useState({ first: 0, end: 40 })
  const onScroll = useCallback(() => {
    const box = frame.current
    if (box === null) return
    const first = Math.max(0, Math.floor(box.scrollTop / rowHeightPx) - around)
    const end = Math.ceil((box.scrollTop + box.clientHeight) / rowHeightPx) + around
    setSeen((before) => (before.first === first && before.end === end ? before : { first, end }))
  }, [frame, rowHeightPx])
  useLayoutEffect(() => {
    onScroll()
    window.addEventListener('resize', onScroll)
    return () => window.removeEventListener('resize', onScroll)
  }, [onScroll])
  return { first: Math.min(seen.first, count), end: Math.min(seen.end, count), onScroll }
}
