// What one reading of one upload shares: the limits (counted on real bytes), the sink, the numbering of members, the signal.
import { hash } from 'node:crypto'
import type { ContainerKind } from '../../../../shared/contract/ingestion.ts'
import type { HostFacts, Member, ReadLimits, ReadOptions, Sink } from '../reading.ts'

/** A limit stopped one member, or (`isFinal`) all reading. */
export class LimitError extends Error {
  readonly isFinal: boolean
  constructor(message: string, isFinal = false) {
    super(message)
    this.name = 'LimitError'
    this.isFinal = isFinal
  }
}

/** Part of an upload is broken: said in a warning, the rest is read on. */
export class DamagedError extends Error {}

const warningsPerCode = 200
const breatheEveryMs = 12

export const unknownHost: HostFacts = {
  client_id: null,
  host_id: null,
  hostname: null,
  fqdn: null,
  os: null,
  os_version: null,
  architecture: null,
  ip_addresses: [],
  mac_addresses: [],
  users: [],
  labels: [],
  first_seen: null,
  last_seen: null,
}

export type MemberFacts = Omit<Member, 'index' | 'format'>

export class Session {
  readonly options: ReadOptions
  readonly limits: ReadLimits
  readonly sink: Sink
  members = 0
  membersIgnored = 0
  /** Of all members, rejected ones too. */
  rowsRead = 0
  kind: ContainerKind = 'unknown'
  /** For entries of a ZIP: the one given, or the one that a certificate's key opened. */
  password: string | null
  #totalBytes = 0
  #exhausted: LimitError | null = null
  #lastBreathMs = performance.now()
  #warned = new Map<string, number>()
  #lastHost = ''
  #paths = new Map<string, number>()

  constructor(options: ReadOptions, sink: Sink) {
    this.options = options
    this.limits = options.limits
    this.password = options.password
    this.sink = sink
  }

  check(): void {
    if (this.#exhausted !== null) throw this.#exhausted
    if (this.options.signal.aborted) throw this.options.signal.reason ?? new Error('Reading was stopped')
  }

  /** Checks the signal, and lets timers and messages run when the loop was busy for a while. */
  async breathe(): Promise<void> {
    this.check()
    if (performance.now() - this.#lastBreathMs < breatheEveryMs) return
    await new Promise((resolve) => setImmediate(resolve))
    this.#lastBreathMs = performance.now()
    this.check()
  }

  /** Counts inflated bytes over everything that is opened, also what is nested. */
  countBytes(bytes: number): void {
    this.#totalBytes += bytes
    if (this.#totalBytes > this.limits.maxTotalBytes)
      this.#exhausted ??= new LimitError(`More than ${this.limits.maxTotalBytes} bytes when unpacked: reading stopped here`, true)
    if (this.#exhausted !== null) throw this.#exhausted
  }

  async openMember(facts: MemberFacts, format: Member['format']): Promise<Member> {
    if (this.members >= this.limits.maxMembers) throw new LimitError(`More than ${this.limits.maxMembers} files with rows`, true)
    const member: Member = { index: this.members++, ...facts, path: this.#ownPath(cleanText(facts.path)), format }
    await this.sink.member(member)
    return member
  }

  /**
   * Rows are told apart by the path of their member, and one archive may name two of its files alike: the second is then
   * "name (2)". The order of an archive is fixed, so that each has the same name at the next reading.
   */
  #ownPath(path: string): string {
    const keyOf = (text: string): string => (text.length <= 64 ? text : hash('sha256', text, 'base64'))
    const key = keyOf(path)
    let times = this.#paths.get(key)
    if (times === undefined) {
      this.#paths.set(key, 1)
      return path
    }
    for (;;) {
      const next = `${path} (${++times})`
      this.#paths.set(key, times)
      const nextKey = keyOf(next)
      if (this.#paths.has(nextKey)) continue
      this.#paths.set(nextKey, 1)
      return next
    }
  }

  ignore(count = 1): void {
    this.membersIgnored += count
  }

  warn(code: string, message: string, member: string | null = null, count: number | null = null): void {
    const said = (this.#warned.get(code) ?? 0) + 1
    this.#warned.set(code, said)
    if (said <= warningsPerCode) this.sink.warn({ code, message, member: member === null ? null : cleanText(member), count })
  }

  /** The host given with the upload, for files that name none. */
  hostNamed(hostname: string | null): HostFacts | null {
    if (hostname === null) return null
    const facts: HostFacts = { ...unknownHost, hostname }
    this.host(facts)
    return facts
  }

  host(facts: HostFacts): void {
    const key = JSON.stringify(facts)
    if (this.#lastHost === key) return
    this.#lastHost = key
    this.sink.host(facts)
  }

  container(kind: ContainerKind): void {
    this.kind = kind
    this.sink.container(kind, { members: this.members, members_ignored: this.membersIgnored })
  }

  get hasWarned(): boolean {
    return this.#warned.size > 0
  }

  finishWarnings(): void {
    for (const [code, said] of this.#warned) {
      const more = said - warningsPerCode
      if (more > 0) this.sink.warn({ code, message: `${more} more warnings of this kind`, member: null, count: more })
    }
  }
}

/** Names come from hostile bytes: valid Unicode, without NUL (which a text column refuses), at most 4,096 characters. */
export function cleanText(text: string): string {
  const cut = text.length > 4096 ? `${text.slice(0, 4096)}...` : text
  return cut.toWellFormed().replaceAll('\0', '\uFFFD')
}
