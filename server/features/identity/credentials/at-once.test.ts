import { expect, test } from 'vitest'
import { createAtOnce } from './at-once.ts'

const outcomes = (all: PromiseSettledResult<unknown>[]): string[] => all.map((one) => one.status)

test('runs a few of one network at once, refuses the others, and leaves other networks alone', async () => {
  const atOnce = createAtOnce(2)
  let release = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const all = ['198.51.100.9', '198.51.100.9', '198.51.100.9', '203.0.113.5', '2001:db8::1', '2001:db8::2', '2001:db8::3'].map((ip) =>
    atOnce(ip, () => gate),
  )
  release()
  expect(outcomes(await Promise.allSettled(all))).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
  ])
})

test('makes room again when the work ends, also when it fails', async () => {
  const atOnce = createAtOnce(1)
  await expect(atOnce('192.0.2.1', () => Promise.reject(new Error('it failed')))).rejects.toThrow('it failed')
  expect(await atOnce('192.0.2.1', () => Promise.resolve('done'))).toBe('done')
})
