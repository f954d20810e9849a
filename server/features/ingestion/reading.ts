// What the readers (container/) hand to the normaliser (normalise/): the only words the two share.
import { randomBytes } from 'node:crypto'
import type { ContainerKind } from '../../../shared/contract/ingestion.ts'

/** Begins the string that stands for an exact number where only a string can. No file can hold it: it is drawn by this process. */
export const exactMark = `~${randomBytes(16).toString('hex')}~`
const markedNumber = new RegExp(`"${exactMark}([^"]+)"`, 'g')

/** A JSON number whose digits a double would lose (64-bit integers, long fractions): kept as it was written. */
export class ExactNumber {
  readonly digits: string
  constructor(digits: string) {
    this.digits = digits
  }
  toJSON(): string {
    return exactMark + this.digits
  }
}

export type Json = null | boolean | number | string | ExactNumber | readonly Json[] | { readonly [key: string]: Json }
export type Row = { readonly [key: string]: Json }

/** JSON text of a value, ExactNumbers as the digits they were written with. */
export const jsonText = (value: Json): string => JSON.stringify(value).replace(markedNumber, '$1')

/** What an export says of the host its rows came from. Every part may be missing. */
export interface HostFacts {
  client_id: string | null
  host_id: string | null // the machine's own id (info().HostID), for offline collections
  hostname: string | null
  fqdn: string | null
  os: string | null // windows, linux, macos where known, else as given
  os_version: string | null
  architecture: string | null
  ip_addresses: readonly string[]
  mac_addresses: readonly string[]
  users: readonly string[]
  labels: readonly string[]
  first_seen: string | null // RFC 3339
  last_seen: string | null
}

/** One file with rows, inside an upload or alone. */
export interface Member {
  /** Counted from 0 over the whole upload, in the order of reading. */
  index: number
  /** Path inside the upload; '' for a bare file; `outer!inner` through a nested container. */
  path: string
  /** Where an uploaded file (an event log) stood on its host, when the export says so. */
  original_path?: string | null
  format: 'jsonl' | 'json' | 'csv' | 'evtx'
  /** As the file or its path says; null when it does not. `source` without the artifact. */
  artifact: string | null
  source: string | null
  client_id: string | null
  flow_id: string | null
  hunt_id: string | null
  host: HostFacts | null
}

export interface ReadRow {
  /** From 0 within its member, rejected rows counted too. */
  number: number
  /** From 0, the line on which it stands, where a line is a row: lines that hold nothing are counted here and not in `number`. */
  line?: number
  /** The row as it stood in the file (EVTX: the record as JSON in Velociraptor's shape). Always valid Unicode. */
  raw: string
  value: Row
  /** Every character of `raw` is below U+0080 and it holds no \u escape: lets the block writer skip encoding. */
  isAscii: boolean
}

export interface Rejected {
  member: string
  artifact: string | null
  row_number: number | null
  reason: string
  /** At most 64 KiB of it; bytes that are no UTF-8 as U+FFFD. */
  raw: string
  raw_bytes: number
}

/** Where a reader puts what it finds. A returned promise is backpressure: the reader waits for it. */
export interface Sink {
  container: (kind: ContainerKind, facts: { members: number; members_ignored: number }) => void
  /** Called before the first row of a member, also for a member that turns out to have none. */
  member: (member: Member) => void | Promise<void>
  rows: (member: Member, rows: readonly ReadRow[]) => void | Promise<void>
  /** One row read and not understood: counts in rows_read and rows_rejected. */
  reject: (member: Member | null, rejected: Rejected) => void | Promise<void>
  warn: (warning: { code: string; message: string; member: string | null; count: number | null }) => void
  /** Facts of a host found outside rows (client_info.json, an offline collector's info). */
  host: (facts: HostFacts) => void
  /** Bytes of the upload (as stored, compressed) consumed so far and in all. */
  progress: (bytesRead: number, bytesTotal: number) => void
}

export interface ReadOptions {
  /** The name it was uploaded under: a hint only, content decides. */
  name: string
  hostname: string | null
  artifact: string | null
  time_zone: string | null
  password: string | null
  private_key: string | null
  /** A private folder for files that must be decrypted before they can be read; the reader empties it. */
  tempDir: string
  limits: ReadLimits
  signal: AbortSignal
}

export interface ReadLimits {
  maxMembers: number
  maxMemberBytes: number // real, inflated
  maxTotalBytes: number
  maxRatio: number // inflated : stored, of a member over 1 MiB
  maxNesting: number
  maxRowBytes: number // a longer line or cell is rejected
  maxColumns: number
  maxDepth: number // of JSON
}

export const readLimits: ReadLimits = {
  maxMembers: 100_000,
  maxMemberBytes: 200_000_000_000,
  maxTotalBytes: 1_000_000_000_000,
  maxRatio: 200,
  maxNesting: 3,
  maxRowBytes: 16 * 1024 * 1024,
  maxColumns: 10_000,
  maxDepth: 64,
}

/** The upload cannot be read until someone gives `needs`; or the one that was given does not fit (`wrong`). */
export class LockedError extends Error {
  readonly needs: 'password' | 'private_key'
  readonly wrong: boolean
  constructor(needs: 'password' | 'private_key', wrong: boolean, message: string) {
    super(message)
    this.name = 'LockedError'
    this.needs = needs
    this.wrong = wrong
  }
}

/** The upload as a whole cannot be read; the message is for the user and says what to do. */
export class UnreadableError extends Error {}
