import type { Severity } from '../../../../shared/domain/detections.ts'
import { severityWords } from './severity-words.ts'
import './severity.css'

const filled: Readonly<Record<Severity, number>> = { critical: 4, high: 3, medium: 2, low: 1, informational: 0 }
const bars = [
  { x: 1, y: 9, height: 4 },
  { x: 5.5, y: 5.5, height: 7.5 },
  { x: 10, y: 2, height: 11 },
]

/** A word and a mark whose shape says the same: one to three bars, and a diamond for the worst. */
export const SeverityMark = ({ severity, bare = false }: { severity: Severity; bare?: boolean }) => (
  <span className={`severity severity-${severity}`} title={bare ? severityWords[severity] : undefined}>
    <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
      {severity === 'critical' ? (
        <>
          <path d="M7 .5 13.5 7 7 13.5.5 7z" fill="currentColor" />
          <path d="M7 3.8v3.7M7 9.6v.2" stroke="var(--on-critical)" strokeWidth="1.7" strokeLinecap="round" />
        </>
      ) : (
        bars.map((bar, at) => (
          <rect
            key={bar.x}
            x={bar.x}
            y={bar.y}
            width="3"
            height={bar.height}
            rx=".8"
            fill="currentColor"
            opacity={at < filled[severity] ? 1 : 0.28}
          />
        ))
      )}
    </svg>
    <span className={bare ? 'visually-hidden' : 'severity-word'}>{severityWords[severity]}</span>
  </span>
)

/** The same of what may say nothing. */
export const LevelMark = ({ level }: { level: Severity | null }) =>
  level === null ? <span className="muted">no level</span> : <SeverityMark severity={level} />
