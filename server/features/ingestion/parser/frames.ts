// What the parser process says to the product, over one pipe. The rows of a batch lie in a file beside the store, and the
// frame that accounts for them names it: they are copied neither through this pipe nor through a socket.
import { createInterface } from 'node:readline'
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

/** One batch: what was read since the last one. */
export interface BatchFrame extends Omit<Block, 'bytes'> {
  kind: 'batch'
  batch: number
  /** The file with its rows as RowBinary; null when it has none. */
  block: string | null
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
  /** The disk has no room for the next block: it is tried again and again. */
  | { kind: 'waiting' }
  | BatchFrame
  | { kind: 'done' }
  | { kind: 'locked'; needs: 'password' | 'private_key'; wrong: boolean; message: string }
  | { kind: 'unreadable'; message: string }
  | { kind: 'failed'; message: string }

/** Said to the parser for each batch that is stored: it makes only so many more than are. */
export const taken = 'taken'

/** One line of JSON each: a string in JSON holds no line break. */
export const writeFrame = (out: Writable, frame: Frame): Promise<void> =>
  new Promise((resolve, reject) => {
    out.write(`${JSON.stringify(frame)}\n`, (error) => (error ? reject(error) : resolve()))
  })

/** Frames as they come; reading stops while the consumer works, which is the parser's backpressure. */
export async function* readFrames(input: Readable): AsyncGenerator<Frame> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) yield JSON.parse(line) as Frame
}
