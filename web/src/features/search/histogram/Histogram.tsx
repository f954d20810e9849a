import { useLayoutEffect, useRef, useState } from 'react'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { useZone } from '../../../ui/preferences.ts'
import { useExplore } from '../explore-context.ts'
import { artifactLabel, splitArtifact } from '../values/row-values.ts'
import { bucketName, type HistogramData, layBars, rangeOfBars, roundMax, timeTicks, totalsOf } from './geometry.ts'
import { Plot } from './Plot.tsx'
import './histogram.css'

export interface Bars extends HistogramData {
  total: number
  without_time: number
}

const plotPx = 48

/** The width of an element, kept up to date. */
const useWidth = () => {
  const ref = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return
    setWidth(element.clientWidth)
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, width] as const
}

const Legend = ({ bars }: { bars: Bars }) => {
  const { openMenu, state, hueOf } = useExplore()
  return (
    <div className="hist-legend">
      {bars.series.map((one) => {
        const [artifact, source] = splitArtifact(one.key)
        const name = one.key === '' ? 'none' : one.key
        const label = state.by === 'artifact' && one.key !== 'Other' ? artifactLabel(artifact, source) || name : name
        const words = (
          <>
            <i className={`square hue-${hueOf(one.key)}`} />
            {label}
            <b>{formatNumber(one.total)}</b>
          </>
        )
        return one.key === 'Other' ? (
          <span key={one.key}>{words}</span>
        ) : (
          <button
            key={one.key}
            type="button"
            title={one.key}
            onClick={(event) => openMenu(event.currentTarget, { field: state.by, value: one.key })}
          >
            {words}
          </button>
        )
      })}
      <span className="grow" />
      <span className="hist-width muted">
        {bars.without_time > 0 && bars.total > 0 && `${formatNumber(bars.without_time)} without a time · `}
        {bars.starts.length > 0 && `bars of ${bucketName(bars.bucket_ms)}`}
      </span>
    </div>
  )
}

/** Rows over time: a drag, or Shift and the arrows with Enter, sets the time range. */
export const Histogram = ({ bars, isOld }: { bars: Bars | undefined; isOld: boolean }) => {
  const { patch, hueOf } = useExplore()
  const [zone] = useZone()
  const [ref, width] = useWidth()
  const top = bars === undefined ? 1 : roundMax(Math.max(0, ...totalsOf(bars)))
  return (
    <section className={`hist ${isOld ? 'hist-old' : ''}`} aria-label="Rows over time">
      {bars === undefined ? <div className="hist-legend" /> : <Legend bars={bars} />}
      <div className="hist-frame">
        <div className="hist-y" aria-hidden="true">
          <span>{formatNumber(top)}</span>
          {top > 1 && <span>{formatNumber(Math.round(top / 2))}</span>}
        </div>
        <div className="hist-plot" ref={ref}>
          {bars !== undefined && width > 0 && bars.starts.length > 0 && (
            <Plot
              bars={layBars(bars, width, plotPx)}
              data={bars}
              size={{ width, height: plotPx }}
              hue={(series) => hueOf(bars.series[series]?.key ?? '')}
              onZoom={(one, other) => patch(rangeOfBars(bars, one, other))}
            />
          )}
          {bars !== undefined && bars.starts.length === 0 && <p className="hist-none muted">None of these rows has a time.</p>}
        </div>
      </div>
      <div className="hist-x" aria-hidden="true">
        {bars !== undefined &&
          timeTicks(bars, zone, width).map((tick) => (
            <span key={tick.x} style={{ left: tick.x }}>
              {tick.label}
            </span>
          ))}
      </div>
    </section>
  )
}
