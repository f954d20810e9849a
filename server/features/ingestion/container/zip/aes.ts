// WinZip AES (AE-1, AE-2): PBKDF2-SHA1, AES in counter mode with a little-endian counter, HMAC-SHA1 cut to 10 bytes.
import { createCipheriv, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { ByteFile } from '../bytes/byte-file.ts'

const derive = promisify(pbkdf2)
const macBytes = 10
const verifierBytes = 2
const keystreamBlocks = 4096

export interface AesKeys {
  encryption: Buffer
  mac: Buffer
  dataStart: number
  dataEnd: number
}

/** Keys of an entry whose data stands from `start` to `end`; null when the password is not its password. */
export async function aesKeys(
  file: ByteFile,
  range: { start: number; end: number },
  strength: number,
  password: string,
): Promise<AesKeys | null> {
  const keyBytes = 8 + strength * 8
  const saltBytes = keyBytes / 2
  const opening = await file.read(range.start, saltBytes + verifierBytes)
  const derived = await derive(password, opening.subarray(0, saltBytes), 1000, keyBytes * 2 + verifierBytes, 'sha1')
  if (!derived.subarray(keyBytes * 2).equals(opening.subarray(saltBytes))) return null
  return {
    encryption: derived.subarray(0, keyBytes),
    mac: derived.subarray(keyBytes, keyBytes * 2),
    dataStart: range.start + saltBytes + verifierBytes,
    dataEnd: range.end - macBytes,
  }
}

/** True when the encrypted bytes are those that were written: nothing is decrypted for use before. */
export async function macFits(file: ByteFile, keys: AesKeys): Promise<boolean> {
  const mac = createHmac('sha1', keys.mac)
  for (let at = keys.dataStart; at < keys.dataEnd; at += 1_048_576) mac.update(await file.read(at, Math.min(1_048_576, keys.dataEnd - at)))
  const written = await file.read(keys.dataEnd, macBytes)
  const expected = mac.digest().subarray(0, macBytes)
  return written.length === macBytes && timingSafeEqual(written, expected)
}

export async function* decryptAes(source: AsyncIterable<Buffer>, key: Buffer): AsyncGenerator<Buffer> {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false)
  const counters = Buffer.alloc(keystreamBlocks * 16)
  let block = 1
  let stream = Buffer.alloc(0)
  let used = 0
  for await (const chunk of source) {
    const plain = Buffer.allocUnsafe(chunk.length)
    for (let at = 0; at < chunk.length; ) {
      if (used === stream.length) {
        for (let index = 0; index < keystreamBlocks; index++) {
          counters.writeUInt32LE(block % 4_294_967_296, index * 16)
          counters.writeUInt32LE(Math.floor(block / 4_294_967_296), index * 16 + 4)
          block++
        }
        stream = cipher.update(counters)
        used = 0
      }
      const length = Math.min(chunk.length - at, stream.length - used)
      for (let index = 0; index < length; index++) plain[at + index] = (chunk[at + index] as number) ^ (stream[used + index] as number)
      at += length
      used += length
    }
    yield plain
  }
}
