import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from 'chdb'
import { Admission } from '../../platform/queues/admission.ts'
import { effectOf, Merging } from './merging.ts'
import { Sessions } from './sessions.ts'
import { literal } from './protocol/statement.ts'

export interface EngineOptions {
  folder: string
  memoryBytes: number
  threads: number
}

export interface Task {
  kind: 'read' | 'write'
  /** One checked statement, its FORMAT clause included. */
  text: string
  /** Values in the engine's escaped text form, as the HTTP protocol carries them. */
  params: ReadonlyMap<string, string>
  settings: Readonly<Record<string, string>>
  /** Chunks of a stream are whole rows; a document comes in one piece, with its figures. */
  isStream: boolean
  signal: AbortSignal
}

export interface Chunk {
  bytes: Uint8Array
  rowsRead: number
  bytesRead: number
}

/** There is no room for another query now. */
export class BusyError extends Error {}

const megabyte = 1024 * 1024

/** The engine is small: a few caches, few threads, no logs of its own, no retries over a network that it must not use. */
const engineArgs = (o: EngineOptions): string[] => [
  `--max_server_memory_usage=${o.memoryBytes}`,
  `--mark_cache_size=${32 * megabyte}`,
  `--primary_index_cache_size=${32 * megabyte}`,
  `--index_mark_cache_size=${8 * megabyte}`,
  `--uncompressed_cache_size=0`,
  `--index_uncompressed_cache_size=0`,
  `--mmap_cache_size=0`,
  `--query_condition_cache_size=${32 * megabyte}`,
  `--query_cache.max_size_in_bytes=0`,
  '--max_thread_pool_size=200',
  '--max_thread_pool_free_size=8',
  '--max_io_thread_pool_size=16',
  '--max_io_thread_pool_free_size=0',
  '--max_active_parts_loading_thread_pool_size=4',
  '--max_outdated_parts_loading_thread_pool_size=2',
  '--max_parts_cleaning_thread_pool_size=2',
  '--background_pool_size=2',
  '--background_merges_mutations_concurrency_ratio=1',
  '--background_merges_mutations_scheduling_policy=shortest_task_first',
  '--background_schedule_pool_size=4',
  '--background_common_pool_size=2',
  '--background_fetches_pool_size=1',
  '--background_move_pool_size=1',
  '--background_buffer_flush_schedule_pool_size=1',
  '--background_distributed_schedule_pool_size=1',
  '--background_message_broker_schedule_pool_size=1',
]

const always: Readonly<Record<string, string>> = {
  max_query_size: '268435456',
  http_max_tries: '1',
  allow_experimental_analyzer: '1',
}

const readDefaults = (o: EngineOptions): Record<string, string> => ({
  ...always,
  readonly: '1',
  max_threads: String(o.threads),
  // The engine's own measure is a gigabyte for each thread: in a small process every query would have a single one.
  max_threads_min_free_memory_per_thread: String(128 * megabyte),
  max_memory_usage: String(Math.floor(o.memoryBytes * 0.6)),
  max_execution_time: '60',
  max_bytes_before_external_sort: String(Math.floor(o.memoryBytes * 0.2)),
  max_bytes_before_external_group_by: String(Math.floor(o.memoryBytes * 0.2)),
})

const writeDefaults = (o: EngineOptions): Record<string, string> => ({
  ...always,
  max_threads: '1',
  max_insert_threads: '1',
  input_format_parallel_parsing: '0',
  // One insert, one block, one part: then one token stands for the whole of it.
  max_insert_block_size: '1048576',
  min_insert_block_size_rows: '1048576',
  min_insert_block_size_bytes: '268435456',
  max_memory_usage: String(Math.floor(o.memoryBytes * 0.6)),
  max_execution_time: '600',
  insert_deduplication_token: '',
  log_comment: '',
  mutations_sync: '2',
  alter_sync: '2',
  lightweight_deletes_sync: '2',
})

/** While nothing is asked the engine gives back, so often, the memory that queries and merges have left with its allocator. */
const purgeEveryMs = 10_000

