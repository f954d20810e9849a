// Which detection an episode of matches belongs to. Counts are never added up: they are found anew from all matches and put
// beside what is there, so that a fold that is repeated, or cut off and begun again, comes to the same.
import type { DetectionStatus } from '../../../../../shared/domain/detections.ts'
import { isClosed } from '../../../../../shared/domain/detections.ts'

/** Where an episode lies: between two times, or in an import where its rows have none. */
interface Place {
  /** `h:` and the id of a host, or `k:` and a key that no host is known for. */
  host_ref: string
  /** Microseconds; null without a time. */
  span_from: bigint | null
  span_to: bigint | null
  import_id: string | null
}

export interface Episode extends Place {
  host_key: string
  first_at: bigint | null
  last_at: bigint | null
  rows: number
  silenced_rows: number
  matched_at: string
  subject_version: number
}

export interface Existing extends Place {
  id: string
  status: DetectionStatus
  created_at: Date
  rows: number
  silenced_rows: number
  /** Somebody has said or done something about it. */
  is_touched: boolean
}

export interface Plan {
  made: Episode[]
  kept: { id: string; episode: Episode; joined: string[] }[]
  /** Rows between them were deleted: what stands alone now is as the one that it was a part of. */
  apart: { from: string; episode: Episode }[]
  /** Nobody touched them, and no row is left. */
  gone: string[]
  /** No row is left, and what people said stays. */
  emptied: string[]
}

const meets = (one: Place, other: Place): boolean => {
  if (one.host_ref !== other.host_ref) return false
  if (one.span_from === null || one.span_to === null || other.span_from === null || other.span_to === null)
    return one.import_id !== null && one.import_id === other.import_id
  return one.span_from <= other.span_to && one.span_to >= other.span_from
}

/** Open work comes before what is closed, so that joining never closes anything; then the oldest. */
const before = (one: Existing, other: Existing): number =>
  Number(isClosed(one.status)) - Number(isClosed(other.status)) ||
  one.created_at.getTime() - other.created_at.getTime() ||
  (one.id < other.id ? -1 : 1)

const byHost = <T extends Place>(places: readonly T[]): Map<string, T[]> => {
  const found = new Map<string, T[]>()
  for (const place of places) {
    const there = found.get(place.host_ref)
    if (there === undefined) found.set(place.host_ref, [place])
    else there.push(place)
  }
  return found
}

const placeOne = (plan: Plan, episode: Episode, there: readonly Existing[], taken: Set<string>): void => {
  const met = there.filter((one) => meets(one, episode))
  const free = met.filter((one) => !taken.has(one.id)).sort(before)
  const [first, ...joined] = free
  for (const one of free) taken.add(one.id)
  if (first !== undefined) plan.kept.push({ id: first.id, episode, joined: joined.map((one) => one.id) })
  else if (met[0] !== undefined) plan.apart.push({ from: met[0].id, episode })
  else plan.made.push(episode)
}

/** Of one subject: what is there, and the episodes that its matches form now. */
export const planEpisodes = (existing: readonly Existing[], episodes: readonly Episode[]): Plan => {
  const plan: Plan = { made: [], kept: [], apart: [], gone: [], emptied: [] }
  const there = byHost(existing)
  const taken = new Set<string>()
  // The largest first: of a detection that fell apart it keeps the name.
  const ordered = [...episodes].sort((a, b) => b.rows + b.silenced_rows - (a.rows + a.silenced_rows))
  for (const episode of ordered) placeOne(plan, episode, there.get(episode.host_ref) ?? [], taken)
  for (const one of existing) {
    if (taken.has(one.id)) continue
    if (!one.is_touched) plan.gone.push(one.id)
    else if (one.rows + one.silenced_rows > 0) plan.emptied.push(one.id)
  }
  return plan
}
