import type { Ctx } from '../../../platform/ctx.ts'
import { normaliserVersion } from '../normalise/version.ts'
import type { ParserEnd, ParserNews, Parsers, Reading, ReadingKey } from '../parser/parser-process.ts'
import { setArtifactHosts } from '../store-batches.ts'
import { dropScratch, scratchOf, uploadedFile } from '../store-files.ts'
import { forgetProgress, getImport, type ImportChange, type ImportRow, moveImport, nextQueued, updateImport } from '../store-imports.ts'
import { blockFolderFor, dropBlockFolder, dropRows, hostsByArtifact, rowsOf } from '../store-rows.ts'
import { diskFull, storeBatch } from './commit-batch.ts'
import { openSecret, type Sealer } from './secrets.ts'

export interface ImportJob {
  subject_id: string
  /** Which try of the job this is, from 1. */
  attempts: number
  hold: (tx: Ctx) => Promise<void>
}

export interface ReadDeps {
  parsers: Parsers
  sealer: Sealer
}

/** Warnings that mean that rows of the upload are missing from the store. */
const losses = new Set(['truncated_file', 'zip_member', 'evtx_gap', 'limit'])

const begin = async (ctx: Ctx, id: string): Promise<ImportRow | null> => {
  const row = await getImport(ctx.db, id)
  if (row.state !== 'queued' && row.state !== 'reading') return null
  if (row.next_batch > 0 && row.normaliser_version !== normaliserVersion) {
    // another version cuts other batches: begin again rather than guess what is stored
    await dropRows(ctx.events, id)
    await forgetProgress(ctx.db, id)
  }
  const isMine = await moveImport(ctx.db, id, ['queued', 'reading'], {
    state: 'reading',
    started_at: row.started_at ?? ctx.now(),
    finished_at: null,
    error: null,
    needs: null,
    normaliser_version: normaliserVersion,
  })
  return isMine ? await getImport(ctx.db, id) : null
}

/** All that a reading depends on, beside the secret. */
const keyOf = (ctx: Ctx, row: ImportRow): ReadingKey => ({
  tenant_id: ctx.tenant.id,
  key: JSON.stringify([row.id, row.attempt, row.next_batch, row.file_sha256, row.file_name, row.hostname, row.artifact, row.time_zone]),
})

const readingOf = async (ctx: Ctx, row: ImportRow, deps: ReadDeps): Promise<Reading> => {
  const sha256 = row.file_sha256 ?? ''
  const secret = row.sealed_secret === null ? null : await openSecret(deps.sealer, row.id, row.sealed_secret)
  const scratch = await scratchOf(ctx.evidence)
  const blocks = blockFolderFor(ctx.events)
  return {
    start: {
      path: uploadedFile(ctx.evidence, sha256),
      options: {
        name: row.file_name,
        hostname: row.hostname,
        artifact: row.artifact,
        time_zone: row.time_zone,
        password: secret?.password ?? null,
        private_key: secret?.private_key ?? null,
        tempDir: scratch,
      },
      facts: {
        import_id: row.id,
        file_sha256: sha256,
        file_name: row.file_name,
        hostname: row.hostname,
        artifact: row.artifact,
        time_zone: row.time_zone,
        now: ctx.now().toISOString(),
      },
      skip_batches: row.next_batch,
      block_dir: blocks,
    },
    // What was unpacked on the way goes at once, also when the reader was stopped: it may be large, or lie there decrypted.
    discard: async () => {
      for (const done of await Promise.allSettled([dropScratch(scratch), dropBlockFolder(blocks)]))
        if (done.status === 'rejected')
          ctx.log.error({ import_id: row.id, fault: String(done.reason) }, 'what a reading left was not removed')
    },
  }
}

/** So little of an upload is left that the next one is begun beside it. */
const nearEndBytes = 32 * 1024 * 1024

/**
 * Lets a parser begin the next import while this one is stored; its rows wait for their turn. That it began is noted before they are
 * given their time, for whoever asks what is new looks at rows up to the earliest beginning of what is not done.
 */
const lookAhead = async (ctx: Ctx, deps: ReadDeps): Promise<void> => {
  if (deps.parsers.isAhead) return
  const next = await nextQueued(ctx.db)
  if (next === undefined || next.file_sha256 === null || next.sealed_secret !== null) return
  if (!(await moveImport(ctx.db, next.id, ['queued'], { started_at: next.started_at ?? ctx.now() }))) return
  const reading = await readingOf(ctx, next, deps)
  if (deps.parsers.isAhead) await reading.discard()
  else deps.parsers.readAhead(keyOf(ctx, next), reading)
}

