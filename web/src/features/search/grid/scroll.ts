// Rows of one height, any number of them. Browsers end an element at some ten million pixels, so a longer list is drawn
// into a shorter one: small movements are exact, and a pull at the scroll bar is a share of the whole.

const tallestPx = 8_000_000

export interface ScrollFrame {
  count: number
  rowPx: number
  viewPx: number
}
export interface ScrollPlace {
  /** The element's own scrollTop. */
  scrollTop: number
  /** The place in the whole list of rows. */
  top: number
}

const fullPx = (frame: ScrollFrame): number => frame.count * frame.rowPx
/** The height of the scrolled element. */
export const heightPx = (frame: ScrollFrame): number => Math.min(fullPx(frame), tallestPx)
const mostTop = (frame: ScrollFrame): number => Math.max(0, fullPx(frame) - frame.viewPx)
const mostScroll = (frame: ScrollFrame): number => Math.max(0, heightPx(frame) - frame.viewPx)
const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value))

/** Where the list is after the element has scrolled. */
export const scrolledTo = (frame: ScrollFrame, before: ScrollPlace, scrollTop: number): ScrollPlace => {
  if (fullPx(frame) <= tallestPx) return { scrollTop, top: clamp(scrollTop, mostTop(frame)) }
  if (scrollTop <= 0) return { scrollTop, top: 0 }
  if (scrollTop >= mostScroll(frame) - 1) return { scrollTop, top: mostTop(frame) }
  const delta = scrollTop - before.scrollTop
  if (Math.abs(delta) < frame.viewPx * 1.5) return { scrollTop, top: clamp(before.top + delta, mostTop(frame)) }
  return { scrollTop, top: clamp((scrollTop / mostScroll(frame)) * mostTop(frame), mostTop(frame)) }
}

/** Where to scroll so that the list stands at `top`. */
export const placeFor = (frame: ScrollFrame, top: number): ScrollPlace => {
  const at = clamp(top, mostTop(frame))
  const most = mostTop(frame)
  return { top: at, scrollTop: most === 0 ? 0 : fullPx(frame) <= tallestPx ? at : (at / most) * mostScroll(frame) }
}

export interface RowRange {
  first: number
  last: number
}

/** The rows in sight and `over` more at both ends. */
export const rowsInSight = (frame: ScrollFrame, top: number, over: number): RowRange => ({
  first: Math.max(0, Math.floor(top / frame.rowPx) - over),
  last: Math.min(frame.count - 1, Math.ceil((top + frame.viewPx) / frame.rowPx) + over),
})

/** The row's place inside the scrolled element. */
export const rowY = (frame: ScrollFrame, place: ScrollPlace, index: number): number =>
  Math.round(index * frame.rowPx - place.top + (fullPx(frame) <= tallestPx ? place.top : place.scrollTop))

/** The nearest `top` at which a row is whole in sight. */
export const topToShow = (frame: ScrollFrame, top: number, index: number): number => {
  const rowTop = index * frame.rowPx
  if (rowTop < top) return rowTop
  if (rowTop + frame.rowPx > top + frame.viewPx) return rowTop + frame.rowPx - frame.viewPx
  return top
}

/** The place of one scrolled list, kept beside React: it changes with every frame of a scroll. */
export class ScrollModel {
  private frame: ScrollFrame
  private place: ScrollPlace = { scrollTop: 0, top: 0 }
  /** Set while the element catches up with a place that was chosen here. */
  private chosen: ScrollPlace | null = null
  private readonly listeners = new Set<() => void>()

  constructor(frame: ScrollFrame) {
    this.frame = frame
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }
  readonly snapshot = (): ScrollPlace => this.place

  resize(frame: ScrollFrame): void {
    this.frame = frame
  }

  /** The element has scrolled, by a person or by what `goTo` answered. */
  scrolled(scrollTop: number): void {
    const wanted = this.chosen
    this.chosen = null
    const isChosen = wanted !== null && Math.abs(wanted.scrollTop - scrollTop) < 2
    this.change(isChosen ? { ...wanted, scrollTop } : scrolledTo(this.frame, this.place, scrollTop))
  }

  /** Chooses a place; the answer is where the element must scroll to. */
  goTo(top: number): number {
    const next = placeFor(this.frame, top)
    this.chosen = next
    this.change(next)
    return next.scrollTop
  }

  /** The least movement that shows a row whole; null when it is in sight. */
  show(index: number): number | null {
    const top = topToShow(this.frame, this.place.top, index)
    return top === this.place.top ? null : this.goTo(top)
  }

  /** Back to the top, or as far down as shows the row. */
  reset(index: number): number {
    return this.goTo(topToShow(this.frame, 0, index))
  }

  private change(place: ScrollPlace): void {
    this.place = place
    for (const listener of this.listeners) listener()
  }
}
