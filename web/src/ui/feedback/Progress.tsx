import './feedback.css'

/** How much of a whole is done; the words beside it say the numbers. */
export const Progress = ({ value, max, label }: { value: number; max: number; label: string }) => {
  const percent = max > 0 ? Math.min(100, Math.floor((value / max) * 100)) : 0
  return (
    <div className="progress" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
      <i style={{ width: `${percent}%` }} />
    </div>
  )
}
