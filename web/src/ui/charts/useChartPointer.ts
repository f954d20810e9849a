import { type PointerEvent, type RefObject, useEffect, useEffectEvent, useState } from 'react'
import { between, moved, type Span, zoomed } from './micros.ts'

interface Brush {
  from: number
  to: number
}

export interface ChartPointer {
  ref: RefObject<HTMLElement | null>
  span: Span | null
  change: (make: (span: Span) => Span, o?: { isDone?: boolean }) => void
  onPick: ((share: number) => void) | undefined
}

/** A brush narrower than this is a click. */
const leastBrushPx = 4

/** A wheel zooms where the pointer is (sideways, or with Shift, it moves); a drag chooses a range, with Shift it moves. */
export const useChartPointer = ({ ref, span, change, onPick }: ChartPointer) => {
  const [brush, setBrush] = useState<Brush | null>(null)
  const [drag, setDrag] = useState<number | null>(null)
  const [hover, setHover] = useState<number | null>(null)
  const shareOf = (clientX: number): number => {
    const box = ref.current?.getBoundingClientRect()
    return box === undefined || box.width === 0 ? 0 : Math.max(0, Math.min(1, (clientX - box.left) / box.width))
  }
  const onWheel = useEffectEvent((event: WheelEvent) => {
    if (span === null) return
    event.preventDefault()
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
    const delta = isSideways && event.deltaX !== 0 ? event.deltaX : event.deltaY
    const share = shareOf(event.clientX)
    change((before) => (isSideways ? moved(before, delta / 1000) : zoomed(before, Math.exp(Math.max(-1, Math.min(1, delta / 400))), share)))
  })
  // React listens to wheels passively, which cannot keep the page from scrolling.
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [ref])

  const end = () => {
    setBrush(null)
    setDrag(null)
  }
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0 || span === null) return
      event.currentTarget.setPointerCapture(event.pointerId)
      const share = shareOf(event.clientX)
      if (event.shiftKey) setDrag(share)
      else setBrush({ from: share, to: share })
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const share = shareOf(event.clientX)
      setHover(share)
      if (drag !== null) {
        change((before) => moved(before, drag - share))
        setDrag(share)
      } else if (brush !== null) setBrush({ ...brush, to: share })
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const wide = brush === null ? 0 : Math.abs(brush.to - brush.from) * event.currentTarget.clientWidth
      if (brush !== null && wide < leastBrushPx) onPick?.(brush.to)
      else if (brush !== null) change((before) => between(before, brush.from, brush.to), { isDone: true })
      end()
    },
    onPointerCancel: end,
    onPointerLeave: () => setHover(null),
  }
  return { brush, hover, handlers }
}
