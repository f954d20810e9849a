import { expect, test } from 'vitest'
import { dropDataDir, firstAccount, freePort, newDataDir, signIn, startServer } from '../harness/server.ts'

test('a second server on the same data folder is refused with a sentence, and the first one goes on', async () => {
  const dataDir = newDataDir()
  try {
    const first = await startServer({ dataDir })
    const client = await firstAccount(first.url)
    await expect(startServer({ dataDir, port: await freePort() })).rejects.toThrow(/another|already|in use/i)
    expect((await client.call('GET', '/api/auth/me')).status).toBe(200)
    await first.kill()
    const third = await startServer({ dataDir })
    expect((await (await signIn(third.url)).call('GET', '/api/auth/me')).status).toBe(200)
    await third.stop()
  } finally {
    dropDataDir(dataDir)
  }
}, 120_000)

test('of two servers that start at the same moment exactly one runs', async () => {
  const dataDir = newDataDir()
  try {
    const started = await Promise.allSettled([startServer({ dataDir }), startServer({ dataDir })])
    const running = started.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : []))
    expect(running).toHaveLength(1)
    await running[0]?.stop()
  } finally {
    dropDataDir(dataDir)
  }
}, 120_000)
