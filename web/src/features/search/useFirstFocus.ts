import { type RefObject, useEffect, useRef } from 'react'

/** Moves the focus into a floating layer once it stands in its place: Escape and the arrows are then its own. */
export const useFirstFocus = <E extends HTMLElement>(): RefObject<E | null> => {
  const ref = useRef<E>(null)
  useEffect(() => {
    const timer = requestAnimationFrame(() =>
      ref.current?.querySelector<HTMLElement>('button, input, select, textarea')?.focus({ preventScroll: true }),
    )
    return () => cancelAnimationFrame(timer)
  }, [])
  return ref
}
