// The old PKZIP cipher: broken for secrecy, still met. It has no checksum of its own but the CRC of the data.

const table = new Int32Array(256)
for (let index = 0; index < 256; index++) {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  table[index] = value
}

const crcStep = (crc: number, byte: number) => (table[(crc ^ byte) & 255] as number) ^ (crc >>> 8)

export class ZipCrypto {
  #a = 0x12345678
  #b = 0x23456789
  #c = 0x34567890

  constructor(password: string) {
    for (const byte of Buffer.from(password)) this.#update(byte)
  }

  #update(byte: number): void {
    this.#a = crcStep(this.#a, byte)
    this.#b = (Math.imul((this.#b + (this.#a & 255)) | 0, 134_775_813) + 1) | 0
    this.#c = crcStep(this.#c, this.#b >>> 24)
  }

  decrypt(bytes: Buffer): Buffer {
    const plain = Buffer.allocUnsafe(bytes.length)
    for (let at = 0; at < bytes.length; at++) {
      const key = (this.#c | 2) & 0xffff
      const byte = (bytes[at] as number) ^ ((Math.imul(key, key ^ 1) >>> 8) & 255)
      plain[at] = byte
      this.#update(byte)
    }
    return plain
  }
}

/** The bytes behind the 12 of the header; null when the password does not fit the check byte. */
export async function* decryptZipCrypto(source: AsyncIterable<Buffer>, cipher: ZipCrypto): AsyncGenerator<Buffer> {
  let skip = 12
  for await (const chunk of source) {
    const plain = cipher.decrypt(chunk)
    const start = Math.min(skip, plain.length)
    skip -= start
    if (start < plain.length) yield plain.subarray(start)
  }
}
