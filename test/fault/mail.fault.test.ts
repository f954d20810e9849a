import { expect, test } from 'vitest'
import type { MailStatus } from '../../shared/contract/platform/mail.ts'
import { dropDataDir, firstAccount, freePort, newDataDir, signIn, startServer } from '../harness/server.ts'
import { startMailSink } from '../harness/mail/sink.ts'

test('a server killed in the middle of a mail sends it after its start, and says that it may have arrived twice', async () => {
  const dataDir = newDataDir()
  const port = await freePort()
  const sink = await startMailSink()
  let isStuck = true
  const gone: string[] = []
  sink.manners.beforeAnswer = async (mail) => {
    if (!isStuck) return
    gone.push(mail.headers['message-id'] ?? '')
    await new Promise(() => undefined)
  }
  try {
    const first = await startServer({ dataDir, port, env: sink.env })
    const client = await firstAccount(first.url)
    await client.call('PUT', '/api/auth/me', { email: 'mara@halden.example', current_password: 'a lantern over the quay' })
    expect((await client.call('POST', '/api/mail/test', {})).status).toBe(202)
    for (const end = Date.now() + 20_000; gone.length === 0 && Date.now() < end; ) await new Promise((again) => setTimeout(again, 20))
    await first.kill()
    isStuck = false
    const second = await startServer({ dataDir, port, env: sink.env })
    const [mail] = await sink.next()
    expect([mail?.headers['message-id']]).toEqual(gone)
    const again = await signIn(second.url)
    let status = (await again.call<MailStatus>('GET', '/api/mail')).body
    for (const end = Date.now() + 10_000; status.waiting > 0 && Date.now() < end; )
      status = (await again.call<MailStatus>('GET', '/api/mail')).body
    expect(status).toMatchObject({ waiting: 0, sent_last_day: 1, maybe_twice_last_week: 1, test: { state: 'sent', attempts: 2 } })
    // Once is once: nothing follows.
    await new Promise((later) => setTimeout(later, 3000))
    expect(sink.mails).toHaveLength(1)
    expect(await second.stop()).toBe(0)
    expect(first.output() + second.output()).not.toContain('mara@halden')
  } finally {
    await sink.close()
    dropDataDir(dataDir)
  }
})
