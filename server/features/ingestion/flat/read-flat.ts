// Any upload to flat rows without a store: what the store would keep of each, for whoever only wants to look.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { readUpload } from '../container/read-upload.ts'
import { ProvenanceReader } from '../normalise/provenance.ts'
import { RowMapper } from '../normalise/row-mapper.ts'
import { slotOf } from '../normalise/typed/typed-row.ts'
import { type Member, readLimits, type ReadRow } from '../reading.ts'

export interface FlatRow {
  /** Path inside the file; '' for a bare one. */
  member: string
  /** From 0 within its member, rejected rows counted too. */
  number: number
  /** From 0, where a line of the file is a row; else `number`. */
  line: number
  artifact: string
  artifact_source: string
  channel: string
  event_code: string
  provider: string
  os: string
  host_key: string
  /** Microseconds since 1970; null where the row has no time. */
  time: number | null
  fields: ReadonlyMap<string, readonly string[]>
}

export interface FlatReading {
  rows: number
  rejected: number
  /** What was not read, in sentences. */
  warnings: readonly string[]
}

const slots = { channel: slotOf('winlog_channel'), code: slotOf('event_code'), provider: slotOf('event_provider') }

class Flat {
  reading = { rows: 0, rejected: 0, warnings: [] as string[] }
  private readonly mapper = new RowMapper(null)
  private reader: ProvenanceReader | null = null
  private member: Member | null = null
  private readonly name: string
  private readonly onRow: (row: FlatRow) => void

  constructor(name: string, onRow: (row: FlatRow) => void) {
    this.name = name
    this.onRow = onRow
  }

  take(member: Member, rows: readonly ReadRow[]): void {
    if (this.member !== member || this.reader === null) {
      this.member = member
      const nothing = { import_id: '', file_sha256: '', hostname: null, artifact: null, time_zone: null, now: new Date(0) }
      this.reader = new ProvenanceReader(member, { ...nothing, file_name: this.name })
    }
    for (const row of rows) this.onRow(this.flatOf(member, this.reader, row))
    this.reading.rows += rows.length
  }

  private flatOf(member: Member, reader: ProvenanceReader, row: ReadRow): FlatRow {
    const { artifact, artifact_source, host_os, host_key } = this.map(reader, row)
    const { flat, typed } = this.mapper
    const at = flat.mainTime
    const text = (slot: number): string => String(typed.values[slot] ?? '')
    const flatRow = {
      member: member.path,
      number: row.number,
      line: row.line ?? row.number,
      artifact,
      artifact_source,
      os: host_os,
      host_key,
      channel: text(slots.channel),
      event_code: text(slots.code),
      provider: text(slots.provider),
      time: at === null ? null : at.seconds * 1e6 + at.micros,
      fields: this.fields(),
    }
    this.mapper.trim()
    return flatRow
  }

  private map(reader: ProvenanceReader, row: ReadRow): ReturnType<ProvenanceReader['of']> {
    const provenance = reader.of(row.value)
    this.mapper.map(provenance, row.value, Object.keys(row.value))
    return provenance
  }

  private fields(): Map<string, readonly string[]> {
    const { flat } = this.mapper
    const fields = new Map<string, readonly string[]>()
    for (let i = 0; i < flat.fieldCount; i++) {
      const [value, further] = [flat.values[i], flat.furtherValues[i]]
      const values = typeof value !== 'string' ? [] : further === null || further === undefined ? [value] : [value, ...further]
      fields.set(flat.nodes[i]?.path ?? '', values)
    }
    if (flat.rest !== null) fields.set('_rest', [flat.rest])
    return fields
  }
}

/**
 * Reads the file at `path` row by row. Needs no store and keeps nothing.
 * @throws LockedError, UnreadableError as `readUpload` does
 */
export const readFlatRows = async (path: string, onRow: (row: FlatRow) => void, signal: AbortSignal): Promise<FlatReading> => {
  const tempDir = mkdtempSync(join(tmpdir(), 'vc-flat-'))
  const flat = new Flat(basename(path), onRow)
  const options = { name: basename(path), hostname: null, artifact: null, time_zone: null, password: null, private_key: null, tempDir }
  try {
    await readUpload(
      path,
      { ...options, limits: readLimits, signal },
      {
        container: () => undefined,
        member: () => undefined,
        rows: (member, rows) => flat.take(member, rows),
        reject: () => void flat.reading.rejected++,
        warn: ({ message, member }) =>
          void flat.reading.warnings.push(member === null || member === '' ? message : `${member}: ${message}`),
        host: () => undefined,
        progress: () => undefined,
      },
    )
  } finally {
    rmSync(tempDir, { recursive: true, force: true })
  }
  return flat.reading
}
