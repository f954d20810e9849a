import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { Span } from './micros.ts'

/** So long after the last step of a wheel the range is asked for. */
const settleMs = 220

/**
 * The range that is shown: at once what a wheel or a key makes of it, and told to `onRange` when it has come to rest, so that ten
 * steps are one question. What is asked for (`asked`) wins as soon as it changes.
 */
export const useRange = (asked: Span | null, onRange: (span: Span) => void) => {
  const [pending, setPending] = useState<Span | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const tell = useEffectEvent(onRange)
  const key = asked === null ? '' : `${asked.from} ${asked.to}`
  const [of, setOf] = useState(key)
  if (of !== key) {
    setOf(key)
    setPending(null)
  }
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current)
    },
    [],
  )
  const shown = pending ?? asked
  const now = useRef(shown)
  useEffect(() => {
    now.current = shown
  })
  const change = (make: (span: Span) => Span, o: { isDone?: boolean } = {}) => {
    const before = now.current
    if (before === null) return
    const next = make(before)
    now.current = next
    setPending(next)
    if (timer.current !== null) clearTimeout(timer.current)
    timer.current = setTimeout(() => tell(next), o.isDone === true ? 0 : settleMs)
  }
  return { shown, change }
}
