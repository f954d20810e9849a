// Offsets of IANA zones by Intl, which is slow: remembered by the hour.
const hourSeconds = 3600
const rememberedHours = 20_000

export const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Turns wall-clock seconds of a zone into UTC seconds. In the hour that a clock change doubles, the earlier reading counts. */
export class Zone {
  private readonly format: Intl.DateTimeFormat | null
  private readonly offsets = new Map<number, number>()

  /** Throws RangeError when the zone is unknown. */
  constructor(name: string | null) {
    this.format =
      name === null || name === 'UTC'
        ? null
        : new Intl.DateTimeFormat('en-US', {
            timeZone: name,
            hourCycle: 'h23',
            era: 'short',
            year: 'numeric',
            month: 'numeric',
            day: 'numeric',
            hour: 'numeric',
            minute: 'numeric',
            second: 'numeric',
          })
  }

  toUtc(wallSeconds: number): number {
    if (this.format === null) return wallSeconds
    const quarter = Math.floor(wallSeconds / (hourSeconds / 4))
    let offset = this.offsets.get(quarter)
    if (offset === undefined) {
      if (this.offsets.size >= rememberedHours) this.offsets.clear()
      offset = this.offsetOfWall(wallSeconds)
      this.offsets.set(quarter, offset)
    }
    return wallSeconds - offset
  }

  private offsetOfWall(wallSeconds: number): number {
    // the earlier reading has the larger offset; it holds when the zone agrees with it
    const before = this.offsetAt(wallSeconds - 86_400)
    const after = this.offsetAt(wallSeconds + 86_400)
    const larger = Math.max(before, after)
    const smaller = Math.min(before, after)
    if (this.offsetAt(wallSeconds - larger) === larger) return larger
    return this.offsetAt(wallSeconds - smaller) === smaller ? smaller : before
  }

  private offsetAt(utcSeconds: number): number {
    const parts = new Map(this.format?.formatToParts(utcSeconds * 1000).map((part) => [part.type, part.value]))
    const part = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name))
    const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
    return wall / 1000 - Math.floor(utcSeconds)
  }
}
