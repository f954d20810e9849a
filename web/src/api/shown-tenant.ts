// All windows of a browser share one session, and in another of them its owner may have gone on to another tenant. So each
// call says which tenant its window shows, and the server does nothing when that is not the session's.
import { shownTenantHeader } from '../../../shared/contract/route.ts'

const inPath = /^\/t\/([0-9a-f-]{36})(?:\/|$)/

/** Empty on a page of no tenant. */
export const shownTenant = (): Record<string, string> => {
  const id = inPath.exec(globalThis.location?.pathname ?? '')?.[1]
  return id === undefined ? {} : { [shownTenantHeader]: id }
}
