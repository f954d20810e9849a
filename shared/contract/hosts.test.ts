import { expect, test } from 'vitest'
import { createHost } from './hosts.ts'

test('a host takes metadata that a list of a thousand hosts can hold, and no more', () => {
  const host = (size: number) =>
    createHost.body.safeParse({ hostname: 'WS-1', host_metadata: { note: 'x'.repeat(size), owner: { name: 'Ann' } } })
  expect(host(16_000).success).toBe(true)
  expect(host(17_000).error?.issues).toMatchObject([{ path: ['host_metadata'], message: 'Use at most 16384 characters, written as JSON' }])
})
