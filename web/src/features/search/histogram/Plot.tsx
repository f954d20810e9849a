import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { countOf } from '../../../ui/format/numbers.ts'
import { formatTime, zoneName } from '../../../ui/format/times.ts'
import { useZone } from '../../../ui/preferences.ts'
import { type Bar, barAt, bucketName, type HistogramData } from './geometry.ts'

interface Brush {
  anchor: number
  at: number
}

export interface PlotProps {
  bars: readonly Bar[]
  data: HistogramData
  size: { width: number; height: number }
  hue: (series: number) => number
  onZoom: (first: number, last: number) => void
  onOut: () => void
  onBack: () => void
}

const useBarWords = (data: HistogramData, bars: readonly Bar[]) => {
  const [zone] = useZone()
  return (brush: Brush | null): string => {
    if (brush === null) return ''
    const [first, last] = [Math.min(brush.anchor, brush.at), Math.max(brush.anchor, brush.at)]
    const rows = bars.slice(first, last + 1).reduce((sum, bar) => sum + bar.total, 0)
    const start = formatTime(data.starts[first], { zone, to: data.bucket_ms >= 60_000 ? 'minute' : 'stored' })
    const span = first === last ? bucketName(data.bucket_ms) : `${last - first + 1} bars of ${bucketName(data.bucket_ms)}`
    return `${start} ${zoneName(zone)}, ${span}: ${countOf(rows, 'row')}`
  }
}

const Drawing = ({ bars, size, hue }: Pick<PlotProps, 'bars' | 'size' | 'hue'>) => (
  <svg width={size.width} height={size.height} aria-hidden="true" focusable="false">
    <line className="hist-line" x1="0" x2={size.width} y1="0.5" y2="0.5" />
    <line className="hist-line" x1="0" x2={size.width} y1={size.height / 2} y2={size.height / 2} />
    {bars.map((bar) =>
      bar.segments.map((one) => (
        <rect
          key={`${bar.x}:${one.series}`}
          className={`fill-${hue(one.series)}`}
          x={bar.x}
          y={one.y}
          width={bar.width}
          height={one.height}
        />
      )),
    )}
  </svg>
)

const stepOf = (key: string, at: number, bars: number): number | undefined =>
  ({ ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: bars - 1, PageDown: at + 10, PageUp: at - 10 })[key]

/** Chooses bars by keys: arrows move, Shift reaches, Enter zooms, Escape lets go, minus and Backspace go out and back. */
const useBrushKeys = (brush: Brush | null, setBrush: (brush: Brush | null) => void, { bars, onZoom, onOut, onBack }: PlotProps) => {
  const acts: Readonly<Record<string, () => void>> = {
    '-': onOut,
    Backspace: onBack,
    ...(brush === null
      ? {}
      : {
          Enter: () => {
            onZoom(brush.anchor, brush.at)
            setBrush(null)
          },
          Escape: () => setBrush(null),
        }),
  }
  const step = (key: string, isReach: boolean): boolean => {
    const at = brush?.at ?? 0
    const to = brush === null && key.startsWith('Arrow') ? at : stepOf(key, at, bars.length)
    if (to === undefined) return false
    const next = Math.max(0, Math.min(bars.length - 1, to))
    setBrush({ anchor: isReach && brush !== null ? brush.anchor : next, at: next })
    return true
  }
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = acts[event.key]
    if (act !== undefined) act()
    else if (!step(event.key, event.shiftKey)) return
    event.preventDefault()
    event.stopPropagation()
  }
}

/** Chooses bars by a drag; without one it says what is under the pointer. */
const useBrushPointer = (brush: Brush | null, setBrush: (brush: Brush | null) => void, { bars, size, onZoom }: PlotProps) => {
  const [isDragging, setDragging] = useState(false)
  const [hover, setHover] = useState<number | null>(null)
  const place = (event: PointerEvent<HTMLDivElement>) =>
    barAt(event.clientX - event.currentTarget.getBoundingClientRect().left, size.width, bars.length)
  const end = (isTaken: boolean) => {
    setDragging(false)
    if (isTaken && isDragging && brush !== null) onZoom(brush.anchor, brush.at)
    setBrush(null)
  }
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      const at = place(event)
      setDragging(true)
      setBrush({ anchor: at, at })
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      const at = place(event)
      setHover(at)
      if (isDragging && brush !== null) setBrush({ ...brush, at })
    },
    onPointerUp: () => end(true),
    onPointerCancel: () => end(false),
    onPointerLeave: () => setHover(null),
  }
  return { hover, handlers }
}

export const Plot = (props: PlotProps) => {
  const { bars, data, size, hue } = props
  const [brush, setBrush] = useState<Brush | null>(null)
  const words = useBarWords(data, bars)
  const onKeyDown = useBrushKeys(brush, setBrush, props)
  const { hover, handlers } = useBrushPointer(brush, setBrush, props)
  const step = size.width / bars.length
  const shown = brush ?? (hover === null ? null : { anchor: hover, at: hover })
  return (
    <div
      className="hist-brush"
      role="slider"
      tabIndex={0}
      aria-label="Time of the bars: arrows move, Shift and arrows choose several, Enter zooms in, minus zooms out, Backspace goes back"
      aria-orientation="horizontal"
      aria-valuemin={1}
      aria-valuemax={bars.length}
      aria-valuenow={(brush?.at ?? 0) + 1}
      aria-valuetext={words(brush ?? { anchor: 0, at: 0 })}
      onKeyDown={onKeyDown}
      onBlur={() => setBrush(null)}
      {...handlers}
    >
      <Drawing bars={bars} size={size} hue={hue} />
      {brush !== null && (
        <i
          className="hist-chosen"
          style={{ left: Math.min(brush.anchor, brush.at) * step, width: (Math.abs(brush.at - brush.anchor) + 1) * step }}
        />
      )}
      {shown !== null && (
        <span className={`hist-tip ${shown.at > bars.length / 2 ? 'hist-tip-left' : ''}`} style={{ left: shown.at * step }}>
          {words(shown)}
        </span>
      )}
    </div>
  )
}
