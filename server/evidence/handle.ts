// What stands behind the opaque handle of a tenant's evidence.
import type { TenantEvidence } from '../platform/ctx.ts'
import { AppError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { DiskCalls } from './disk-calls.ts'

/** One for the process. */
export interface Store {
  root: string
  incomingDir: string
  scratchDir: string
  reserveBytes: number
  calls: DiskCalls
  log: Log
  /**
   * Set by the first fsync that failed. The kernel may have dropped the pages and call them clean, so that trying again
   * would succeed without the data being there: nothing is taken until a restart has looked at the disk anew.
   */
  failed: Error | null
}

/** One for each tenant: bytes that are being written now, and bytes that were added since the start. */
export interface Tally {
  writing: number
  added: number
}

export interface Inside {
  store: Store
  folder: string
  tally: Tally
}

const opened = new WeakMap<TenantEvidence, Inside>()

export const evidenceHandle = (inside: Inside): TenantEvidence => {
  const handle = Object.freeze({}) as TenantEvidence
  opened.set(handle, inside)
  return handle
}

export const insideOf = (evidence: TenantEvidence): Inside => {
  const inside = opened.get(evidence)
  if (inside === undefined) throw new Error('this is no handle of the evidence store')
  return inside
}

export const refuseWhenFailed = (store: Store): void => {
  if (store.failed !== null)
    throw new AppError(
      'unavailable',
      'The evidence disk reported an error while writing. Nothing more is stored until the disk was checked and the server restarted.',
      { cause: store.failed },
    )
}
