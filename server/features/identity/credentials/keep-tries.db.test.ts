import { beforeAll, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { pass } from '../../../../test/harness/people/factor-people.ts'
import { type SmallApp, startSmallApp } from '../../../../test/harness/small-app.ts'
import { inAuth } from '../../../db/auth.ts'

const plane = withControlPlane()
const hour = 3_600_000
const signIn = async (app: SmallApp, username: string, password: string): Promise<number> =>
  (
    await app.http.inject({
      method: 'POST',
      url: '/api/auth/login',
      headers: { host: 'localhost:8000', 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    })
  ).statusCode
const rows = () => inAuth(plane.control.auth, (q) => q.selectFrom('counted_tries').selectAll().execute())
/** Runs until the work is done, as a process does from its start to its stop. */
const inProcess = async (work: (app: SmallApp) => Promise<void>): Promise<void> => {
  const app = await startSmallApp(plane)
  const stop = await app.identity.keepTries()
  await work(app)
  await stop()
  await app.http.close()
}

beforeAll(() =>
  inProcess(async ({ identity }) => {
    for (const username of ['ann', 'bob'])
      await identity.createUserByOperator({ username, password: pass, tenant_name: 'Home', role: 'user', is_platform_admin: false })
  }),
)

describe('wrong tries', () => {
  it('count on after a restart, and a right one begins anew there too', async () => {
    await inProcess(async (app) => {
      for (let i = 0; i < 10; i++) expect(await signIn(app, 'ann', 'a wrong guess')).toBe(401)
      for (let i = 0; i < 9; i++) expect(await signIn(app, 'bob', 'a wrong guess')).toBe(401)
      expect(await signIn(app, 'bob', pass)).toBe(200)
    })
    await inProcess(async (app) => {
      expect(await signIn(app, 'ann', pass)).toBe(429)
      for (let i = 0; i < 10; i++) expect(await signIn(app, 'bob', 'a wrong guess')).toBe(401)
    })
    await inProcess(async (app) => {
      expect(await signIn(app, 'bob', pass)).toBe(429)
      app.clock.now = new Date(app.clock.now.getTime() + 5 * 60_000)
      expect(await signIn(app, 'ann', pass)).toBe(200)
    })
  })
  it('are kept under no name that was typed, and for an hour', async () => {
    await inProcess(async (app) => {
      await signIn(app, 'my own secret, typed into the wrong field', 'x')
    })
    const kept = await rows()
    expect(kept.length).toBeGreaterThan(3)
    for (const { key_hash } of kept) expect(key_hash).toMatch(/^[\w-]{43}$/)
    await inProcess(async (app) => {
      app.clock.now = new Date(app.clock.now.getTime() + hour + 1)
      await signIn(app, 'somebody', 'x')
    })
    expect(await rows()).toHaveLength(3)
  })
})
