import { describe, expect, it } from 'vitest'
import { type OpenTransport, rateOf, type UploadEvents, UploadQueue, withSample } from './upload-queue.ts'

const file = (name: string, size: number) => ({ name, size }) as File

const rig = (atOnce?: number) => {
  const log: string[] = []
  const events = new Map<string, UploadEvents>()
  const open: OpenTransport = (given, _options, on) => {
    events.set(given.name, on)
    return {
      start: () => log.push(`start ${given.name}`),
      pause: () => log.push(`pause ${given.name}`),
      giveUp: () => log.push(`give up ${given.name}`),
    }
  }
  let now = 0
  const queue = new UploadQueue({ open, now: () => now, ...(atOnce === undefined ? {} : { atOnce }) })
  const on = (name: string): UploadEvents => {
    const found = events.get(name)
    if (found === undefined) throw new Error(`no transport for ${name}`)
    return found
  }
  const states = () => Object.fromEntries(queue.snapshot().map((item) => [item.name, item.state]))
  return { queue, log, on, states, tick: (ms: number) => (now += ms) }
}

describe('the upload queue', () => {
  it('sends two at a time and the next when one is through', () => {
    const { queue, log, on, states } = rig()
    queue.add([file('a', 1), file('b', 1), file('c', 1)], {})
    expect(log).toEqual(['start a', 'start b'])
    on('a').onDone()
    expect(log.at(-1)).toBe('start c')
    expect(states()).toEqual({ a: 'done', b: 'sending', c: 'sending' })
  })
  it('never sends what one person chose in the session of another', () => {
    const { queue, log, states } = rig(1)
    queue.belongTo('mara')
    queue.add([file('a', 1), file('b', 1)], {})
    queue.belongTo('ilan')
    expect(states()).toEqual({})
    expect(log).toEqual(['start a', 'pause a'])
  })
  it('goes on after the same person has signed in again, with what stopped for want of a session only', () => {
    const { queue, log, on, states } = rig()
    queue.belongTo('mara')
    queue.add([file('a', 1), file('b', 1)], {})
    on('a').onFault({ message: 'ended', canRetry: true, needsSession: true })
    on('b').onFault({ message: 'full', canRetry: true })
    queue.belongTo('mara')
    expect(states()).toEqual({ a: 'sending', b: 'failed' })
    expect(log.filter((line) => line === 'start a')).toHaveLength(2)
  })
  it('lets the next go when one is paused, and takes it up again in its turn', () => {
    const { queue, log, states } = rig(1)
    queue.add([file('a', 1), file('b', 1)], {})
    queue.pause(1)
    expect(log).toEqual(['start a', 'pause a', 'start b'])
    queue.resume(1)
    expect(states()).toEqual({ a: 'waiting', b: 'sending' })
    queue.cancel(2)
    expect(log.slice(-2)).toEqual(['give up b', 'start a'])
  })
  it('keeps what went wrong beside its file and goes on with the others', () => {
    const { queue, on, states, log } = rig(1)
    queue.add([file('a', 1), file('b', 1)], {})
    on('a').onFault({ message: 'The disk of the server is full.', canRetry: true })
    expect(states()).toEqual({ a: 'failed', b: 'sending' })
    expect(queue.snapshot()[0]?.fault?.message).toBe('The disk of the server is full.')
    queue.resume(1)
    on('b').onDone()
    expect(log.at(-1)).toBe('start a')
    expect(queue.snapshot()[0]?.fault).toBeNull()
  })
  it('hears nothing more of a file that was given up', () => {
    const { queue, on } = rig()
    queue.add([file('a', 10)], {})
    queue.cancel(1)
    on('a').onSent(5)
    on('a').onDone()
    expect(queue.snapshot()).toEqual([])
  })
  it('never asks to delete what has arrived whole', () => {
    const { queue, on, log } = rig()
    queue.add([file('a', 10)], {})
    on('a').onDone()
    queue.cancel(1)
    expect(log).toEqual(['start a'])
  })
  it('measures the rate over the last seconds', () => {
    const { queue, on, tick } = rig()
    queue.add([file('a', 10_000)], {})
    on('a').onSent(0)
    tick(1000)
    on('a').onSent(2000)
    expect(queue.snapshot()[0]).toMatchObject({ sent_bytes: 2000, bytes_per_second: 2000 })
  })
  it('gives the same list as long as nothing has changed', () => {
    const { queue } = rig()
    queue.add([file('a', 1)], {})
    expect(queue.snapshot()).toBe(queue.snapshot())
  })
})

describe('the rate', () => {
  it('begins anew when the server holds less than was sent', () => {
    const samples = withSample(withSample([], { atMs: 0, bytes: 500 }), { atMs: 1000, bytes: 100 })
    expect(samples).toEqual([{ atMs: 1000, bytes: 100 }])
    expect(rateOf(samples)).toBe(0)
  })
  it('forgets what is long ago', () => {
    let samples = withSample([], { atMs: 0, bytes: 0 })
    samples = withSample(samples, { atMs: 10_000, bytes: 1000 })
    samples = withSample(samples, { atMs: 11_000, bytes: 3000 })
    expect(rateOf(samples)).toBe(2000)
  })
})
