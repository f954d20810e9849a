// One entry of a ZIP as a stream of its real bytes: local header compared, decrypted, inflated, counted against every limit.
import { crc32 } from 'node:zlib'
import { LockedError } from '../../reading.ts'
import type { ByteFile } from '../bytes/byte-file.ts'
import { inflateRaw, inflateSmall } from '../bytes/inflate.ts'
import { DamagedError, LimitError, type Session } from '../session.ts'
import { aesKeys, decryptAes, macFits, type AesKeys } from './aes.ts'
import type { ZipEntry } from './directory.ts'
import { decryptZipCrypto, ZipCrypto } from './zip-crypto.ts'

const localMagic = 0x04034b50
const ratioAboveBytes = 1_048_576
const smallBytes = 65_536

export const isEncrypted = (entry: ZipEntry) => (entry.flags & 1) === 1

/** Throws DamagedError where the local header tells another story than the directory. */
function compareHeaders(header: Buffer, entry: ZipEntry): void {
  const flags = header.readUInt16LE(6)
  if (header.readUInt16LE(8) !== entry.method || ((flags ^ entry.flags) & 1) !== 0)
    throw new DamagedError('Its kind of compression or encryption in the directory and at the data differ')
  const sizes = [header.readUInt32LE(18), header.readUInt32LE(22)] as const
  const isTold = (flags & 8) === 0 && !sizes.includes(0xffff_ffff)
  if (isTold && (sizes[0] !== entry.storedBytes || sizes[1] !== entry.declaredBytes))
    throw new DamagedError('Its size in the directory and at the data differ')
}

/** Where the entry's data begins. */
async function dataStart(file: ByteFile, entry: ZipEntry): Promise<number> {
  if (entry.fault !== null) throw new DamagedError(`It cannot be read: ${entry.fault}`)
  const header = await file.read(entry.offset, 30)
  if (header.length < 30 || header.readUInt32LE(0) !== localMagic) throw new DamagedError('No file begins where the directory says')
  const nameBytes = header.readUInt16LE(26)
  const name = await file.read(entry.offset + 30, Math.min(nameBytes, entry.rawName.length + 1))
  if (!name.equals(entry.rawName)) throw new DamagedError('Its name in the directory and at the data differ')
  compareHeaders(header, entry)
  const start = entry.offset + 30 + nameBytes + header.readUInt16LE(28)
  if (start + entry.storedBytes > file.size) throw new DamagedError('It is cut off: the ZIP ends inside it')
  return start
}

interface Plain {
  source: AsyncIterable<Buffer>
  storedBytes: number
  method: number
}

function needPassword(session: Session): string {
  const { password } = session
  if (password === null) throw new LockedError('password', false, 'This ZIP is encrypted: give its password to import it.')
  return password
}

const wrongPassword = () => new LockedError('password', true, 'This password does not open the ZIP.')

async function unlockAes(session: Session, file: ByteFile, entry: ZipEntry, start: number): Promise<AesKeys> {
  const { aes } = entry
  if (aes === null || aes.strength < 1 || aes.strength > 3) throw new DamagedError('Its encryption is not known')
  const keys = await aesKeys(file, { start, end: start + entry.storedBytes }, aes.strength, needPassword(session))
  if (keys === null) throw wrongPassword()
  if (keys.dataEnd < keys.dataStart || !(await macFits(file, keys)))
    throw new DamagedError('Its encrypted data is damaged: the checksum does not fit')
  return keys
}

async function decrypt(session: Session, file: ByteFile, entry: ZipEntry, start: number): Promise<Plain> {
  const end = start + entry.storedBytes
  if (!isEncrypted(entry)) return { source: file.stream(start, end), method: entry.method, storedBytes: entry.storedBytes }
  if (entry.method === 99) {
    const keys = await unlockAes(session, file, entry, start)
    return {
      source: decryptAes(file.stream(keys.dataStart, keys.dataEnd), keys.encryption),
      method: entry.aes?.method ?? 0,
      storedBytes: entry.storedBytes,
    }
  }
  const password = needPassword(session)
  const opening = new ZipCrypto(password).decrypt(await file.read(start, 12))
  const check = entry.flags & 8 ? null : entry.crc >>> 24
  if (check !== null && opening[11] !== check) throw wrongPassword()
  const open = (): Plain => ({
    source: decryptZipCrypto(file.stream(start, end), new ZipCrypto(password)),
    method: entry.method,
    storedBytes: entry.storedBytes,
  })
  await proveZipCrypto(open(), entry)
  return open()
}

/** The old cipher has no checksum but the CRC of the plain data: it is proved before any row is believed. */
async function proveZipCrypto(plain: Plain, entry: ZipEntry): Promise<void> {
  let sum = 0
  let bytes = 0
  try {
    for await (const chunk of inflate(plain)) {
      sum = crc32(chunk, sum)
      bytes += chunk.length
      if (bytes > entry.declaredBytes) break
    }
  } catch {
    throw wrongPassword()
  }
  if (sum !== entry.crc || bytes !== entry.declaredBytes) throw wrongPassword()
}

function inflate(plain: Plain): AsyncIterable<Buffer> {
  if (plain.method === 0) return plain.source
  if (plain.method === 8) return plain.storedBytes <= smallBytes ? inflateSmall(plain.source) : inflateRaw(plain.source, { consumed: 0 })
  throw new DamagedError(`Its compression (method ${plain.method}) is not supported: only stored and deflated files are`)
}

/** The entry's bytes. Throws DamagedError or LimitError behind the good ones; LockedError before any. */
export async function* openEntry(session: Session, file: ByteFile, entry: ZipEntry): AsyncGenerator<Buffer> {
  const { maxMemberBytes, maxRatio } = session.limits
  const plain = await decrypt(session, file, entry, await dataStart(file, entry))
  let bytes = 0
  let sum = 0
  for await (const chunk of inflate(plain)) {
    bytes += chunk.length
    sum = crc32(chunk, sum)
    session.countBytes(chunk.length)
    if (bytes > maxMemberBytes) throw new LimitError(`It has more than ${maxMemberBytes} bytes when unpacked: reading of it stopped`)
    if (bytes > ratioAboveBytes && bytes > entry.storedBytes * maxRatio)
      throw new LimitError(`It unpacks to more than ${maxRatio} times its size, as bombs do: reading of it stopped`)
    yield chunk
  }
  if (bytes !== entry.declaredBytes)
    throw new DamagedError(`It has ${bytes} bytes when unpacked, where the ZIP says ${entry.declaredBytes}`)
  const isUnchecked = entry.aes?.version === 2
  if (!isUnchecked && sum !== entry.crc) throw new DamagedError('Its checksum does not fit its data')
}
