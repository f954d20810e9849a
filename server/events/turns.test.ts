import { expect, test } from 'vitest'
import type { Connection } from './handle.ts'
import { inTurn } from './turns.ts'

const places = 4
const pile = () => {
  const connection = {} as Connection
  const release: (() => void)[] = []
  const started: string[] = []
  const ask = (database: string, signal?: AbortSignal) =>
    inTurn({ connection, database }, signal, async () => {
      started.push(database)
      await new Promise<void>((resolve) => release.push(resolve))
      return database
    })
  return { ask, started, releaseOne: () => release.shift()?.() }
}
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('a tenant with many queries keeps some waiting, and another begins at once', async () => {
  const { ask, started, releaseOne } = pile()
  const all = Array.from({ length: 10 }, () => ask('t_a'))
  await settle()
  expect(started).toEqual(Array.from({ length: places }, () => 't_a'))
  const other = ask('t_b')
  await settle()
  expect(started.at(-1)).toBe('t_b')
  for (let i = 0; i < 11; i++) {
    releaseOne()
    await settle()
  }
  expect(await Promise.all([...all, other])).toHaveLength(11)
})

test('who goes while waiting is told so and takes no place, and the pile of waiting ones has an end', async () => {
  const { ask, releaseOne } = pile()
  const first = Array.from({ length: places }, () => ask('t_a'))
  await settle()
  const gone = new AbortController()
  const left = ask('t_a', gone.signal)
  gone.abort(new Error('the caller has gone'))
  await expect(left).rejects.toThrow('the caller has gone')
  const waiting = Array.from({ length: 100 }, () => ask('t_a'))
  await expect(ask('t_a')).rejects.toMatchObject({ code: 'unavailable' })
  for (let i = 0; i < places + 100; i++) {
    releaseOne()
    await settle()
  }
  expect(await Promise.all([...first, ...waiting])).toHaveLength(places + 100)
})
