// The rows of several tenants as one list by time. A tenant of which more is to come holds the list up where its loaded rows end:
// behind that, another one's row might come too early.
import type { AnswerOfTenant } from '../../../../../shared/contract/hunt/across.ts'
import type { EventRow } from '../../../../../shared/contract/search.ts'

export interface TenantRow {
  tenant_id: string
  tenant_name: string
  event: EventRow
}

export interface Merged {
  rows: readonly TenantRow[]
  /** What to ask next: the cursors of the tenants that hold the list up; null at its end. */
  next: Readonly<Record<string, string>> | null
}

type Answer = Pick<AnswerOfTenant, 'tenant_id' | 'tenant_name' | 'events' | 'next_cursor'>

/** Times by the alphabet, whatever digits they have. */
const placeOf = ({ timestamp }: EventRow): string => {
  if (timestamp === null) return ''
  const [seconds = '', fraction = ''] = timestamp.replace(/Z$/, '').split('.')
  return `${seconds}.${fraction.padEnd(6, '0')}`
}

/** Rows without a time come last in either order. */
const isBefore = (a: string, b: string, isNewestFirst: boolean): boolean => {
  if (a === '' || b === '') return b === '' && a !== ''
  return isNewestFirst ? a > b : a < b
}

interface Loaded {
  tenant_id: string
  /** Where it stands among the tenants: rows of one time come in this order. */
  at: number
  rows: TenantRow[]
  cursor: string | null
}

interface Spot {
  place: string
  at: number
}

const loadedOf = (answers: readonly Answer[]): Loaded[] => {
  const loaded = new Map<string, Loaded>()
  for (const { tenant_id, tenant_name, events, next_cursor } of answers) {
    const one = loaded.get(tenant_id) ?? { tenant_id, at: loaded.size, rows: [], cursor: null }
    one.rows.push(...events.map((event) => ({ tenant_id, tenant_name, event })))
    one.cursor = next_cursor
    loaded.set(tenant_id, one)
  }
  return [...loaded.values()]
}

const lastOf = ({ rows, at }: Loaded): Spot => {
  const last = rows.at(-1)
  return { place: last === undefined ? '' : placeOf(last.event), at }
}

/** A tenant that has so few rows waiting is asked along with the one that holds the list up. */
const fewWaiting = 20

/** @param answers of every page, in the order in which they came */
export const mergeAnswers = (answers: readonly Answer[], isNewestFirst: boolean): Merged => {
  const compare = (a: Spot, b: Spot): number => {
    if (a.place === b.place) return a.at - b.at
    return isBefore(a.place, b.place, isNewestFirst) ? -1 : 1
  }
  const loaded = loadedOf(answers)
  const open = loaded.filter((one) => one.cursor !== null)
  const [stop] = open.map(lastOf).sort(compare)
  const rows = loaded.flatMap(({ at, rows: own }) => own.map((row) => ({ row, place: placeOf(row.event), at })))
  const isSure = (spot: Spot): boolean => stop === undefined || compare(spot, stop) <= 0
  const waiting = (one: Loaded): number => one.rows.filter((row) => !isSure({ place: placeOf(row.event), at: one.at })).length
  const asked = open.filter((one) => waiting(one) <= fewWaiting)
  return {
    // a stable sort: each tenant's rows stay in their order
    rows: rows
      .filter(isSure)
      .sort(compare)
      .map(({ row }) => row),
    next: asked.length === 0 ? null : Object.fromEntries(asked.map((one) => [one.tenant_id, one.cursor ?? ''])),
  }
}
