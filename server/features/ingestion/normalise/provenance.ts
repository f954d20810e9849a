// Where a row comes from: client, flow, artifact and host, from its member, else from its own columns.
import type { Json, Member, Row } from '../reading.ts'
import { clientShape, hostKeyFrom, hostNameOf, plainClient } from './host-key.ts'
import { fileScope, flowScope, type Scope } from './identity/row-identity.ts'

export interface ImportFacts {
  import_id: string
  file_sha256: string
  file_name: string
  hostname: string | null
  /** "A" or "A/Source". */
  artifact: string | null
  time_zone: string | null
  now: Date
}

export interface Provenance {
  client_id: string
  flow_id: string
  hunt_id: string
  artifact: string
  artifact_source: string
  host_key: string
  host_name: string
  host_os: string
  scope: Scope
}

const flowShape = /^F\.[A-Za-z0-9.]{1,64}$/

/** The flow of a hunt is named after it, the same on each client. */
const huntOfFlow = (flowId: string): string => {
  const found = /^F\.([A-Z0-9]+)\.H$/.exec(flowId)?.[1]
  return found === undefined ? '' : `H.${found}`
}

/** A column of a row is believed only when it has the shape; what the export itself says is taken as it is. */
const matching = (text: string, shape: RegExp): string => (shape.test(text) ? text : '')

const textOf = (row: Row, key: string): string => {
  const value = row[key]
  return typeof value === 'string' && Object.hasOwn(row, key) ? value : ''
}

export const osOf = (system: string | null, artifact: string): string => {
  const given = (system ?? '').toLowerCase()
  if (given.includes('windows')) return 'windows'
  if (given.includes('darwin') || given.startsWith('mac')) return 'macos'
  if (/linux|ubuntu|debian|centos|rhel|red ?hat|fedora|suse|alpine|amazon/.test(given)) return 'linux'
  if (given !== '') return given.slice(0, 64)
  const prefix = /(?:^|\.)(windows|linux|macos)\./i.exec(artifact)
  return (prefix?.[1] ?? '').toLowerCase()
}

const splitArtifact = (name: string): readonly [string, string] => {
  const at = name.indexOf('/')
  return at < 0 ? [name, ''] : [name.slice(0, at), name.slice(at + 1)]
}

const rowHostColumns = ['Fqdn', 'Hostname', 'hostname', 'Computer', 'HostName', 'ComputerName'] as const

const rowHost = (row: Row): string => {
  for (const column of rowHostColumns) {
    const name = hostNameOf(textOf(row, column))
    if (name !== '') return name
  }
  return innerHost(row.System) || innerHost((row._Event as Row | null | undefined)?.System)
}

const innerHost = (system: Json | undefined): string => {
  if (typeof system !== 'object' || system === null) return ''
  const object = system as Row
  return hostNameOf(textOf(object, 'Computer') || textOf(object, '_HOSTNAME'))
}

/**
 * The export does not say the host, so that a name that was given with it belongs to what the rows are: two hosts often have the
 * same bytes to show (the members of a group). A record of an event log names its computer itself.
 */
const isOnlyNamed = ({ host, client_id, format }: Member): boolean =>
  format !== 'evtx' && client_id === null && host !== null && host.client_id === null && host.host_id === null && host.os === null

const scopeOfFile = (member: Member, facts: ImportFacts, memberHost: string): Scope => {
  const isGiven = memberHost !== '' && memberHost === hostNameOf(facts.hostname) && isOnlyNamed(member)
  return fileScope(facts.file_sha256, isGiven ? JSON.stringify([member.path, memberHost.toLowerCase()]) : member.path)
}

const maxKnown = 10_000

/**
 * What rows are called that nothing names: the file they stood in, without its endings, so that they can be found and
 * told apart. Always a name.
 */
export const nameOfFile = (member: Pick<Member, 'path'>, facts: Pick<ImportFacts, 'file_name'>): string => {
  const path = member.path === '' ? facts.file_name : member.path
  const last = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), path.lastIndexOf('!')) + 1)
  return last.replace(/(\.(jsonl?|csv|ndjson|gz|txt|log|evtx|zip))+$/i, '').slice(0, 300) || 'unnamed'
}

