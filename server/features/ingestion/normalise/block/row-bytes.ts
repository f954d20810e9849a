// RowBinary as strings in which each character is one byte: appending to a string and writing it out at once is faster
// in V8 than writing a few bytes at a time into a Buffer.

/** Made when they are first met: all of them at once would be a good part of what it takes to start. */
const smallLengths: (string | undefined)[] = Array.from({ length: 16_384 })

const encodeVarint = (n: number): string => {
  let out = ''
  let rest = n
  while (rest > 127) {
    out += String.fromCharCode((rest & 127) | 128)
    rest = Math.floor(rest / 128)
  }
  return out + String.fromCharCode(rest)
}

export const varint = (n: number): string => {
  const known = smallLengths[n]
  if (known !== undefined) return known
  const bytes = encodeVarint(n)
  if (n < smallLengths.length) smallLengths[n] = bytes
  return bytes
}

const beyondAscii = /[\u0080-\uffff]/

/** UTF-8, one character a byte; a lone surrogate becomes U+FFFD. */
export const utf8Bytes = (text: string): string => (beyondAscii.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text)

/** As the store gives it back. */
export const wellFormed = (text: string): string => (beyondAscii.test(text) ? Buffer.from(text, 'utf8').toString('utf8') : text)

export const asciiString = (text: string): string => varint(text.length) + text

export const anyString = (text: string): string => {
  const bytes = utf8Bytes(text)
  return varint(bytes.length) + bytes
}

export const u16 = (n: number): string => String.fromCharCode(n & 255, (n >>> 8) & 255)
export const u32 = (n: number): string => String.fromCharCode(n & 255, (n >>> 8) & 255, (n >>> 16) & 255, (n >>> 24) & 255)

/** Two's complement for negative ones, so it serves Int64 too. Exact for safe integers and bigints. */
export const u64 = (n: number | bigint): string => {
  if (typeof n === 'bigint') return u32(Number(n & 0xffff_ffffn)) + u32(Number((n >> 32n) & 0xffff_ffffn))
  const high = Math.floor(n / 4_294_967_296)
  return u32(n - high * 4_294_967_296) + u32(high)
}

/** Int64 microseconds. After 2255 a double loses the last one, hence the two parts. */
export const timeBytes = (seconds: number, micros: number): string => {
  const total = seconds * 1_000_000 + micros
  return u64(Number.isSafeInteger(total) ? total : BigInt(seconds) * 1_000_000n + BigInt(micros))
}

/** ClickHouse keeps a UUID as two little-endian halves, the high one first. */
export const uuidBytes = (uuid: string): string => {
  const hex = uuid.replaceAll('-', '')
  if (!/^[0-9a-f]{32}$/i.test(hex)) throw new RangeError(`not a UUID: ${uuid}`)
  return u64(BigInt(`0x${hex.slice(0, 16)}`)) + u64(BigInt(`0x${hex.slice(16)}`))
}

/** A joined string is a tree that V8 walks at each use; of what is used for every row there is one flat copy. */
export const flatBytes = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('latin1')

export const hexOfBytes = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('hex')
