import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { isoOf, type Span } from './micros.ts'

/** What the page's own state says of the range; null is open. */
export interface PageRange {
  from: string | null
  to: string | null
}

/** So long after the last step of a wheel the range is asked for. */
const settleMs = 220

const keyOf = ({ from, to }: PageRange): string => `${from ?? ''} ${to ?? ''}`

/**
 * The range that is shown: at once what a wheel or a key makes of it, and told to `onRange` when it has come to rest, so that ten
 * steps are one question. Another answer (`asked`) wins, and so does a range that the page took from elsewhere.
 */
export const useRange = (asked: Span | null, page: PageRange, onRange: (from: string, to: string) => void) => {
  const [pending, setPending] = useState<Span | null>(null)
  const [told, setTold] = useState('')
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const tell = useEffectEvent((span: Span) => {
    const range = { from: isoOf(span.from), to: isoOf(span.to) }
    setTold(keyOf(range))
    onRange(range.from, range.to)
  })
  const askedKey = asked === null ? '' : `${asked.from} ${asked.to}`
  const pageKey = keyOf(page)
  const [of, setOf] = useState({ askedKey, pageKey })
  if (of.askedKey !== askedKey || of.pageKey !== pageKey) {
    setOf({ askedKey, pageKey })
    if (of.askedKey !== askedKey || pageKey !== told) setPending(null)
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
