import { formatNumber } from '../../../ui/format/numbers.ts'
import { useExplore } from '../explore-context.ts'
import { artifactLabel, splitArtifact } from '../values/row-values.ts'
import type { HistogramData } from './geometry.ts'

type Series = HistogramData['series'][number]

const nameOf = (one: Series, by: string): string => {
  if (one.is_other) return 'Other'
  if (one.key === '') return 'none'
  const [artifact, source] = splitArtifact(one.key)
  return by === 'artifact' ? artifactLabel(artifact, source) || one.key : one.key
}

/** The colours with their rows; each but the others is a value to act on. */
export const Legend = ({ series }: { series: readonly Series[] }) => {
  const { openMenu, state, hueOf } = useExplore()
  return (
    <div className="hist-legend">
      {series.map((one) => {
        const words = (
          <>
            <i className={`square hue-${one.is_other ? 0 : hueOf(one.key)}`} />
            <span className="cut">{nameOf(one, state.by)}</span>
            <b>{formatNumber(one.total)}</b>
          </>
        )
        return one.is_other ? (
          <span key="of the others">{words}</span>
        ) : (
          <button
            key={`of ${one.key}`}
            type="button"
            title={one.key}
            onClick={(event) => openMenu(event.currentTarget, { field: state.by, value: one.key === '' ? null : one.key })}
          >
            {words}
          </button>
        )
      })}
    </div>
  )
}
