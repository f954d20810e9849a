// SECRET_KEY is changed on an installation that is in use: second factors go on, and after the secrets were sealed anew the
// earlier key is not needed any more.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { type App, createApp } from '../server/app.ts'
import { withClient } from '../server/db/pool.ts'
import { codeAt, stepAt } from '../server/features/identity/factors/totp.ts'
import { loadConfig } from '../server/platform/config.ts'
import { createLog } from '../server/platform/log.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'vc-keys-'))
const password = 'seven quiet lanterns drift'
const first = 'violet harbour 91 quiet lantern over the bay'
const second = 'copper walrus 17 paints the tuesday ferry red'
let app: App | null = null
let seed = ''

const start = async (env: Record<string, string>): Promise<App> => {
  await app?.close()
  app = await createApp({ config: loadConfig({ DATA_DIR: dataDir, DISK_RESERVE: '16MB', ...env }), log: createLog('silent') })
  return app
}
const call = async (on: App, url: string, body: object, token?: string) => {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return await on.http.inject({ method: 'POST', url, headers: { host: 'localhost:8000', ...authorization }, payload: body })
}
/** A code that is taken though the one before came a moment ago: the test does not wait for the next half minute. */
const code = async (): Promise<string> => {
  const database = { socketDir: join(dataDir, 'postgres', 's'), user: 'postgres', database: 'velocicompanion' }
  await withClient(database, (db) => db.query('update totp_factors set last_step = 0'))
  return codeAt(seed, stepAt(new Date()))
}
const signIn = async (on: App, scope?: string) => await call(on, '/api/auth/login', { username: 'ann', password, scope })

afterEach(async () => {
  await app?.close()
  app = null
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }))

it('codes are taken under the first key, under both, and after the rotation under the second alone', async () => {
  const before = await start({ SECRET_KEY: first })
  await before.operator.create_user({ username: 'ann', tenant: 'Home', role: 'admin', password, is_platform_admin: true })
  const { access_token } = (await signIn(before)).json<{ access_token: string }>()
  seed = (await call(before, '/api/auth/2fa/setup', {}, access_token)).json<{ secret: string }>().secret
  expect((await call(before, '/api/auth/2fa/verify', { code: await code() }, access_token)).statusCode).toBe(200)

  const without = await start({ SECRET_KEY: second })
  const refused = await signIn(without, await code())
  expect([refused.statusCode, refused.body]).toEqual([503, expect.stringContaining('SECRET_KEYS_OLD')])
  expect(await without.operator.secrets_rotate()).toContainEqual(expect.objectContaining({ total: 1, sealed_anew: 0, unreadable: 1 }))

  const both = await start({ SECRET_KEY: second, SECRET_KEYS_OLD: first })
  expect((await signIn(both, await code())).statusCode).toBe(200)
  expect(await both.operator.secrets_rotate()).toContainEqual(expect.objectContaining({ total: 1, sealed_anew: 1, unreadable: 0 }))

  const after = await start({ SECRET_KEY: second })
  expect((await signIn(after, await code())).statusCode).toBe(200)
  expect(await after.operator.reset_factor({ username: 'ann' })).toMatchObject({ username: 'ann', ended_sessions: 3 })
  expect((await signIn(after)).statusCode).toBe(200)
  await expect(after.operator.reset_factor({ username: 'ann' })).rejects.toThrow('This person has no second factor.')
  await expect(after.operator.reset_factor({ username: 'nobody' })).rejects.toThrow('There is no such person.')
})
