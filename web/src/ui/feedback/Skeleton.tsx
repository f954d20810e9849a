import './feedback.css'

/** Rows in their final height while the first answer is on its way; quick answers never show it. */
export const Skeleton = ({ rows = 6, height = 28, label = 'Loading' }: { rows?: number; height?: number; label?: string }) => (
  <div className="skeleton-rows" role="status" aria-label={label}>
    {Array.from({ length: rows }, (_, at) => (
      <div key={at} className="skeleton-row" style={{ height }}>
        <span className="skeleton" style={{ width: `${40 + ((at * 17) % 45)}%` }} />
      </div>
    ))}
  </div>
)
