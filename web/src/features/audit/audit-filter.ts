// What stands in the URL of the audit page, checked, and as the query that is sent.
import type { listAudit } from '../../../../shared/contract/audit.ts'
import type { Sent } from '../../../../shared/contract/route.ts'
import { auditOutcomes } from '../../../../shared/domain/audit.ts'

export interface AuditSearch {
  actor?: string
  action?: string
  object?: string
  address?: string
  result?: string
  from?: string
  to?: string
  chain?: string
  /** The page behind this row. */
  before?: string
  /** The row that is open. */
  row?: string
}

export type AuditQuery = Sent<typeof listAudit>['query']

const dayMs = 86_400_000

/** The first moment of a day in UTC, or of the day behind it; undefined for what is no day. */
export const dayStart = (day: string | undefined, daysLater = 0): string | undefined => {
  if (day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined
  const ms = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(ms)) return undefined
  return new Date(ms + daysLater * dayMs).toISOString()
}

/** Text of a filter: what is too long to be one is cut, as the field cuts it. */
const textOf = (text: string | undefined): string | undefined => {
  const trimmed = (text ?? '').trim().slice(0, 300)
  return trimmed === '' ? undefined : trimmed
}

/** What is no filter in the URL is none: a link that was typed wrong shows more, never an error. */
export const filterOf = (search: AuditSearch): AuditQuery => ({
  chain: search.chain === 'platform' ? 'platform' : 'tenant',
  actor: textOf(search.actor),
  action: textOf(search.action),
  object: textOf(search.object),
  address: textOf(search.address),
  outcome: auditOutcomes.find((one) => one === search.result),
  from: dayStart(search.from),
  to: dayStart(search.to, 1),
})

export const cursorOf = (search: AuditSearch): string | undefined => (/^\d{1,15}$/.test(search.before ?? '') ? search.before : undefined)

/** Whether anything but the chain is asked for. */
export const isFiltered = ({ chain: _chain, ...filter }: AuditQuery): boolean => Object.values(filter).some((value) => value !== undefined)
