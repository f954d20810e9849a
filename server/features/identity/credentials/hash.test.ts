import { expect, test } from 'vitest'
import { createHasher } from './hash.ts'

const mebibyte = 1_048_576
const costBytes = 19 * mebibyte

test('two hundred sign-ins at once take the memory of a few, and the next beyond those that may wait is told to come back', async () => {
  const hasher = createHasher()
  const stored = await hasher.hash('a lantern over the quay')
  const before = process.memoryUsage().rss
  let most = before
  const look = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 5)
  try {
    const asked = Array.from({ length: 200 }, (_, n) => hasher.verify(n % 2 === 0 ? stored : null, 'a lantern over the quay'))
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(100)
  } finally {
    clearInterval(look)
  }
  expect(most - before).toBeLessThan(8 * costBytes)
  const many = await Promise.allSettled(Array.from({ length: 410 }, () => hasher.verify(null, 'x')))
  const refused = many.filter((one) => one.status === 'rejected')
  expect(refused).toHaveLength(7)
  expect(refused[0]).toMatchObject({ reason: { code: 'unavailable' } })
})
