import { type ReactNode, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
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
  className?: string
}

/** A floating layer: closes on Escape, on a click outside and when the anchor leaves; the focus goes back to where it was. */
export const Popover = ({ anchor, onClose, children, align = 'start', role = 'dialog', label, className = '' }: PopoverProps) => {
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
    const before = document.activeElement
    const outside = (event: PointerEvent) => {
      const at = event.target
      if (at instanceof Node && ref.current?.contains(at) !== true && !anchor.contains(at)) close()
    }
    document.addEventListener('pointerdown', outside, true)
    return () => {
      document.removeEventListener('pointerdown', outside, true)
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
      setPlaced(null)
    }
  }, [anchor])

  if (anchor === null) return null
  return createPortal(
    <div
      ref={ref}
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
