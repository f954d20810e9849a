import { type ReactNode, type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { type Placed, placeBeside } from './place.ts'
import './overlay.css'

export interface PopoverProps {
  /** The element it stands beside; null is closed. */
  anchor: Element | null
  onClose: () => void
  children: ReactNode
  align?: 'start' | 'end'
  role?: 'menu' | 'dialog' | 'listbox'
  label: string
  id?: string
  className?: string
}

const canFocus = ':is(button, input, select, textarea):not(:disabled), a[href]'

/** Moves the focus to the first control once the layer stands in its place: what is hidden takes none. */
const useFirstFocus = (ref: RefObject<HTMLElement | null>, isWanted: boolean) =>
  useEffect(() => {
    const box = ref.current
    if (!isWanted || box === null || box.contains(document.activeElement)) return
    const first = box.querySelector<HTMLElement>(canFocus) ?? box
    first.focus({ preventScroll: true })
  }, [ref, isWanted])

/** A floating layer: a dialog takes the focus; it closes on Escape, on a click outside and when the anchor leaves,
 * and the focus goes back to where it was. */
export const Popover = ({ anchor, onClose, children, align = 'start', role = 'dialog', label, id, className = '' }: PopoverProps) => {
  const ref = useRef<HTMLDivElement>(null)
  const [placed, setPlaced] = useState<Placed | null>(null)
  const close = useEffectEvent(onClose)

  useLayoutEffect(() => {
    const place = () => {
      const box = ref.current
      if (box === null || anchor === null) return
      const view = { width: document.documentElement.clientWidth, height: document.documentElement.clientHeight }
      setPlaced(placeBeside(anchor.getBoundingClientRect(), { width: box.offsetWidth, height: box.scrollHeight + 2 }, view, align))
    }
    place()
    window.addEventListener('resize', place)
    return () => window.removeEventListener('resize', place)
  }, [anchor, align])

  useEffect(() => {
    if (anchor === null) return
    const focused = document.activeElement
    // Some browsers give no focus to a button that is clicked: then it goes back to what the layer stands beside.
    const before = focused === null || focused === document.body ? anchor : focused
    const outside = (event: PointerEvent) => {
      const at = event.target
      if (at instanceof Node && ref.current?.contains(at) !== true && !anchor.contains(at)) close()
    }
    document.addEventListener('pointerdown', outside, true)
    return () => {
      document.removeEventListener('pointerdown', outside, true)
      // What was chosen may have moved the focus on already.
      const isLost = document.activeElement === null || document.activeElement === document.body
      if (isLost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
      setPlaced(null)
    }
  }, [anchor])

  useFirstFocus(ref, placed !== null && role === 'dialog')
  if (anchor === null) return null
  return createPortal(
    <div
      ref={ref}
      id={id}
      role={role}
      aria-label={label}
      tabIndex={-1}
      data-floating=""
      className={`popover ${className}`}
      style={placed === null ? { visibility: 'hidden' } : { left: placed.left, top: placed.top, maxHeight: placed.maxHeight }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        onClose()
      }}
    >
      {children}
    </div>,
    anchor.closest('dialog') ?? document.querySelector('main') ?? document.body,
  )
}
