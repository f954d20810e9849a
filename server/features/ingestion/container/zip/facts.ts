// Host and flow facts of a collection, from the small JSON files beside its rows. Each comes in several shapes over the versions
// of Velociraptor; keys are read without regard to case, as Velociraptor's own importer does.
import type { HostFacts } from '../../reading.ts'
import { clientIdOf } from '../names.ts'
import { cleanText, unknownHost } from '../session.ts'

type Facts = Map<string, unknown>

/** The object's fields by lower-case name; empty when the text is no JSON object. */
export function fieldsOf(text: string): Facts {
  try {
    const value: unknown = JSON.parse(text)
    return toFields(Array.isArray(value) ? (value as unknown[])[0] : value)
  } catch {
    return new Map()
  }
}

function toFields(value: unknown): Facts {
  if (typeof value !== 'object' || value === null) return new Map()
  return new Map(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item as unknown]))
}

function text(fields: Facts, ...names: string[]): string | null {
  for (const name of names) {
    const value = fields.get(name)
    if (typeof value === 'string' && value.trim() !== '') return cleanText(value.trim().slice(0, 1024))
  }
  return null
}

function texts(fields: Facts, ...names: string[]): string[] {
  for (const name of names) {
    const value = fields.get(name)
    if (!Array.isArray(value)) continue
    const items = (value as unknown[]).filter((item): item is string => typeof item === 'string' && item !== '')
    return [...new Set(items.slice(0, 1000).map((item) => cleanText(item.slice(0, 1024))))]
  }
  return []
}

/** Epoch in s, ms, us or ns (each is used somewhere), told apart by magnitude. null for none and for zero. */
export function timeOf(value: unknown): string | null {
  const epoch = typeof value === 'string' ? Number(value) : value
  if (typeof epoch !== 'number' || !Number.isFinite(epoch) || epoch < 1e8) return null
  const millis = epoch < 1e11 ? epoch * 1000 : epoch < 1e14 ? epoch : epoch < 1e17 ? epoch / 1000 : epoch / 1_000_000
  const date = new Date(millis)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

function operatingSystem(fields: Facts): string | null {
  const system = text(fields, 'system', 'os')
  const lower = system?.toLowerCase() ?? ''
  if (lower.startsWith('win')) return 'windows'
  if (lower.startsWith('linux')) return 'linux'
  return lower === 'darwin' || lower.startsWith('mac') ? 'macos' : system
}

/** `10.0.0.5:51234` and `[fe80::1]:51234` without their port. */
function address(value: string | null): string[] {
  if (value === null) return []
  const bare = /^\[(.+)\](?::\d+)?$/.exec(value)?.[1] ?? /^([\d.]+):\d+$/.exec(value)?.[1] ?? value
  return [bare]
}

function version(fields: Facts): string | null {
  const release = text(fields, 'release')
  if (release !== null) return release
  const platform = text(fields, 'platform')
  const number = text(fields, 'platformversion')
  if (platform === null || number === null) return platform ?? number
  return platform.includes(number) ? platform : `${platform} ${number}`
}

/** Facts of client_info.json (server or offline shape), or of a row of Generic.Client.Info. null when it names no host. */
export function hostFacts(fields: Facts): HostFacts | null {
  const given = text(fields, 'client_id', 'clientid')
  const facts: HostFacts = {
    ...unknownHost,
    client_id: given === null ? null : (clientIdOf(given) ?? given),
    host_id: text(fields, 'hostid'),
    hostname: text(fields, 'hostname'),
    fqdn: text(fields, 'fqdn'),
    os: operatingSystem(fields),
    os_version: version(fields),
    architecture: text(fields, 'architecture'),
    ip_addresses: address(text(fields, 'ip_address', 'last_ip')),
    mac_addresses: texts(fields, 'mac_addresses', 'macaddresses'),
    labels: texts(fields, 'labels'),
    first_seen: timeOf(fields.get('first_seen_at')),
    last_seen: timeOf(fields.get('ping') ?? fields.get('last_seen_at')),
  }
  return (facts.client_id ?? facts.host_id ?? facts.hostname ?? facts.fqdn) ? facts : null
}

export interface FlowFacts {
  client_id: string | null
  flow_id: string | null
}

/** collection_context.json, or the older {"context": {...}}. */
export function flowFacts(fields: Facts): FlowFacts {
  const inner = toFields(fields.get('context'))
  const flow = inner.size > 0 ? inner : fields
  const request = toFields(flow.get('request'))
  const client = text(flow, 'client_id', 'clientid') ?? text(request, 'client_id', 'clientid')
  return {
    client_id: client === null ? null : (clientIdOf(client) ?? client),
    flow_id: text(flow, 'session_id', 'sessionid', 'flow_id') ?? text(request, 'flow_id', 'flowid'),
  }
}

export function huntIdIn(fields: Facts): string | null {
  return text(fields, 'hunt_id', 'huntid')
}

/** Where the name of an uploaded collection tells its host: `Collection-HOST-TIME.zip`, `HOST-C.xxx-F.xxx.zip`. */
export function hostnameInName(name: string): string | null {
  const file = name.split(/[/\\]/).at(-1) ?? ''
  const found = /^Collection-(.+)-\d{4}-\d{2}-\d{2}T/.exec(file) ?? /^(.+)-C\.[0-9a-f]{8,}(?:-[A-Z0-9]+)?-F\./i.exec(file)
  return found?.[1] === undefined ? null : cleanText(found[1])
}
