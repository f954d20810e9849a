// What a block is about: the members, hosts and times in it, and the field names that the import had not shown before.
import type { FieldNode } from '../fields/field-tree.ts'
import type { RowTime } from '../fields/flattener.ts'
import type { Provenance } from '../provenance.ts'
import type { RowMapper } from '../row-mapper.ts'
import { slotOf } from '../typed/typed-row.ts'

export interface BlockMember {
  index: number
  /** Hex of 16 bytes: within it a row has one id however it came. */
  scope: string
  scope_kind: 'flow' | 'file'
  /** "A" or "A/Source"; "" when nothing tells. */
  artifact: string
  rows: number
  time_from: string | null
  time_to: string | null
}

export interface HostSeen {
  key: string
  host_name: string
  client_id: string | null
  os: string | null
  users: string[]
  time_from: string | null
  time_to: string | null
}

/** Beyond these a hostile import would fill the memory. */
const maxUsers = 1_000
const maxNames = 5_000
const maxNamesInAll = 50_000
const maxNameLength = 500

const userName = slotOf('user_name')

class Span {
  from: RowTime | null = null
  to: RowTime | null = null

  add(time: RowTime | null): void {
    if (time === null) return
    if (this.from === null || isBefore(time, this.from)) this.from = time
    if (this.to === null || isBefore(this.to, time)) this.to = time
  }

  get ends(): { time_from: string | null; time_to: string | null } {
    return { time_from: rfc3339(this.from), time_to: rfc3339(this.to) }
  }
}

const isBefore = (a: RowTime, b: RowTime): boolean => a.seconds < b.seconds || (a.seconds === b.seconds && a.micros < b.micros)

/** With microseconds, in UTC. */
export const rfc3339 = (time: { seconds: number; micros: number } | null): string | null =>
  time === null ? null : `${new Date(time.seconds * 1000).toISOString().slice(0, 19)}.${String(time.micros).padStart(6, '0')}Z`

interface Entry {
  index: number
  provenance: Provenance
  rows: number
  span: Span
  host: HostEntry | null
}
interface HostEntry {
  provenance: Provenance
  users: Set<string>
  span: Span
}

export class BlockFacts {
  private readonly entries = new Map<string, Entry>()
  private readonly hosts = new Map<string, HostEntry>()
  private readonly names = new Map<string, Set<string>>()
  private nameCount = 0
  private newNames = new Map<string, string[]>()
  private last: Entry | null = null

  note(index: number, provenance: Provenance, mapper: RowMapper): void {
    const entry = this.entryFor(index, provenance)
    const time = mapper.flat.mainTime
    entry.rows++
    entry.span.add(time)
    const host = entry.host
    if (host !== null) {
      host.span.add(time)
      const user = mapper.typed.values[userName]
      if (typeof user === 'string' && user !== '' && host.users.size < maxUsers) host.users.add(user)
    }
    const { nodes, fieldCount } = mapper.flat
    for (let i = 0; i < fieldCount; i++) {
      const node = nodes[i] as FieldNode
      if (!node.isReported) this.noteName(provenance.artifact, node)
    }
  }

  take(): { members: BlockMember[]; hosts: HostSeen[]; fields: { artifact: string; names: string[] }[] } {
    const members = [...this.entries.values()].map(({ index, provenance, rows, span }) => ({
      index,
      scope: provenance.scope.key,
      scope_kind: provenance.scope.kind,
      artifact: provenance.artifact_source === '' ? provenance.artifact : `${provenance.artifact}/${provenance.artifact_source}`,
      rows,
      ...span.ends,
    }))
    const hosts = [...this.hosts.entries()].map(([key, { provenance, users, span }]) => ({
      key,
      host_name: provenance.host_name,
      client_id: provenance.client_id || null,
      os: provenance.host_os || null,
      users: [...users],
      ...span.ends,
    }))
    const fields = [...this.newNames].map(([artifact, names]) => ({ artifact, names }))
    this.entries.clear()
    this.hosts.clear()
    this.newNames = new Map()
    this.last = null
    return { members, hosts, fields }
  }

  private entryFor(index: number, provenance: Provenance): Entry {
    if (this.last !== null && this.last.provenance === provenance && this.last.index === index) return this.last
    const key = `${index}\n${provenance.scope.key}\n${provenance.host_key}\n${provenance.artifact}\n${provenance.artifact_source}`
    let entry = this.entries.get(key)
    if (entry === undefined) {
      entry = { index, provenance, rows: 0, span: new Span(), host: this.hostFor(provenance) }
      this.entries.set(key, entry)
    }
    this.last = entry
    return entry
  }

  private hostFor(provenance: Provenance): HostEntry | null {
    if (provenance.host_key === '') return null
    let host = this.hosts.get(provenance.host_key)
    if (host === undefined) {
      host = { provenance, users: new Set(), span: new Span() }
      this.hosts.set(provenance.host_key, host)
    }
    return host
  }

  private noteName(artifact: string, node: FieldNode): void {
    node.isReported = true
    if (this.nameCount >= maxNamesInAll || node.path.length > maxNameLength) return
    let names = this.names.get(artifact)
    if (names === undefined) {
      names = new Set()
      this.names.set(artifact, names)
    }
    if (names.has(node.path) || names.size >= maxNames) return
    names.add(node.path)
    this.nameCount++
    const fresh = this.newNames.get(artifact)
    if (fresh === undefined) this.newNames.set(artifact, [node.path])
    else fresh.push(node.path)
  }
}
