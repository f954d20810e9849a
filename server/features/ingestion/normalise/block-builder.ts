// Rows to blocks of the `events` table in RowBinary. Each row is put together as a string of bytes and written at once.
import type { Member, ReadRow } from '../reading.ts'
import { BlockFacts, type BlockMember, type HostSeen } from './block/block-facts.ts'
import { canonicalRow, fileRowId, flowRowDigest, flowRowId } from './identity/row-identity.ts'
import { Occurrences } from './identity/occurrences.ts'
import { ProvenanceReader, type ImportFacts, type Provenance } from './provenance.ts'
import { anyString, flatBytes, u16, u32, u64, uuidBytes, varint } from './block/row-bytes.ts'
import { RowEncoder } from './block/row-encoder.ts'
import { RowMapper } from './row-mapper.ts'
import { normaliserVersion } from './version.ts'

export type { BlockMember, HostSeen } from './block/block-facts.ts'
export type { ImportFacts } from './provenance.ts'

export interface Block {
  /** Alone in its ArrayBuffer, so it can be transferred. */
  bytes: Uint8Array<ArrayBuffer>
  rows: number
  members: BlockMember[]
  hosts: HostSeen[]
  /** Field names first seen in this import. */
  fields: { artifact: string; names: string[] }[]
}

const firstCapacity = 1 << 20
/** Id and import id stand before the batch. */
const batchOffset = 32
const joinedRaw = 4_096

export class BlockBuilder {
  /** Rows of scopes too large to tell their rows apart in memory: identified by file and row number instead. */
  scopeOverflow = 0
  /** Rows with more values than fields are made of: the rest stands in the field `_rest`. */
  restRows = 0
  private readonly facts: ImportFacts
  private readonly mapper: RowMapper
  private readonly encoder: RowEncoder
  private readonly occurrences: Occurrences
  private readonly blockFacts = new BlockFacts()
  private readonly importPart: string
  private readonly filePart: string
  private member: Member | null = null
  private reader: ProvenanceReader | null = null
  private memberPart = ''
  private buffer = Buffer.allocUnsafeSlow(firstCapacity)
  private used = 0
  private starts = new Uint32Array(1024)
  private rowCount = 0

  /** Throws RangeError when the time zone is unknown or the import id is no UUID. */
  constructor(facts: ImportFacts, occurrences = new Occurrences()) {
    this.facts = facts
    this.occurrences = occurrences
    this.mapper = new RowMapper(facts.time_zone)
    this.encoder = new RowEncoder(this.mapper, u64(facts.now.getTime()) + u16(normaliserVersion))
    this.importPart = uuidBytes(facts.import_id) + u32(0)
    this.filePart = anyString(facts.file_sha256) + anyString(facts.file_name)
  }

  get rows(): number {
    return this.rowCount
  }

  get bytes(): number {
    return this.used
  }

  startMember(member: Member): void {
    this.member = member
    this.reader = new ProvenanceReader(member, this.facts)
    this.memberPart = flatBytes(this.importPart + this.filePart + anyString(member.path))
    this.occurrences.reset()
  }

  add(row: ReadRow): void {
    if (this.reader === null || this.member === null) throw new Error('add before startMember')
    const value = row.value
    const keys = Object.keys(value)
    let provenance = this.reader.of(value)
    this.mapper.map(provenance, value, keys)
    let id = ''
    if (provenance.scope.kind === 'flow') id = this.flowId(row, keys, provenance)
    if (id === '') {
      if (provenance.scope.kind === 'flow') {
        this.scopeOverflow++
        provenance = this.reader.inFileScope(provenance)
      }
      id = fileRowId(provenance.scope, row.number)
    }
    if (this.mapper.flat.rest !== null) this.restRows++
    const before = this.memberPart + u64(row.number)
    this.write(id + before + this.encoder.encode(provenance, row), row)
    this.blockFacts.note(this.member.index, provenance, this.mapper)
    this.mapper.trim()
  }

  /** `batch`: 32 bits, stands in every row of the block. The builder goes on with an empty block. */
  take(batch: number): Block {
    const bytes = this.buffer.subarray(0, this.used)
    for (let i = 0; i < this.rowCount; i++) bytes.writeUInt32LE(batch, (this.starts[i] as number) + batchOffset)
    const block = { bytes: bytes as Uint8Array<ArrayBuffer>, rows: this.rowCount, ...this.blockFacts.take() }
    this.buffer = Buffer.allocUnsafeSlow(Math.max(firstCapacity, Math.ceil(this.used * 1.05)))
    this.used = 0
    this.rowCount = 0
    return block
  }

  /** '' when the scope has too many rows. */
  private flowId(row: ReadRow, keys: readonly string[], provenance: Provenance): string {
    const digest = flowRowDigest(provenance.scope, canonicalRow(row.value, keys, this.mapper.flat.hasExact))
    const occurrence = this.occurrences.next(digest)
    return occurrence < 0 ? '' : flowRowId(digest, occurrence)
  }

  /** A raw text that is long or must be encoded goes to the buffer by itself. */
  private write(rowBytes: string, { raw, isAscii }: ReadRow): void {
    const isJoined = isAscii && raw.length < joinedRaw
    const rawBytes = isAscii ? raw.length : Buffer.byteLength(raw)
    const head = isJoined ? rowBytes + varint(rawBytes) + raw : rowBytes + varint(rawBytes)
    const end = this.used + head.length + (isJoined ? 0 : rawBytes)
    if (end > this.buffer.length) this.growBuffer(end)
    this.noteStart()
    this.buffer.write(head, this.used, 'latin1')
    if (!isJoined) this.buffer.write(raw, this.used + head.length, 'utf8')
    this.used = end
  }

  private noteStart(): void {
    if (this.rowCount === this.starts.length) {
      const starts = new Uint32Array(2 * this.starts.length)
      starts.set(this.starts)
      this.starts = starts
    }
    this.starts[this.rowCount++] = this.used
  }

  private growBuffer(least: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.buffer.length, least))
    this.buffer.copy(larger, 0, 0, this.used)
    this.buffer = larger
  }
}
