// Builds ZIPs byte by byte, with every lie that a header can tell. Deterministic: no times, no randomness but what is given.
import { createCipheriv, createHmac, pbkdf2Sync } from 'node:crypto'
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipPart {
  name: string | Buffer
  data: Buffer | string
  /** 0 stored, 8 deflated (default). */
  method?: 0 | 8
  /** Sizes in the data descriptor, zeros in the local header, as streaming writers do. */
  isStreamed?: boolean
  /** Sizes in the 64-bit extra field. */
  isZip64?: boolean
  password?: string
  /** AES key strength 1 to 3 with a password; 0: the old PKZIP cipher. */
  strength?: 0 | 1 | 2 | 3
  isAe1?: boolean
  // Lies
  localName?: string
  localMethod?: number
  declaredBytes?: number
  storedBytes?: number
  localDeclaredBytes?: number
  crc?: number
  attributes?: number
  centralMethod?: number
  extra?: Buffer
  flags?: number
  /** Its local header is the one of the part with this index: bombs overlap so. */
  sharesWith?: number
  /** Bytes of the packed data are changed after packing. */
  damage?: (packed: Buffer) => Buffer
}

export interface ZipShape {
  before?: Buffer
  after?: Buffer
  count?: number
  comment?: string
  offsetShift?: number
}

interface Packed {
  name: Buffer
  plain: Buffer
  packed: Buffer
  method: number
  flags: number
  crc: number
  extra: Buffer
}

export function sealAes(plain: Buffer, password: string, strength: 1 | 2 | 3): Buffer {
  const keyBytes = 8 + strength * 8
  const salt = Buffer.alloc(keyBytes / 2, 0x5a)
  const keys = pbkdf2Sync(password, salt, 1000, keyBytes * 2 + 2, 'sha1')
  const cipher = createCipheriv(`aes-${keyBytes * 8}-ecb`, keys.subarray(0, keyBytes), null).setAutoPadding(false)
  const sealed = Buffer.from(plain)
  for (let at = 0, counter = 1; at < sealed.length; at += 16, counter++) {
    const block = Buffer.alloc(16)
    block.writeUInt32LE(counter)
    const stream = cipher.update(block)
    for (let index = 0; index < 16 && at + index < sealed.length; index++)
      sealed[at + index] = (sealed[at + index] ?? 0) ^ (stream[index] ?? 0)
  }
  const mac = createHmac('sha1', keys.subarray(keyBytes, keyBytes * 2))
    .update(sealed)
    .digest()
    .subarray(0, 10)
  return Buffer.concat([salt, keys.subarray(keyBytes * 2), sealed, mac])
}

/** The PKZIP cipher written down once more, from its definition, so that the reader is not tested against itself. */
export function sealPkzip(plain: Buffer, password: string, check: number): Buffer {
  let [a, b, c] = [0x12345678n, 0x23456789n, 0x34567890n]
  const step = (crc: bigint, byte: number): bigint => {
    let value = (crc ^ BigInt(byte)) & 0xffn
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0xedb88320n : value >> 1n
    return value ^ (crc >> 8n)
  }
  const update = (byte: number): void => {
    a = step(a, byte)
    b = ((b + (a & 0xffn)) * 134_775_813n + 1n) & 0xffff_ffffn
    c = step(c, Number(b >> 24n))
  }
  for (const byte of Buffer.from(password)) update(byte)
  const sealed = Buffer.concat([Buffer.alloc(11, 7), Buffer.from([check]), plain])
  return Buffer.from(
    sealed.map((byte) => {
      const key = (c | 2n) & 0xffffn
      const mask = Number(((key * (key ^ 1n)) >> 8n) & 0xffn)
      update(byte)
      return byte ^ mask
    }),
  )
}

function pack(part: ZipPart): Packed {
  const plain = Buffer.from(part.data)
  const method = part.method ?? 8
  const deflated = method === 8 ? deflateRawSync(plain) : plain
  const crc = part.crc ?? crc32(plain)
  const flags = (part.flags ?? 0) | (part.isStreamed === true ? 8 : 0) | (part.password === undefined ? 0 : 1)
  const open: Packed = { name: Buffer.from(part.name), plain, packed: deflated, method, flags, crc, extra: part.extra ?? Buffer.alloc(0) }
  const sealed = part.password === undefined ? open : seal(open, part, part.password)
  return { ...sealed, packed: part.damage?.(sealed.packed) ?? sealed.packed }
}

