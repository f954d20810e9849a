export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

export interface Placed {
  left: number
  top: number
  maxHeight: number
}

export interface Floating {
  width: number
  height: number
}

const edge = 8
const gap = 4

/** Under the anchor, or above it where there is more room; always inside the window. */
export const placeBeside = (anchor: Box, floating: Floating, view: Floating, align: 'start' | 'end' = 'start'): Placed => {
  const below = view.height - anchor.bottom - gap - edge
  const above = anchor.top - gap - edge
  const isBelow = floating.height <= below || below >= above
  const maxHeight = Math.max(120, isBelow ? below : above)
  const height = Math.min(floating.height, maxHeight)
  const wanted = align === 'start' ? anchor.left : anchor.right - floating.width
  return {
    left: Math.max(edge, Math.min(wanted, view.width - floating.width - edge)),
    top: isBelow ? anchor.bottom + gap : Math.max(edge, anchor.top - gap - height),
    maxHeight,
  }
}
