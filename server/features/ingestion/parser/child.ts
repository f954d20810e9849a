// The parser process: hostile bytes are read here and nowhere else, so that a crash or a memory limit ends this process
// only. It has no database and no network; it reads one upload and writes frames to its parent.
import { createWriteStream } from 'node:fs'
import { readUpload } from '../container/read-upload.ts'
import { LockedError, readLimits, UnreadableError } from '../reading.ts'
import { Admission } from '../../../platform/queues/admission.ts'
import { Batching } from './batching.ts'
import { type Frame, taken, writeFrame } from './frames.ts'
import type { ParserStart } from './parser-process.ts'

/** Batches that wait for the store. They lie on the disk; a parser that was started ahead of its turn is to fill no more of it. */
const allowance = new Admission({ running: 8 })

const out = createWriteStream('', { fd: 3 })

const endOf = (error: unknown): Frame => {
  if (error instanceof LockedError) return { kind: 'locked', needs: error.needs, wrong: error.wrong, message: error.message }
  if (error instanceof UnreadableError) return { kind: 'unreadable', message: error.message }
  return { kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

const read = async (start: ParserStart): Promise<void> => {
  const batching = new Batching({
    facts: { ...start.facts, now: new Date(start.facts.now) },
    out,
    skipBatches: start.skip_batches,
    blockDir: start.block_dir,
    allowance,
  })
  try {
    await readUpload(start.path, { ...start.options, limits: readLimits, signal: new AbortController().signal }, batching)
    await batching.finish()
    await writeFrame(out, { kind: 'done' })
    // ready for another upload of the same tenant
    return
  } catch (error) {
    // what is gathered is not sent: a batch cut by an error would not be cut there when the upload is read again
    await batching.settled()
    await writeFrame(out, endOf(error))
  }
  out.end(() => process.exit(0))
}

// A parent that is gone takes this process with it.
process.on('disconnect', () => process.exit(0))
process.on('message', (message: ParserStart | typeof taken) => {
  if (message === taken) allowance.leave()
  else void read(message)
})
