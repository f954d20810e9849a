// The ways from a detection into Explore: its rows among those of the host, and what the host did around one of them.
import type { Detection } from '../../../../../shared/contract/detect/detections.ts'
import type { EventRow } from '../../../../../shared/contract/search.ts'

const minuteMs = 60_000
const at = (time: string, byMs: number): string => new Date(Date.parse(time) + byMs).toISOString()

export interface ExploreSearch {
  hosts?: string | undefined
  imports?: string | undefined
  from?: string | undefined
  to?: string | undefined
  row?: string | undefined
  at?: string | undefined
  lanes?: string | undefined
}

type OfHost = Pick<Detection, 'host_id' | 'first_at' | 'last_at' | 'import_id'>

/** The time of the detection on its host; the end is excluded, so it is a moment later. */
export const spanOf = ({ host_id, first_at, last_at, import_id }: OfHost): ExploreSearch => ({
  hosts: host_id ?? undefined,
  imports: first_at === null ? (import_id ?? undefined) : undefined,
  from: first_at ?? undefined,
  to: last_at === null ? undefined : at(last_at, 1),
})

export const rowSearch = (row: Pick<EventRow, 'id' | 'host_id' | 'timestamp' | 'import_id'>): ExploreSearch => ({
  hosts: row.host_id ?? undefined,
  imports: row.timestamp === null ? row.import_id : undefined,
  from: row.timestamp === null ? undefined : at(row.timestamp, -minuteMs),
  to: row.timestamp === null ? undefined : at(row.timestamp, minuteMs),
  row: row.id,
})

/** The timeline of the host around the row; null where the row has no time or no host. */
export const aroundSearch = (row: Pick<EventRow, 'id' | 'host_id' | 'timestamp'>, minutes: number): ExploreSearch | null =>
  row.timestamp === null || row.host_id === null
    ? null
    : {
        hosts: row.host_id,
        from: at(row.timestamp, -minutes * minuteMs),
        to: at(row.timestamp, minutes * minuteMs),
        row: row.id,
        at: /\.\d{7,}/.test(row.timestamp) ? undefined : row.timestamp,
        lanes: 'artifact',
      }
