import { useEffect, useState } from 'react'
import { formatDuration } from '../format/times.ts'
import './feedback.css'

export interface SlowProps {
  /** "Counting": the time stands behind it. */
  words: string
  onCancel: () => void
}

/** Shown while something is worked on: once that takes longer than a second it says so, and it can be given up. */
export const Slow = ({ words, onCancel }: SlowProps) => {
  const [startedMs] = useState(() => Date.now())
  const [now, setNow] = useState(startedMs)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 200)
    return () => clearInterval(timer)
  }, [])
  if (now - startedMs < 1000) return null
  return (
    <span className="slow" role="status">
      {words} for {formatDuration(Math.floor((now - startedMs) / 100) * 100)}.{' '}
      <button type="button" onClick={onCancel}>
        Cancel
      </button>
    </span>
  )
}
