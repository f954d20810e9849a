// Event logs that are cut, damaged, or made to send a decoder round in circles.
import { buildEvtx, recordOffset } from './build-evtx.ts'
import type { Poison } from './poison.ts'

function damaged(chunks: number, perChunk: number, change: (file: Buffer) => Buffer | void): () => Buffer {
  return () => {
    const file = buildEvtx(chunks, perChunk)
    return change(file) ?? file
  }
}

/** Arguments of a template that are binary XML of no length: each is decoded again, and holds the same once more. */
function circles(file: Buffer): void {
  const start = recordOffset(file, 0, 0) + 24
  let at = start
  for (let level = 0; level < 5; level++) {
    file.writeUInt8(0x0c, at)
    file.writeUInt8(1, at + 1)
    file.writeUInt32LE(level + 1, at + 2)
    file.writeUInt32LE(0, at + 6)
    file.writeUInt32LE(0, at + 10)
    at += 14 + 16
    file.writeUInt32LE(1, at)
    file.writeUInt8(0, at + 4)
    at += 5
    file.writeUInt32LE(1500, at)
    at += 4
    for (let argument = 0; argument < 1500; argument++) file.writeUInt32LE(0x0021_0000, at + argument * 4)
    at += 6000
  }
  file.writeUInt32LE(at + 64 - (start - 24), start - 20)
}

export const evtxPoison: readonly Poison[] = [
  { name: 'good.evtx', bytes: () => buildEvtx(2, 20), expect: { rows: 40, rejects: 0 } },
  {
    name: 'header-only.evtx',
    bytes: damaged(1, 1, (file) => file.subarray(0, 4096)),
    expect: { rows: 0, rejects: 0, warns: ['truncated_file'] },
  },
  {
    name: 'cut-header.evtx',
    bytes: damaged(1, 1, (file) => file.subarray(0, 100)),
    expect: { rows: 0, rejects: 0, warns: ['truncated_file'] },
  },
  {
    name: 'cut-in-chunk.evtx',
    bytes: damaged(2, 20, (file) => file.subarray(0, recordOffset(file, 1, 7) + 30)),
    expect: { rows: 27, rejects: 0, warns: ['truncated_file', 'evtx_gap'] },
  },
  {
    name: 'cut-between-chunks.evtx',
    bytes: damaged(3, 10, (file) => file.subarray(0, 4096 + 65_536)),
    expect: { rows: 10, rejects: 0, warns: ['truncated_file', 'evtx_gap'] },
  },
  {
    name: 'damaged-chunk-magic.evtx',
    bytes: damaged(3, 10, (file) => void file.fill(0x41, 4096 + 65_536, 4096 + 65_536 + 8)),
    expect: { rows: 20, rejects: 0, warns: ['evtx_gap'] },
  },
  {
    name: 'record-magic.evtx',
    bytes: damaged(1, 20, (file) => void file.writeUInt32LE(0, recordOffset(file, 0, 12))),
    expect: { rows: 12, rejects: 0, warns: ['evtx_gap'] },
  },
  {
    name: 'record-size-zero.evtx',
    bytes: damaged(1, 20, (file) => void file.writeUInt32LE(0, recordOffset(file, 0, 12) + 4)),
    expect: { rows: 12, rejects: 0, warns: ['evtx_gap'] },
  },
  {
    name: 'record-size-huge.evtx',
    bytes: damaged(1, 20, (file) => void file.writeUInt32LE(0xffff_ffff, recordOffset(file, 0, 12) + 4)),
    expect: { rows: 12, rejects: 0, warns: ['evtx_gap'] },
  },
  {
    name: 'record-content.evtx',
    bytes: damaged(1, 20, (file) => void file.fill(0, recordOffset(file, 0, 5) + 24, recordOffset(file, 0, 6) - 4)),
    expect: { rows: 19, rejects: 1 },
  },
  {
    name: 'chunk-claims-forever.evtx',
    bytes: damaged(1, 5, (file) => void file.writeBigUInt64LE(0xffff_ffff_ffff_fff0n, 4096 + 16)),
    expect: { rows: 5, rejects: 0, warns: ['evtx_gap'] },
  },
  { name: 'decoder-circles.evtx', bytes: damaged(1, 1, (file) => circles(file)), expect: { rows: 0, rejects: 1 } },
]