const smaller = (a: string | undefined, b: string | undefined): string => String(Math.min(Number(a ?? b), Number(b ?? a)))
const assignments = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = ${literal(value)}`)
    .join(', ')

export class Engine {
  readonly #o: EngineOptions
  readonly #sessions: Sessions
  readonly #control: Session
  readonly #merging: Merging
  readonly #rooms = {
    read: new Admission({ running: 6, waiting: 64, waitMs: 20_000 }),
    write: new Admission({ running: 3, waiting: 32, waitMs: 60_000 }),
  }
  #tags = 0
  #running = 0

  constructor(o: EngineOptions) {
    this.#o = o
    this.#sessions = new Sessions(o.folder, engineArgs(o))
    this.#control = this.#sessions.open()
    this.#merging = new Merging({
      run: async (text) => void (await this.#control.queryAsync(text, { format: 'Null' })),
      oldestMergeS: async () => {
        const answer = await this.#control.queryAsync('SELECT max(elapsed) FROM system.merges', { format: 'TabSeparated' })
        return Number(Buffer.from(answer.bytes()).toString('utf8'))
      },
    })
    setInterval(() => this.#purge(), purgeEveryMs)
  }

  /**
   * The answer as it comes; nothing for a write. Leaving the loop or aborting the signal ends the query in the engine.
   * @throws BusyError; else the engine's error, whose message begins with "Code: n."
   */
  async *run(task: Task): AsyncGenerator<Chunk> {
    const room = this.#rooms[task.kind]
    if (!(await room.enter(task.signal))) throw new BusyError()
    const tag = `${process.pid}-${++this.#tags}`
    const effect = task.kind === 'read' ? 'none' : effectOf(task.text)
    let isOver = false
    let isWhole = false
    let hasBegun = false
    const stop = (): void => void this.#kill(tag, () => isOver)
    const session = this.#sessions.take()
    this.#running++
    try {
      task.signal.throwIfAborted()
      task.signal.addEventListener('abort', stop)
      const settings = this.#settings(task, tag)
      await this.#prepare(session, task, settings)
      await this.#merging.before(effect)
      hasBegun = true
      const text = task.kind === 'read' ? `${task.text} SETTINGS ${assignments(settings)}` : task.text
      yield* task.isStream ? streamed(session, text) : whole(session, text)
      isWhole = true
    } finally {
      isOver = true
      if (hasBegun) this.#merging.after(effect)
      task.signal.removeEventListener('abort', stop)
      if (isWhole) this.#sessions.give(session)
      else await this.#sessions.rinse(session)
      room.leave()
      this.#running--
    }
  }

  #settings(task: Task, tag: string): Record<string, string> {
    const own = task.kind === 'read' ? readDefaults(this.#o) : writeDefaults(this.#o)
    const max_memory_usage = smaller(task.settings.max_memory_usage, own.max_memory_usage)
    return { ...own, ...task.settings, max_memory_usage, log_comment: tag }
  }

  /** Values and, for a write, settings: every one of them each time, so that a session remembers nothing of whom it served. */
  async #prepare(session: Session, task: Task, settings: Readonly<Record<string, string>>): Promise<void> {
    const sets = [...task.params].map(([name, value]) => `SET param_${name} = ${literal(value)}`)
    // The tag by which a query is found to be killed counts only when it is set before the query, not with it.
    const early = { max_query_size: settings.max_query_size ?? '', log_comment: settings.log_comment ?? '' }
    const first = `SET ${assignments(task.kind === 'write' ? settings : early)}`
    await session.queryAsync([first, ...sets].join(';\n'), { format: 'Null' })
  }

  #purge(): void {
    if (this.#running > 0) return
    this.#control.queryAsync('SYSTEM JEMALLOC PURGE', { format: 'Null' }).catch(() => undefined)
  }

  /** A kill that comes before the engine has begun the query finds nothing: it is repeated until the query is over. */
  async #kill(tag: string, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const kill = `KILL QUERY WHERE Settings['log_comment'] = ${literal(tag)} ASYNC`
      await this.#control.queryAsync(kill, { format: 'Null' }).catch(() => undefined)
      await sleep(100)
    }
  }
}

async function* whole(session: Session, text: string): AsyncGenerator<Chunk> {
  const result = await session.queryAsync(text, { format: 'TabSeparated' })
  yield { bytes: result.bytes(), rowsRead: result.rowsRead, bytesRead: result.bytesRead }
}

async function* streamed(session: Session, text: string): AsyncGenerator<Chunk> {
  const stream = session.queryStream(text, { format: 'TabSeparated' })
  for await (const chunk of stream) yield { bytes: chunk.raw(), rowsRead: 0, bytesRead: 0 }
}
