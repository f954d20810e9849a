import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { entryOf } from '../../../platform/entry.ts'
import type { Log } from '../../../platform/log.ts'
import type { ImportFacts } from '../normalise/block-builder.ts'
import type { ReadOptions } from '../reading.ts'
import { type Frame, readFrames } from './frames.ts'

export interface ParserStart {
  path: string
  options: Omit<ReadOptions, 'limits' | 'signal'>
  facts: Omit<ImportFacts, 'now'> & { now: string }
  /** Batches that are stored already: made again and not sent. */
  skip_batches: number
  /** Where blocks are left for the store. */
  block_dir: string
}

/** How a reading ended. `crashed` is the parser's own end (out of memory, a fault in a format), not a verdict on the file. */
export type ParserEnd = Exclude<Frame, { kind: 'container' | 'progress' | 'waiting' | 'batch' }> | { kind: 'crashed'; message: string }
export type ParserNews = Extract<Frame, { kind: 'container' | 'progress' | 'waiting' | 'batch' }>

const news = new Set<Frame['kind']>(['container', 'progress', 'waiting', 'batch'])
const isEnd = (frame: Frame): frame is Exclude<Frame, ParserNews> => !news.has(frame.kind)

const heapMb = 320
/** A reader that says nothing for so long is taken for hung. */
const silenceMs = 180_000

const start = (): ChildProcess => {
  const { file, execArgv } = entryOf('features/ingestion/parser/child')
  const limits = [`--max-old-space-size=${heapMb}`, '--max-semi-space-size=16']
  return spawn(process.execPath, [...execArgv, ...limits, file], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env.PATH, TZ: 'UTC' },
  })
}

/** Keeps one parser started ahead, so that the next import does not wait for a process; an unused one ends after a while. */
export class Parsers {
  private spare: ChildProcess | null = null
  private timer: NodeJS.Timeout | null = null
  private readonly log: Log

  constructor(log: Log) {
    this.log = log
  }

  private take(): ChildProcess {
    const child = this.spare ?? start()
    this.spare = null
    return child
  }

  /** Starts a spare for the import that is likely to follow. */
  warm(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = setTimeout(() => this.close(), 20_000).unref()
    if (this.spare !== null) return
    const child = start()
    this.spare = child
    child.once('exit', () => {
      if (this.spare === child) this.spare = null
    })
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.spare?.kill('SIGKILL')
    this.spare = null
  }

  /** Reads one upload. `onNews` is awaited, so a slow store slows the reader. Rejects only with what `onNews` threw, or the abort. */
  async read(begin: ParserStart, onNews: (news: ParserNews) => Promise<void>, signal: AbortSignal): Promise<ParserEnd> {
    const child = this.take()
    let complaint = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString('utf8')).slice(-4000)
    })
    const exited = new Promise<string>((resolve) => {
      child.once('exit', (code, by) => resolve(by ?? `code ${code}`))
      child.once('error', (error) => resolve(error.message))
    })
    const stop = (): void => void child.kill('SIGKILL')
    signal.addEventListener('abort', stop, { once: true })
    let watch = setTimeout(stop, silenceMs)
    try {
      child.send(begin)
      const pipe = child.stdio[3] as Readable
      for await (const frame of readFrames(pipe)) {
        clearTimeout(watch)
        if (isEnd(frame)) return frame
        await onNews(frame)
        signal.throwIfAborted()
        watch = setTimeout(stop, silenceMs)
      }
      signal.throwIfAborted()
      const how = await exited
      this.log.warn({ how, complaint }, 'the parser ended without a word')
      return { kind: 'crashed', message: `the reader stopped (${how})` }
    } finally {
      clearTimeout(watch)
      signal.removeEventListener('abort', stop)
      child.kill('SIGKILL')
    }
  }
}
