// ZIP files for tests, plain or with WinZip AES-256 as an offline collector writes them.
import { createCipheriv, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { crc32, deflateRawSync } from 'node:zlib'

interface Entry {
  name: Buffer
  method: number
  flags: number
  crc: number
  data: Buffer
  size: number
  extra: Buffer
}

/** Counter mode with a little-endian counter from 1, which OpenSSL does not have. */
const aesCtr = (key: Buffer, data: Buffer): Buffer => {
  const blocks = Math.ceil(data.length / 16)
  const counters = Buffer.alloc(blocks * 16)
  for (let i = 0; i < blocks; i++) counters.writeUInt32LE(i + 1, i * 16)
  const cipher = createCipheriv('aes-256-ecb', key, null)
  cipher.setAutoPadding(false)
  const stream = Buffer.concat([cipher.update(counters), cipher.final()])
  return Buffer.from(data.map((byte, i) => byte ^ (stream[i] ?? 0)))
}

const encrypted = (packed: Buffer, password: string): Buffer => {
  const salt = randomBytes(16)
  const keys = pbkdf2Sync(password, salt, 1000, 66, 'sha1')
  const data = aesCtr(keys.subarray(0, 32), packed)
  const mac = createHmac('sha1', keys.subarray(32, 64)).update(data).digest().subarray(0, 10)
  return Buffer.concat([salt, keys.subarray(64, 66), data, mac])
}

const entryOf = (name: string, content: Buffer, password: string | undefined): Entry => {
  const packed = deflateRawSync(content)
  const head = { name: Buffer.from(name), size: content.length }
  if (password === undefined) return { ...head, method: 8, flags: 0x800, crc: crc32(content), data: packed, extra: Buffer.alloc(0) }
  const extra = Buffer.from([0x01, 0x99, 7, 0, 2, 0, 0x41, 0x45, 3, 8, 0])
  return { ...head, method: 99, flags: 0x801, crc: 0, data: encrypted(packed, password), extra }
}

const shared = (e: Entry): Buffer => {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(51, 0)
  fields.writeUInt16LE(e.flags, 2)
  fields.writeUInt16LE(e.method, 4)
  fields.writeUInt32LE(e.crc, 10)
  fields.writeUInt32LE(e.data.length, 14)
  fields.writeUInt32LE(e.size, 18)
  fields.writeUInt16LE(e.name.length, 22)
  fields.writeUInt16LE(e.extra.length, 24)
  return fields
}

export const zipOf = (files: Record<string, string | Buffer>, o: { password?: string } = {}): Buffer => {
  const entries = Object.entries(files).map(([name, content]) => entryOf(name, Buffer.from(content as string), o.password))
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const e of entries) {
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared(e), e.name, e.extra, e.data])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([51, 0]), shared(e), rest, e.name, e.extra]))
    parts.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, directory, end])
}