function seal(open: Packed, part: ZipPart, password: string): Packed {
  if (part.strength === 0) return { ...open, packed: sealPkzip(open.packed, password, open.crc >>> 24) }
  const strength = part.strength ?? 3
  const version = part.isAe1 === true ? 1 : 2
  const extra = Buffer.from([1, 0x99, 7, 0, version, 0, 0x41, 0x45, strength, open.method, 0])
  return { ...open, packed: sealAes(open.packed, password, strength), method: 99, crc: version === 1 ? open.crc : 0, extra }
}

function zip64Extra(sizes: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + sizes.length * 8)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(sizes.length * 8, 2)
  sizes.forEach((size, at) => extra.writeBigUInt64LE(BigInt(size), 4 + at * 8))
  return extra
}

function localHeader(part: ZipPart, packed: Packed): Buffer {
  const declared = part.localDeclaredBytes ?? part.declaredBytes ?? packed.plain.length
  const stored = part.storedBytes ?? packed.packed.length
  const extra = part.isZip64 === true ? zip64Extra([declared, stored]) : packed.extra
  const name = part.localName === undefined ? packed.name : Buffer.from(part.localName)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(packed.flags, 6)
  header.writeUInt16LE(part.localMethod ?? packed.method, 8)
  const isHidden = part.isStreamed === true
  header.writeUInt32LE(isHidden ? 0 : packed.crc, 14)
  header.writeUInt32LE(part.isZip64 === true ? 0xffff_ffff : isHidden ? 0 : stored, 18)
  header.writeUInt32LE(part.isZip64 === true ? 0xffff_ffff : isHidden ? 0 : declared, 22)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return Buffer.concat([header, name, extra])
}

function centralHeader(part: ZipPart, packed: Packed, offset: number): Buffer {
  const declared = part.declaredBytes ?? packed.plain.length
  const stored = part.storedBytes ?? packed.packed.length
  const isBig = part.isZip64 === true
  const extra = isBig ? zip64Extra([declared, stored, offset]) : packed.extra
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(0x0314, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(packed.flags, 8)
  header.writeUInt16LE(part.centralMethod ?? packed.method, 10)
  header.writeUInt32LE(packed.crc, 16)
  header.writeUInt32LE(isBig ? 0xffff_ffff : stored, 20)
  header.writeUInt32LE(isBig ? 0xffff_ffff : declared, 24)
  header.writeUInt16LE(packed.name.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(part.attributes ?? 0, 38)
  header.writeUInt32LE(isBig ? 0xffff_ffff : offset, 42)
  return Buffer.concat([header, packed.name, extra])
}

/** What streaming writers put behind the data. */
function descriptorOf(part: ZipPart, packed: Packed): Buffer {
  if (part.isStreamed !== true) return Buffer.alloc(0)
  const descriptor = Buffer.alloc(16)
  descriptor.writeUInt32LE(0x08074b50, 0)
  descriptor.writeUInt32LE(packed.crc, 4)
  descriptor.writeUInt32LE(packed.packed.length, 8)
  descriptor.writeUInt32LE(packed.plain.length, 12)
  return descriptor
}

function endRecord(count: number, directoryBytes: number, offset: number, comment: Buffer): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(directoryBytes, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([end, comment])
}

export function buildZip(parts: readonly ZipPart[], shape: ZipShape = {}): Buffer {
  const bodies: Buffer[] = []
  const centrals: Buffer[] = []
  const offsets: number[] = []
  let offset = shape.offsetShift ?? 0
  for (const part of parts) {
    const packed = pack(part)
    const shared = part.sharesWith === undefined ? undefined : offsets[part.sharesWith]
    offsets.push(shared ?? offset)
    centrals.push(centralHeader(part, packed, shared ?? offset))
    if (shared !== undefined) continue
    const body = Buffer.concat([localHeader(part, packed), packed.packed, descriptorOf(part, packed)])
    bodies.push(body)
    offset += body.length
  }
  const directory = Buffer.concat(centrals)
  const end = endRecord(shape.count ?? parts.length, directory.length, offset, Buffer.from(shape.comment ?? ''))
  return Buffer.concat([shape.before ?? Buffer.alloc(0), ...bodies, directory, end, shape.after ?? Buffer.alloc(0)])
}
