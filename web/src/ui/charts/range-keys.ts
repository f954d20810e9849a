import type { KeyboardEvent } from 'react'
import { moved, type Span, zoomed } from './micros.ts'

export interface RangeKeys {
  change: (make: (span: Span) => Span, o?: { isDone?: boolean }) => void
  onAll?: (() => void) | undefined
}

const keySteps: Readonly<Record<string, (span: Span) => Span>> = {
  '+': (span) => zoomed(span, 0.5),
  '=': (span) => zoomed(span, 0.5),
  '-': (span) => zoomed(span, 2),
  ArrowLeft: (span) => moved(span, -0.25),
  ArrowRight: (span) => moved(span, 0.25),
  PageUp: (span) => moved(span, -1),
  PageDown: (span) => moved(span, 1),
}

/** Plus and minus zoom, arrows move, 0 shows all there is. */
export const onRangeKey = (event: KeyboardEvent, { change, onAll }: RangeKeys) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const make = keySteps[event.key]
  if (make !== undefined) change(make)
  else if (event.key === '0' && onAll !== undefined) onAll()
  else return
  event.preventDefault()
  event.stopPropagation()
}
