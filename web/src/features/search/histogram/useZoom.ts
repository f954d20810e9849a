import { useState } from 'react'
import { useExplore } from '../explore-context.ts'
import { isZoomed, type Stretch, wider, type Zoomed, zoomTo } from './zoom.ts'

export interface Zooming {
  isZoomed: boolean
  /** Somewhere to go back to: what was shown before the zooms of this page. */
  canGoBack: boolean
  to: (stretch: Stretch) => void
  out: () => void
  /** To what was shown before; to all of it where that is not known. */
  back: () => void
}

/** `shown` is the stretch that the bars cover; null while there are none. */
export const useZoom = (shown: Stretch | null): Zooming => {
  const { state, patch } = useExplore()
  const { time } = state
  const [before, setBefore] = useState<readonly (Zoomed & { time: string })[]>([])
  const last = before.at(-1)
  const canGoBack = last?.time === time
  const go = (stretch: Stretch) => {
    setBefore([
      ...before.filter((one) => one.time === time).slice(-20),
      { time, ...(time === 'timestamp' ? { from: state.from, to: state.to } : { pills: state.pills }) },
    ])
    patch(zoomTo(state, time, stretch))
  }
  const back = () => {
    if (last === undefined || !canGoBack) return patch(zoomTo(state, time, null))
    const { time: _of, ...change } = last
    setBefore(before.slice(0, -1))
    patch(change)
  }
  return { isZoomed: isZoomed(state, time), canGoBack, to: go, out: () => shown !== null && go(wider(shown)), back }
}
