const barPx = 5
const stepPx = 6
const tallPx = 14

/** Rows over time, small; each picture has a scale of its own. */
export const Spark = ({ counts, words }: { counts: readonly number[]; words: string }) => {
  const most = Math.max(1, ...counts)
  const path = counts
    .map((count, at) => {
      const height = count === 0 ? 1 : 2 + Math.round((count / most) * (tallPx - 2))
      return `M${at * stepPx} ${tallPx}v-${height}h${barPx}v${height}z`
    })
    .join('')
  return (
    <svg className="stack-spark" width={counts.length * stepPx} height={tallPx} role="img" aria-label={words}>
      <title>{words}</title>
      <path d={path} />
    </svg>
  )
}