/** The last words on an import that was read to its end, or could not be. */
const verdict = (end: ParserEnd, row: ImportRow): ImportChange => {
  if (end.kind === 'locked') return { state: 'locked', needs: end.needs, error: end.message, sealed_secret: null }
  const stored = Number(row.rows_stored) + Number(row.rows_duplicate)
  const kept = stored > 0 ? ` ${stored} rows before that point are stored.` : ''
  if (end.kind === 'unreadable') return { state: stored > 0 ? 'partly' : 'failed', error: `${end.message}${kept}`, sealed_secret: null }
  if (end.kind === 'failed')
    return {
      state: 'failed',
      error: `Reading stopped at a fault of the reader, not of the store.${kept} Try it again, and report it if it stops there again.`,
    }
  const hasLost = Number(row.rows_rejected) > 0 || row.warnings.some((w) => losses.has(w.code))
  return { state: hasLost ? 'partly' : 'ready', error: null, sealed_secret: null }
}

/** The parser died: a few tries, for it may have been the machine; then the file is called what it is. */
const crashTries = 3

export class ParserCrashed extends Error {}

/** The store is asked how many rows it has: a receipt must not claim more. */
const reconcile = async (ctx: Ctx, row: ImportRow): Promise<ImportChange | null> => {
  const there = await rowsOf(ctx.events, row.id)
  if (there >= row.rows_stored) return null
  ctx.log.error({ import_id: row.id, stored: row.rows_stored, there }, 'the event store has fewer rows than were acknowledged')
  const missing = row.rows_stored - there
  return {
    state: 'failed',
    error: `The event store has ${missing} rows fewer than it acknowledged. The file is kept: delete this import and drop the file again, and report this with the log.`,
  }
}

const finish = async (ctx: Ctx, id: string, end: ParserEnd): Promise<void> => {
  const row = await getImport(ctx.db, id)
  if (end.kind === 'done') await setArtifactHosts(ctx.db, id, await hostsByArtifact(ctx.events, id))
  if (end.kind === 'failed') ctx.log.error({ import_id: id, fault: end.message }, 'the reader failed')
  const change = { ...verdict(end, row), ...(end.kind === 'done' ? await reconcile(ctx, row) : null) }
  await moveImport(ctx.db, id, ['reading'], {
    ...change,
    current: null,
    finished_at: change.state === 'locked' ? null : ctx.now(),
    ...(end.kind === 'done' ? { bytes_read: row.file_size } : {}),
  })
}

/**
 * The job of an import: read the upload, store its batches in order, write the receipt. Killed at any point it goes on at
 * the next batch.
 */
export const readImport = async (ctx: Ctx, job: ImportJob, deps: ReadDeps): Promise<void> => {
  const id = job.subject_id
  const row = await begin(ctx, id)
  if (row === null) return
  const begunMs = Date.now()
  const readingMs = (): number => Number(row.reading_ms) + Date.now() - begunMs
  const waiting = async (why: string | null): Promise<void> => {
    // what was made ahead may be what fills the disk
    if (why !== null) await deps.parsers.dropAhead()
    await updateImport(ctx.db, id, { error: why })
  }
  const isNearEnd = (bytesRead: number): boolean => Number(row.file_size) - bytesRead < nearEndBytes
  const onNews = async (news: ParserNews): Promise<void> => {
    if (news.kind === 'waiting') await waiting(diskFull)
    else if (news.kind === 'container')
      await updateImport(ctx.db, id, { kind: news.container, members: news.members, members_ignored: news.members_ignored })
    else if (news.kind === 'progress')
      await updateImport(ctx.db, id, { bytes_read: news.bytes_read, current: news.current?.replaceAll('\0', '\u2400') ?? null })
    else {
      await storeBatch(
        ctx,
        { import_id: id, attempt: row.attempt, batch: news.batch },
        { frame: news, reading_ms: readingMs(), isFirst: news.batch === row.next_batch },
        { waiting, hold: job.hold },
      )
    }
    const read = news.kind === 'container' ? 0 : news.kind === 'batch' ? news.bytes_read : null
    if (read !== null && isNearEnd(read)) await lookAhead(ctx, deps)
  }
  deps.parsers.warm()
  const end = await deps.parsers.read(keyOf(ctx, row), () => readingOf(ctx, row, deps), onNews, ctx.signal)
  if (end.kind === 'crashed') {
    if (job.attempts < crashTries) throw new ParserCrashed(end.message)
    await finish(ctx, id, {
      kind: 'unreadable',
      message: `The reader stopped ${crashTries} times at the same file, so it is set aside. It is kept as evidence; the imports behind it go on.`,
    })
    return
  }
  await finish(ctx, id, end)
}

/** The queue has given the job of an import up: the import says so, instead of waiting for ever. */
export const failImport = async (ctx: Ctx, id: string, reason: string): Promise<void> => {
  ctx.log.error({ import_id: id, reason }, 'an import was given up')
  await moveImport(ctx.db, id, ['queued', 'reading'], {
    state: 'failed',
    current: null,
    finished_at: ctx.now(),
    error: `Reading was given up after several tries: ${reason} What is stored stays; Retry goes on from there.`,
  })
}
