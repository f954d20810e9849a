// Reads an upload into memory and counts honestly: for tests of the readers.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readUpload } from '../../../server/features/ingestion/container/read-upload.ts'
import {
  readLimits,
  type HostFacts,
  type Member,
  type ReadLimits,
  type ReadOptions,
  type ReadRow,
  type Rejected,
} from '../../../server/features/ingestion/reading.ts'

export interface Collected {
  kind: string
  members: { member: Member; rows: ReadRow[]; count: number }[]
  membersIgnored: number
  rows: number
  rejects: Rejected[]
  warnings: { code: string; message: string; member: string | null; count: number | null }[]
  hosts: HostFacts[]
  error: Error | null
  /** Files left behind in the temporary folder. */
  leftovers: string[]
}

export type CollectOptions = Partial<Omit<ReadOptions, 'limits'>> & { limits?: Partial<ReadLimits>; keepRows?: boolean }

export async function collectFile(path: string, options: CollectOptions = {}): Promise<Collected> {
  const { limits, keepRows = true, ...given } = options
  const tempDir = mkdtempSync(join(tmpdir(), 'reader-'))
  const found: Collected = {
    kind: 'unknown',
    members: [],
    membersIgnored: 0,
    rows: 0,
    rejects: [],
    warnings: [],
    hosts: [],
    error: null,
    leftovers: [],
  }
  const plain = { name: path, hostname: null, artifact: null, time_zone: null, password: null, private_key: null, tempDir }
  const readOptions: ReadOptions = { ...plain, signal: new AbortController().signal, ...given, limits: { ...readLimits, ...limits } }
  try {
    await readUpload(path, readOptions, {
      container: (kind, facts) => {
        found.kind = kind
        found.membersIgnored = facts.members_ignored
      },
      member: (member) => void found.members.push({ member, rows: [], count: 0 }),
      rows: (member, rows) => {
        const at = found.members[member.index]
        if (at === undefined || at.member !== member) throw new Error('rows before their member')
        found.rows += rows.length
        at.count += rows.length
        if (keepRows) for (const row of rows) at.rows.push(row)
      },
      reject: (_member, rejected) => void found.rejects.push(rejected),
      warn: (warning) => void found.warnings.push(warning),
      host: (facts) => void found.hosts.push(facts),
      progress: () => {},
    })
  } catch (error) {
    found.error = error as Error
  }
  found.leftovers = readdirSync(tempDir)
  rmSync(tempDir, { recursive: true, force: true })
  return found
}

export async function collectBytes(bytes: Buffer | string, options: CollectOptions = {}): Promise<Collected> {
  const folder = mkdtempSync(join(tmpdir(), 'upload-'))
  const path = join(folder, 'upload')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, bytes)
  try {
    return await collectFile(path, { name: 'upload', ...options })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
