// Several files, two at a time, each with its own progress; what goes wrong with one never stops the others.
// How bytes travel is the transport's business: this knows order, states and rates.
import type { ImportOptions } from '../../../../../shared/contract/ingestion.ts'

export type UploadState = 'waiting' | 'sending' | 'paused' | 'failed' | 'done'

/** What went wrong, for a person: what happened, what it means for the data, what to do. */
export interface UploadFault {
  message: string
  canRetry: boolean
  /** It goes on by itself when the same person has signed in again. */
  needsSession?: boolean
}

export interface UploadItem {
  id: number
  name: string
  size_bytes: number
  sent_bytes: number
  state: UploadState
  bytes_per_second: number
  fault: UploadFault | null
  /** The server's name for the upload, once it has one. */
  upload_id: string | null
}

export interface UploadEvents {
  onCreated: (uploadId: string) => void
  onSent: (bytes: number) => void
  onDone: () => void
  onFault: (fault: UploadFault) => void
}

/** Begins or goes on with sending; `pause` keeps what arrived, `giveUp` removes it on the server too. */
export interface Transport {
  start: () => void
  pause: () => void
  giveUp: () => void
}
export type OpenTransport = (file: File, options: ImportOptions, events: UploadEvents) => Transport

interface Entry {
  item: UploadItem
  file: File
  transport: Transport
  samples: readonly Sample[]
}

export interface Sample {
  atMs: number
  bytes: number
}

const rateWindowMs = 8000

/** Bytes a second over the last eight seconds; 0 while there is nothing to measure. */
export const rateOf = (samples: readonly Sample[]): number => {
  const [first, last] = [samples[0], samples.at(-1)]
  if (first === undefined || last === undefined || last.atMs - first.atMs < 250) return 0
  return Math.max(0, ((last.bytes - first.bytes) / (last.atMs - first.atMs)) * 1000)
}

export const withSample = (samples: readonly Sample[], sample: Sample): Sample[] => {
  const kept = samples.filter((one) => sample.atMs - one.atMs <= rateWindowMs)
  // Going on after a break begins at what the server holds: that is no speed.
  return kept.length > 0 && sample.bytes < (kept.at(-1)?.bytes ?? 0) ? [sample] : [...kept, sample]
}

export interface UploadQueueOptions {
  open: OpenTransport
  atOnce?: number
  now?: () => number
  onDone?: (item: UploadItem) => void
}

export class UploadQueue {
  private entries: readonly Entry[] = []
  private items: readonly UploadItem[] = []
  private lastId = 0
  private owner: string | null = null
  private readonly options: UploadQueueOptions
  private readonly listeners = new Set<() => void>()

  constructor(options: UploadQueueOptions) {
    this.options = options
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }
  /** The same array as long as nothing has changed. */
  readonly snapshot = (): readonly UploadItem[] => this.items

  /**
   * Says whose session it is now. What one person has chosen is never sent in the name of another: it is let go, and what had
   * arrived stays theirs. Uploads of the same person that stopped with their session go on.
   */
  belongTo(owner: string | null): void {
    if (this.owner !== owner) {
      for (const { item, transport } of this.entries) if (item.state === 'sending') transport.pause()
      this.entries = []
    }
    this.owner = owner
    const stopped = this.entries.filter(({ item }) => item.state === 'failed' && item.fault?.needsSession === true)
    for (const { item } of stopped) this.change(item.id, { state: 'waiting', fault: null })
    this.turn()
  }

  add(files: readonly File[], options: ImportOptions): void {
    for (const file of files) {
      this.lastId += 1
      const id = this.lastId
      const item: UploadItem = {
        id,
        name: file.name,
        size_bytes: file.size,
        sent_bytes: 0,
        state: 'waiting',
        bytes_per_second: 0,
        fault: null,
        upload_id: null,
      }
      const transport = this.options.open(file, options, this.eventsOf(id))
      this.entries = [...this.entries, { item, file, transport, samples: [] }]
    }
    this.turn()
  }

  pause(id: number): void {
    const entry = this.find(id)
    if (entry === undefined || (entry.item.state !== 'sending' && entry.item.state !== 'waiting')) return
    if (entry.item.state === 'sending') entry.transport.pause()
    this.change(id, { state: 'paused', bytes_per_second: 0 })
    this.turn()
  }

  /** Goes on with what was paused or has failed, when its turn comes. */
  resume(id: number): void {
    const state = this.find(id)?.item.state
    if (state !== 'paused' && state !== 'failed') return
    this.change(id, { state: 'waiting', fault: null })
    this.turn()
  }

  /** Gives an upload up: nothing of it stays on the server. */
  cancel(id: number): void {
    const entry = this.find(id)
    if (entry === undefined) return
    this.entries = this.entries.filter((one) => one !== entry)
    if (entry.item.state !== 'done') entry.transport.giveUp()
    this.turn()
  }

  private find(id: number): Entry | undefined {
    return this.entries.find((one) => one.item.id === id)
  }

  private eventsOf(id: number): UploadEvents {
    return {
      onCreated: (uploadId) => this.change(id, { upload_id: uploadId }),
      onSent: (bytes) => this.sent(id, bytes),
      onDone: () => {
        const item = this.find(id)?.item
        this.change(id, { state: 'done', sent_bytes: item?.size_bytes ?? 0, bytes_per_second: 0 })
        if (item !== undefined) this.options.onDone?.(item)
        this.turn()
      },
      onFault: (fault) => {
        if (this.find(id)?.item.state !== 'sending') return
        this.change(id, { state: 'failed', fault, bytes_per_second: 0 })
        this.turn()
      },
    }
  }

  private sent(id: number, bytes: number): void {
    const entry = this.find(id)
    if (entry === undefined || entry.item.state !== 'sending') return
    const samples = withSample(entry.samples, { atMs: (this.options.now ?? Date.now)(), bytes })
    this.entries = this.entries.map((one) => (one === entry ? { ...one, samples } : one))
    this.change(id, { sent_bytes: bytes, bytes_per_second: rateOf(samples) })
  }

  private change(id: number, change: Partial<UploadItem>): void {
    this.entries = this.entries.map((one) => (one.item.id === id ? { ...one, item: { ...one.item, ...change } } : one))
    this.tell()
  }

  private turn(): void {
    let free = (this.options.atOnce ?? 2) - this.entries.filter((one) => one.item.state === 'sending').length
    for (const entry of this.entries) {
      if (free <= 0) break
      if (entry.item.state !== 'waiting') continue
      free -= 1
      this.change(entry.item.id, { state: 'sending' })
      entry.transport.start()
    }
    this.tell()
  }

  private tell(): void {
    this.items = this.entries.map((one) => one.item)
    for (const listener of this.listeners) listener()
  }
}
