// Reads a block back, for tests: written against the table of columns, knowing nothing of the writer.
import { columns, noTimeMicros } from '../../../events/columns.data.ts'
import type { HostFacts, Json, Member, ReadRow, Row } from '../reading.ts'
import type { ImportFacts } from './block-builder.ts'
import type { NormalValue } from './normalise-row.ts'

class Reader {
  at = 0
  private readonly bytes: Buffer

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get isDone(): boolean {
    return this.at === this.bytes.length
  }

  take(size: number): Buffer {
    if (this.at + size > this.bytes.length) throw new Error(`block ends ${this.at + size - this.bytes.length} bytes early`)
    this.at += size
    return this.bytes.subarray(this.at - size, this.at)
  }

  varint(): number {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = this.take(1)[0] as number
      value += (byte & 127) * shift
      if (byte < 128) return value
    }
  }

  string(): string {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.take(this.varint()))
  }

  list<T>(one: () => T): T[] {
    return Array.from({ length: this.varint() }, one)
  }

  uint(size: number): number | string {
    const value = size === 8 ? this.take(8).readBigUInt64LE() : BigInt(this.take(size).readUIntLE(0, size))
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString()
  }

  time(): string | null {
    const micros = this.take(8).readBigInt64LE()
    if (micros === BigInt(noTimeMicros)) return null
    const seconds = micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n)
    return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${String(micros - seconds * 1_000_000n).padStart(6, '0')}Z`
  }

  uuid(): string {
    const halves = [this.take(8), this.take(8)].map((half) => half.readBigUInt64LE().toString(16).padStart(16, '0')).join('')
    return halves.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }
}

const readers: Readonly<Record<string, (r: Reader) => NormalValue>> = {
  id: (r) => r.take(16).toString('hex'),
  uuid: (r) => r.uuid(),
  lc: (r) => r.string(),
  text: (r) => r.string(),
  u16: (r) => r.uint(2),
  u32: (r) => r.uint(4),
  u64: (r) => r.uint(8),
  n_u16: (r) => (r.take(1)[0] === 1 ? null : r.uint(2)),
  n_u32: (r) => (r.take(1)[0] === 1 ? null : r.uint(4)),
  n_u64: (r) => (r.take(1)[0] === 1 ? null : r.uint(8)),
  time: (r) => r.time(),
  ms: (r) => new Date(Number(r.take(8).readBigInt64LE())).toISOString(),
  times_names: (r) => r.list(() => r.string()),
  times_at: (r) => r.list(() => r.time() as string),
  map: (r) => new Map(r.list(() => [r.string(), r.list(() => r.string())] as const)),
}

export const decodeBlock = (bytes: Uint8Array): Record<string, NormalValue>[] => {
  const reader = new Reader(bytes)
  const rows: Record<string, NormalValue>[] = []
  while (!reader.isDone)
    rows.push(Object.fromEntries(columns.map(({ name, type }) => [name, (readers[type] as (r: Reader) => NormalValue)(reader)])))
  return rows
}

export const facts: ImportFacts = {
  import_id: '0191a8c2-5b7e-7d3f-8a61-1234567890ab',
  file_sha256: 'ab'.repeat(32),
  file_name: 'Collection-HOST1.zip',
  hostname: null,
  artifact: null,
  time_zone: null,
  now: new Date('2026-01-02T03:04:05.678Z'),
}

export const hostFacts: HostFacts = {
  client_id: 'C.0123456789abcdef',
  host_id: null,
  hostname: 'HOST1',
  fqdn: 'host1.example.test',
  os: 'windows',
  os_version: null,
  architecture: null,
  ip_addresses: [],
  mac_addresses: [],
  users: [],
  labels: [],
  first_seen: null,
  last_seen: null,
}

export const memberOf = (artifact: string | null, more: Partial<Member> = {}): Member => ({
  index: 0,
  path: 'results/A.json',
  format: 'jsonl',
  artifact: artifact === null ? null : (artifact.split('/')[0] as string),
  source: artifact?.split('/')[1] ?? null,
  client_id: 'C.0123456789abcdef',
  flow_id: 'F.ABCDEF0123456',
  hunt_id: null,
  host: hostFacts,
  ...more,
})

/** A member of which nothing is known. */
export const bareMember = (more: Partial<Member> = {}): Member =>
  memberOf(null, { path: '', client_id: null, flow_id: null, host: null, ...more })

const isPlainAscii = (raw: string): boolean => !/[\u0080-\uffff]/.test(raw) && !raw.includes('\\u')

export const rowOf = (value: Row, number = 0, raw = JSON.stringify(value)): ReadRow => ({ number, raw, value, isAscii: isPlainAscii(raw) })
export const rowFrom = (raw: string, number = 0): ReadRow => rowOf(JSON.parse(raw) as Row, number, raw)

export const fieldsIn = (row: Readonly<Record<string, NormalValue>>): ReadonlyMap<string, readonly string[]> =>
  row.fields as ReadonlyMap<string, readonly string[]>

export type { Json }
