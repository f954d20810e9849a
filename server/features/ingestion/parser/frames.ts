// What the parser process says to the product, over one pipe: a length, JSON, and the bytes of a block. JSON and bytes
// travel in one frame, so that a block and its account cannot be told apart by a crash between them.
import type { Readable, Writable } from 'node:stream'
import type { ContainerKind } from '../../../../shared/contract/ingestion.ts'
import type { Block } from '../normalise/block-builder.ts'
import type { HostFacts, Rejected } from '../reading.ts'

export interface FrameWarning {
  code: string
  message: string
  member: string | null
  count: number | null
}

/** One batch: what was read since the last one. Rows come as RowBinary after it. */
export interface BatchFrame extends Omit<Block, 'bytes'> {
  kind: 'batch'
  batch: number
  rejects: Rejected[]
  /** All rejected rows by artifact, also those beyond the ledger's end. */
  rejected: { artifact: string; rows: number }[]
  /** Artifacts that were opened, so that one without rows is on the receipt too. */
  opened: string[]
  host_facts: HostFacts[]
  warnings: FrameWarning[]
  bytes_read: number
  current: string | null
}

export type Frame =
  | { kind: 'container'; container: ContainerKind; members: number; members_ignored: number }
  | { kind: 'progress'; bytes_read: number; current: string | null }
  | BatchFrame
  | { kind: 'done' }
  | { kind: 'locked'; needs: 'password' | 'private_key'; wrong: boolean; message: string }
  | { kind: 'unreadable'; message: string }
  | { kind: 'failed'; message: string }

const headBytes = 8

export const writeFrame = (out: Writable, frame: Frame, block?: Uint8Array): Promise<void> => {
  const json = Buffer.from(JSON.stringify(frame))
  const head = Buffer.alloc(headBytes)
  head.writeUInt32LE(json.length, 0)
  head.writeUInt32LE(block?.length ?? 0, 4)
  return new Promise((resolve, reject) => {
    out.write(head)
    const last = (error?: Error | null): void => (error ? reject(error) : resolve())
    if (block === undefined || block.length === 0) out.write(json, last)
    else {
      out.write(json)
      out.write(block, last)
    }
  })
}

/** Takes exactly `wanted` bytes off a list of chunks without joining them: a block goes on as the chunks it came in. */
const takeBytes = (chunks: Buffer[], wanted: number): Buffer[] => {
  const taken: Buffer[] = []
  let left = wanted
  while (left > 0) {
    const chunk = chunks[0]
    if (chunk === undefined) throw new Error('fewer bytes than announced')
    if (chunk.length <= left) {
      taken.push(chunk)
      chunks.shift()
      left -= chunk.length
    } else {
      taken.push(chunk.subarray(0, left))
      chunks[0] = chunk.subarray(left)
      left = 0
    }
  }
  return taken
}

/** Frames as they come; reading stops while the consumer works, which is the parser's backpressure. */
export async function* readFrames(input: Readable): AsyncGenerator<{ frame: Frame; block: Buffer[] }> {
  const chunks: Buffer[] = []
  let held = 0
  let head: { json: number; block: number } | null = null
  for await (const chunk of input as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    held += chunk.length
    for (;;) {
      if (head === null) {
        if (held < headBytes) break
        const bytes = Buffer.concat(takeBytes(chunks, headBytes))
        held -= headBytes
        head = { json: bytes.readUInt32LE(0), block: bytes.readUInt32LE(4) }
      }
      const whole = head.json + head.block
      if (held < whole) break
      const frame = JSON.parse(Buffer.concat(takeBytes(chunks, head.json)).toString('utf8')) as Frame
      const block = takeBytes(chunks, head.block)
      held -= whole
      head = null
      yield { frame, block }
    }
  }
}
