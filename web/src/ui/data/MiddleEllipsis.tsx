import type { CSSProperties } from 'react'
import { evidenceText, splitForMiddle } from '../format/evidence.ts'
import './data.css'

/** A path or file name cut in the middle, so that its last part stays. The whole stands in the title. */
export const MiddleEllipsis = ({ value, mono = true, tail = 20 }: { value: string; mono?: boolean; tail?: number }) => {
  const shown = evidenceText(value)
  const [start, end] = splitForMiddle(shown, tail)
  return (
    <span className={`middle ${mono ? 'mono' : ''}`} title={shown} style={{ '--tail': end.length } as CSSProperties}>
      {start !== '' && <span>{start}</span>}
      <span>{end}</span>
    </span>
  )
}
