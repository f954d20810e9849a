// The matcher as hunts use it: a thread that is started when it is needed first, keeps the rules that it has read, and goes when nobody has
// asked it anything for a while.
import { setImmediate as letOthers } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { startThread } from '../../../platform/entry.ts'
import type { Answers, Ask, KnownClass, Matched, Pass, Reply, Request, RunnableRule } from './messages.ts'

/** It holds thousands of rules and what it remembers of values. */
const heapMb = 1024
const idleMs = 10 * 60_000
/** Rules are written as text on the thread that serves requests: so many at a time. */
const rulesAtOnce = 50

class Thread {
  private readonly worker: Worker
  private readonly waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>()
  private next = 0
  isOver = false

  constructor() {
    this.worker = startThread('features/detections/hunt/worker', { resourceLimits: { maxOldGenerationSizeMb: heapMb } })
    this.worker.unref()
    this.worker.on('message', (reply: Reply) => {
      const asked = this.waiting.get(reply.id)
      this.waiting.delete(reply.id)
      if (reply.ok) asked?.resolve(reply.answer as never)
      else asked?.reject(new Error(reply.error))
    })
    this.worker.on('error', (error) => this.fail(error))
    this.worker.on('exit', (code) => this.fail(new Error(`the thread of the matcher ended with ${code}`)))
  }

  private fail(error: Error): void {
    this.isOver = true
    for (const { reject } of this.waiting.values()) reject(error)
    this.waiting.clear()
  }

  ask<K extends keyof Answers>(ask: Ask & { kind: K }): Promise<Answers[K]> {
    return new Promise((resolve, reject) => {
      const id = this.next++
      this.waiting.set(id, { resolve, reject })
      this.worker.postMessage({ ...ask, id } satisfies Request, [])
    })
  }

  end(): Promise<unknown> {
    return this.worker.terminate()
  }
}

/** A set of rules by a name that changes with any of them. */
export interface NamedRules {
  name: string
  rules: readonly RunnableRule[]
}

export class Matcher {
  private thread: Thread | null = null
  private turn: Promise<unknown> = Promise.resolve()
  private idle: NodeJS.Timeout | null = null

  plan(set: NamedRules, classes: readonly KnownClass[]): Promise<readonly Pass[]> {
    return this.alone(async (thread) => {
      await this.know(thread, set)
      return thread.ask({ kind: 'plan', set: set.name, classes })
    })
  }

  /** The rows that the rules hold for. `chunks` is read as fast as the matcher goes. */
  match(set: NamedRules, o: { pass: number; chunks: AsyncIterable<Uint8Array> }): Promise<Matched> {
    return this.alone(async (thread) => {
      await this.know(thread, set)
      await thread.ask({ kind: 'begin', set: set.name, pass: o.pass })
      let before: Promise<unknown> = Promise.resolve()
      for await (const bytes of o.chunks) {
        await before
        before = thread.ask({ kind: 'chunk', bytes })
        before.catch(() => undefined)
      }
      await before
      return thread.ask({ kind: 'end' })
    })
  }

  correlate(ask: Omit<Ask & { kind: 'correlate' }, 'kind' | 'set'>): Promise<Answers['correlate']> {
    return this.alone((thread) => thread.ask({ kind: 'correlate', set: '', ...ask }))
  }

  async close(): Promise<void> {
    if (this.idle !== null) clearTimeout(this.idle)
    const { thread } = this
    this.thread = null
    await thread?.end()
  }

  private async know(thread: Thread, { name, rules }: NamedRules): Promise<void> {
    const { is_new } = await thread.ask({ kind: 'compile', set: name })
    if (!is_new) return
    for (let at = 0; at < rules.length || at === 0; at += rulesAtOnce) {
      const text = JSON.stringify(rules.slice(at, at + rulesAtOnce))
      await thread.ask({ kind: 'rules', set: name, text })
      await letOthers()
    }
    await thread.ask({ kind: 'compile', set: name })
  }

  /** One after the other: the thread reads one answer of the engine at a time. */
  private alone<T>(work: (thread: Thread) => Promise<T>): Promise<T> {
    const mine = this.turn.then(() => work(this.ready()))
    this.turn = mine.catch(() => undefined).then(() => this.rest())
    return mine
  }

  private ready(): Thread {
    if (this.idle !== null) clearTimeout(this.idle)
    if (this.thread === null || this.thread.isOver) this.thread = new Thread()
    return this.thread
  }

  private rest(): void {
    if (this.idle !== null) clearTimeout(this.idle)
    this.idle = setTimeout(() => void this.close(), idleMs)
    this.idle.unref()
  }
}
