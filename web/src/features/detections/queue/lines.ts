// What stands in the list: detections, and where they stand host by host a line with the host's name above its own.
import type { Detection } from '../../../../../shared/contract/detect/detections.ts'
import { type Severity, severities } from '../../../../../shared/domain/detections.ts'

export interface HostLine {
  kind: 'host'
  key: string
  host_id: string | null
  host_name: string
  detections: number
  rows: number
  worst: Severity
  first_at: string | null
  last_at: string | null
}
export type Line = HostLine | { kind: 'detection'; key: string; detection: Detection }

const least = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b < a) ? b : a)
const most = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a)
const worse = (a: Severity, b: Severity): Severity => (severities.indexOf(b) > severities.indexOf(a) ? b : a)

const hostKey = (one: Detection): string => one.host_id ?? `?${one.host_name}`

const widened = (line: HostLine, one: Detection): HostLine => ({
  ...line,
  detections: line.detections + 1,
  rows: line.rows + one.rows,
  worst: worse(line.worst, one.severity),
  first_at: least(line.first_at, one.first_at),
  last_at: most(line.last_at, one.last_at),
})

export const linesOf = (list: readonly Detection[], isByHost: boolean): Line[] => {
  const lines: Line[] = []
  let headKey = ''
  let headAt = -1
  for (const detection of list) {
    const key = hostKey(detection)
    if (isByHost && headKey !== key) {
      headKey = key
      headAt = lines.length
      const { host_id, host_name, severity, first_at, last_at } = detection
      lines.push({ kind: 'host', key: `${key} ${headAt}`, host_id, host_name, detections: 0, rows: 0, worst: severity, first_at, last_at })
    }
    const head = lines[headAt]
    if (head?.kind === 'host') lines[headAt] = widened(head, detection)
    lines.push({ kind: 'detection', key: detection.id, detection })
  }
  return lines
}

/** The next line of a detection from there in that direction; the one itself where there is none. */
export const stepFrom = (lines: readonly Line[], from: number, by: number): number => {
  const direction = by < 0 ? -1 : 1
  let at = from
  let left = Math.abs(by)
  for (let next = from + direction; next >= 0 && next < lines.length && left > 0; next += direction)
    if (lines[next]?.kind === 'detection') {
      at = next
      left -= 1
    }
  return at
}
