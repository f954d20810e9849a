import type { HostFacts } from '../reading.ts'

export const clientShape = /^(server|C\.[0-9A-Za-z]{1,64})(-[A-Za-z0-9._-]{1,64})?$/
/** Without the suffix of its org. */
export const plainClient = (id: string): string => clientShape.exec(id)?.[1] ?? id

/** A client id is no name. */
export const hostNameOf = (name: string | null | undefined): string => {
  const text = (name ?? '').trim()
  return /^C\.[0-9a-f]{8,}/i.test(text) || text.length > 255 || /[\n\r\0]/.test(text) ? '' : text
}

/** The key that a host's rows carry: its client id without the suffix of its org, else the machine's own id, else its name within this import. */
export const hostKeyFrom = (clientId: string, hostId: string | null, hostName: string, importId: string): string =>
  clientId || (hostId ?? '') || (hostName === '' ? '' : `name:${hostName.toLowerCase()}@${importId}`)

/** null when nothing names the host. */
export const hostKeyOf = (facts: HostFacts, importId: string): string | null =>
  hostKeyFrom(plainClient(facts.client_id ?? ''), facts.host_id, hostNameOf(facts.hostname) || hostNameOf(facts.fqdn), importId) || null
