import type { Ctx } from '../../../platform/ctx.ts'
import { isAppError } from '../../../platform/errors.ts'
import { type DescribedHost, recordHosts } from '../../hosts/index.ts'
import { hostKeyOf } from '../normalise/host-key.ts'
import type { BatchFrame } from '../parser/frames.ts'
import { type ArtifactTally, commitBatch, seenScopes } from '../store-batches.ts'
import { hasRoom } from '../store-files.ts'
import { type BatchKey, dropBlock, storeFresh, storeNew } from '../store-rows.ts'

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })

/** What the user reads while an import waits for a store, and `null` when it goes on. */
export type Waiting = (why: string | null) => Promise<void>

export const diskFull = 'The disk is full. Reading goes on by itself when there is room; what is stored so far is safe.'

const reasonToWait = (error: unknown): string | null => {
  if (!isAppError(error)) return null
  if (error.code === 'full') return diskFull
  if (error.code === 'unavailable') return 'The event store does not answer. Reading goes on by itself when it is back.'
  return null
}

const longestOutageMs = 10 * 60_000

/** Does `step` until it succeeds: a store that is full or away makes an import wait, not fail. Steps can be repeated. */
const persist = async (signal: AbortSignal, waiting: Waiting, step: (isRepeat: boolean) => Promise<void>): Promise<void> => {
  const begun = Date.now()
  let isWaiting = false
  for (let delayMs = 250; ; delayMs = Math.min(delayMs * 2, 5000)) {
    try {
      await step(isWaiting)
      if (isWaiting) await waiting(null)
      return
    } catch (error) {
      signal.throwIfAborted()
      const why = reasonToWait(error)
      const isTooLong = isAppError(error) && error.code === 'unavailable' && Date.now() - begun > longestOutageMs
      if (why === null || isTooLong) throw error
      isWaiting = true
      await waiting(why)
      await pause(delayMs, signal)
    }
  }
}

const talliesOf = (frame: BatchFrame, stored: ReadonlyMap<string, number> | null): ArtifactTally[] => {
  const tallies = new Map<string, ArtifactTally>()
  const of = (artifact: string): ArtifactTally => {
    const known = tallies.get(artifact) ?? { artifact, rows_stored: 0, rows_duplicate: 0, rows_rejected: 0 }
    tallies.set(artifact, known)
    return known
  }
  for (const artifact of frame.opened) of(artifact)
  for (const { artifact, rows } of frame.rejected) of(artifact).rows_rejected += rows
  const read = new Map<string, number>()
  for (const m of frame.members) read.set(m.artifact, (read.get(m.artifact) ?? 0) + m.rows)
  for (const [artifact, rows] of read) {
    const kept = stored === null ? rows : (stored.get(artifact) ?? 0)
    of(artifact).rows_stored += kept
    of(artifact).rows_duplicate += rows - kept
  }
  return [...tallies.values()]
}

const described = (frame: BatchFrame, importId: string): DescribedHost[] =>
  frame.host_facts.flatMap((facts) => {
    const key = hostKeyOf(facts, importId)
    return key === null ? [] : [{ ...facts, key }]
  })

/** Stores one batch and writes it down. Waits out a full disk and an event store that restarts. */
export const storeBatch = async (
  ctx: Ctx,
  key: BatchKey,
  batch: { frame: BatchFrame; reading_ms: number; isFirst: boolean },
  o: { waiting: Waiting; hold: (tx: Ctx) => Promise<void> },
): Promise<void> => {
  const { frame } = batch
  const block = frame.block
  const seen = await seenScopes(
    ctx.db,
    key.import_id,
    frame.members.map((m) => ({ scope: m.scope, index: m.index })),
  )
  let stored: Map<string, number> | null = null
  if (block !== null)
    await persist(ctx.signal, o.waiting, async (isAgain) => {
      const isRepeat = batch.isFirst || isAgain
      await hasRoom(ctx.evidence)
      if (seen.length === 0) await storeFresh(ctx.events, key, { block, rows: frame.rows, isRepeat })
      else stored = new Map((await storeNew(ctx.events, key, { block, isRepeat })).map((s) => [s.artifact, s.stored]))
    })
  if (block !== null) await dropBlock(ctx.events, block)
  await ctx.inTx(async (tx) => {
    await o.hold(tx)
    await recordHosts(tx, { seen: frame.hosts, described: described(frame, key.import_id) })
    await commitBatch(tx.db, key.import_id, { frame, tallies: talliesOf(frame, stored), reading_ms: batch.reading_ms })
  })
}
