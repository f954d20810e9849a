import './level.css'

const bars: Readonly<Record<string, number>> = { critical: 3, high: 3, medium: 2, low: 1, informational: 0 }

/** The level that a rule gives itself: bars and a word, never colour alone. */
export const Level = ({ level }: { level: string | null }) =>
  level === null ? (
    <span className="muted">no level</span>
  ) : (
    <span className={`level level-${level}`}>
      <span className="level-bars" aria-hidden="true">
        {[0, 1, 2].map((bar) => (
          <i key={bar} className={bar < (bars[level] ?? 0) ? 'is-on' : ''} />
        ))}
      </span>
      {level}
    </span>
  )