/** Answers for one member; rows that agree share one object. */
export class ProvenanceReader {
  private readonly facts: ImportFacts
  private readonly member: Member
  private readonly fileScope: Scope
  private readonly artifact: string
  private readonly source: string
  private readonly memberHost: string
  private readonly fileName: string
  private readonly needsIds: boolean
  private readonly needsArtifact: boolean
  /** Nothing of it depends on the row. */
  private readonly isSettled: boolean
  private readonly known = new Map<string, Provenance>()
  private last: Provenance | null = null
  private lastKey = ''

  constructor(member: Member, facts: ImportFacts) {
    this.facts = facts
    this.member = member
    const given: readonly [string, string] =
      member.artifact !== null ? [member.artifact, member.source ?? ''] : splitArtifact(facts.artifact ?? '')
    const isBareLog = given[0] === '' && member.format === 'evtx'
    this.artifact = isBareLog ? 'Windows.EventLogs.Evtx' : given[0]
    this.source = given[1]
    this.memberHost = hostNameOf(member.host?.hostname) || hostNameOf(member.host?.fqdn)
    this.fileScope = scopeOfFile(member, facts, this.memberHost)
    this.fileName = nameOfFile(member, facts)
    this.needsIds = member.client_id === null || member.flow_id === null
    this.needsArtifact = this.artifact === ''
    this.isSettled = !this.needsIds && !this.needsArtifact && this.memberHost !== ''
  }

  of(row: Row): Provenance {
    if (this.last !== null && this.isSettled) return this.last
    const [client, flow] = this.needsIds ? this.idsOf(row) : [this.member.client_id ?? '', this.member.flow_id ?? '']
    const name = this.needsArtifact ? this.nameIn(row) : ''
    const host = this.memberHost === '' ? rowHost(row) : this.memberHost
    const key = `${client}\n${flow}\n${name}\n${host}`
    if (this.last === null || key !== this.lastKey) {
      this.last = this.known.get(key) ?? this.remember(key, this.make(plainClient(client), flow, name, host))
      this.lastKey = key
    }
    return this.last
  }

  private nameIn(row: Row): string {
    return (textOf(row, '_Source') || textOf(row, 'Artifact') || this.fileName).slice(0, 300)
  }

  private idsOf(row: Row): readonly [string, string] {
    return [
      this.member.client_id ?? matching(textOf(row, 'ClientId'), clientShape),
      this.member.flow_id ?? matching(textOf(row, 'FlowId'), flowShape),
    ]
  }

  private remember(key: string, provenance: Provenance): Provenance {
    if (this.known.size >= maxKnown) this.known.clear()
    this.known.set(key, provenance)
    return provenance
  }

  /** For rows whose flow has more of them than can be told apart in memory. */
  inFileScope(provenance: Provenance): Provenance {
    const key = `${provenance.host_key}\n${provenance.scope.key}`
    return this.known.get(key) ?? this.remember(key, { ...provenance, scope: this.fileScope })
  }

  private make(clientId: string, flowId: string, name: string, host: string): Provenance {
    const [artifact, source] = this.needsArtifact ? splitArtifact(name) : [this.artifact, this.source]
    const hostName = host || hostNameOf(this.facts.hostname)
    return {
      client_id: clientId,
      flow_id: flowId,
      hunt_id: this.member.hunt_id ?? huntOfFlow(flowId),
      artifact,
      artifact_source: source,
      host_key: hostKeyFrom(clientId, this.member.host?.host_id ?? null, hostName, this.facts.import_id),
      host_name: hostName,
      host_os: osOf(this.member.host?.os ?? null, this.member.format === 'evtx' ? 'Windows.' : artifact),
      scope: clientId !== '' && flowId !== '' ? flowScope(clientId, flowId, artifact, source) : this.fileScope,
    }
  }
}
