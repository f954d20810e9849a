const size = { width: 264, height: 18 }

/** Points of a line over the whole width, the highest value at the top. */
export const sparkPoints = (values: readonly number[], width: number, height: number): string => {
  const most = Math.max(...values, 1)
  const step = values.length > 1 ? width / (values.length - 1) : 0
  return values
    .map((value, at) => `${Math.round(at * step * 10) / 10},${Math.round((height - 1 - (value / most) * (height - 2)) * 10) / 10}`)
    .join(' ')
}

export const Sparkline = ({ values, label }: { values: readonly number[]; label: string }) =>
  values.length < 3 || values.every((value) => value === 0) ? null : (
    <svg className="sparkline" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={label}>
      <polyline points={sparkPoints(values, size.width, size.height)} />
    </svg>
  )
