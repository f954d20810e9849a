// A picture of a page has few colours that matter: with a palette of 256 it is a third as large and looks the same.
import { deflateSync, inflateSync } from 'node:zlib'

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])

interface Pixels {
  width: number
  height: number
  /** 0xRRGGBB, row by row. */
  colours: Uint32Array
}

const chunksOf = (png: Buffer): { type: string; data: Buffer }[] => {
  const chunks: { type: string; data: Buffer }[] = []
  for (let at = signature.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) })
    at += length + 12
  }
  return chunks
}

const paeth = (left: number, up: number, corner: number): number => {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

const predicted = (filter: number, left: number, up: number, corner: number): number =>
  [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0

/** A line of the picture, from its filter and its bytes, and the line above it. */
const lineOf = (written: Buffer, above: Uint8Array, bytes: number): Uint8Array => {
  const line = new Uint8Array(above.length)
  const at = (of: Uint8Array, x: number): number => (x < 0 ? 0 : (of[x] ?? 0))
  for (let x = 0; x < line.length; x++)
    line[x] = at(written, x + 1) + predicted(at(written, 0), at(line, x - bytes), at(above, x), at(above, x - bytes))
  return line
}

const colourOf = (line: Uint8Array, x: number): number => ((line[x] ?? 0) << 16) | ((line[x + 1] ?? 0) << 8) | (line[x + 2] ?? 0)

const decode = (png: Buffer): Pixels => {
  const chunks = chunksOf(png)
  const head = chunks.find((one) => one.type === 'IHDR')?.data ?? Buffer.alloc(13)
  const [width, height, bytes] = [head.readUInt32BE(0), head.readUInt32BE(4), head[9] === 6 ? 4 : 3]
  if (head[8] !== 8 || (head[9] !== 2 && head[9] !== 6) || head[12] !== 0) throw new Error('not a picture as Chromium writes it')
  const data = inflateSync(Buffer.concat(chunks.filter((one) => one.type === 'IDAT').map((one) => one.data)))
  const stride = width * bytes
  const colours = new Uint32Array(width * height)
  let line: Uint8Array = new Uint8Array(stride)
  for (let y = 0; y < height; y++) {
    line = lineOf(data.subarray(y * (stride + 1), (y + 1) * (stride + 1)), line, bytes)
    for (let x = 0; x < width; x++) colours[y * width + x] = colourOf(line, x * bytes)
  }
  return { width, height, colours }
}

const apart = (a: number, b: number): number => {
  const [r, g, blue] = [(a >> 16) - (b >> 16), ((a >> 8) & 255) - ((b >> 8) & 255), (a & 255) - (b & 255)]
  return 2 * r * r + 4 * g * g + blue * blue
}

/** The commonest colours as they are, and the commonest of those that are none of them, each at a distance from the others. */
const paletteOf = (counts: ReadonlyMap<number, number>): number[] => {
  const common = [...counts.entries()].sort((a, b) => b[1] - a[1]).map(([colour]) => colour)
  const palette = common.slice(0, 128)
  for (const least of [600, 300, 100, 0])
    for (const colour of common) {
      if (palette.length === 256) return palette
      if (palette.every((one) => apart(one, colour) > least)) palette.push(colour)
    }
  return palette
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})
const crc = (data: Buffer): number => {
  let c = 0xffffffff
  for (const byte of data) c = (crcTable[(c ^ byte) & 255] ?? 0) ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc(body))
  return Buffer.concat([length, body, sum])
}

/** The same picture in at most 256 colours. */
export const smallPng = (png: Buffer): Buffer => {
  const { width, height, colours } = decode(png)
  const counts = new Map<number, number>()
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const palette = paletteOf(counts)
  const places = new Map(palette.map((colour, at) => [colour, at]))
  const placeOf = (colour: number): number => {
    const known = places.get(colour)
    if (known !== undefined) return known
    let best = 0
    for (const [at, one] of palette.entries()) if (apart(one, colour) < apart(palette[best] ?? 0, colour)) best = at
    places.set(colour, best)
    return best
  }
  const lines = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) lines[y * (width + 1) + 1 + x] = placeOf(colours[y * width + x] ?? 0)
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  const table = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('PLTE', table),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
