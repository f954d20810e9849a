// People with second factors, on a small application of their own whose clock the test moves.
import { afterEach, beforeEach, expect } from 'vitest'
import { codeAt, stepAt } from '../../../server/features/identity/factors/totp.ts'
import { inTenant } from '../../../server/db/tenant.ts'
import type { GivenRole } from '../../../shared/domain/permissions.ts'
import { withControlPlane } from '../control-plane.ts'
import { type SmallApp, startSmallApp } from '../small-app.ts'

export const pass = 'kernel flag muffin orbit'

interface Call {
  token?: string
  body?: unknown
  ip?: string
  headers?: Record<string, string>
}
export interface Person {
  id: string
  tenant_id: string
  username: string
  token: string
  seed: string
  recovery: string[]
}

type Reply = Awaited<ReturnType<SmallApp['http']['inject']>>

export const withFactorPeople = () => {
  const plane = withControlPlane()
  let app: SmallApp
  const call = (method: string, url: string, o: Call = {}) =>
    app.http.inject({
      method: method as 'GET',
      url,
      remoteAddress: o.ip ?? '127.0.0.1',
      headers: {
        host: 'localhost:8000',
        ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
        ...(o.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...o.headers,
      },
      ...(o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
    })
  const wait = (ms: number): void => {
    app.clock.now = new Date(app.clock.now.getTime() + ms)
  }
  /** The code that an app shows now; the clock goes on first, since each works once. */
  const code = (seed: string): string => {
    wait(30_000)
    return codeAt(seed, stepAt(app.clock.now))
  }
  const login = (username: string, o: Call & { scope?: string } = {}): Promise<Reply> =>
    call('POST', '/api/auth/login', { ip: o.ip, body: { username, password: pass, ...(o.scope === undefined ? {} : { scope: o.scope }) } })
  const tokenOf = (reply: Reply): string => reply.json<{ access_token: string }>().access_token
  const challengeOf = (reply: Reply): string => reply.json<{ challenge: { token: string } }>().challenge.token
  const problemOf = (reply: Reply): [number, string] => [reply.statusCode, reply.json<{ code: string }>().code]

  const plain = async (username: string, role: GivenRole = 'user', tenant_name = 'Home'): Promise<Person> => {
    const user = await app.identity.createUserByOperator({ username, password: pass, tenant_name, role, is_platform_admin: false })
    return { id: user.id, tenant_id: user.tenant_id, username, token: tokenOf(await login(username)), seed: '', recovery: [] }
  }
  const setUp = async (person: Person): Promise<Person> => {
    const begun = await call('POST', '/api/auth/2fa/setup', { token: person.token })
    expect(begun.statusCode, begun.body).toBe(200)
    const seed = begun.json<{ secret: string }>().secret
    const done = await call('POST', '/api/auth/2fa/verify', { token: person.token, body: { code: code(seed) } })
    expect(done.statusCode, done.body).toBe(200)
    return { ...person, seed, recovery: done.json<{ recovery_codes: string[] }>().recovery_codes }
  }
  const guarded = async (username: string, role: GivenRole = 'user', tenant = 'Home'): Promise<Person> =>
    setUp(await plain(username, role, tenant))
  const complete = (challenge: string, given: string, o: Call = {}) =>
    call('POST', '/api/auth/2fa/login', { ...o, body: { challenge, code: given } })
  const rowsOf = (tenantId: string) =>
    inTenant(plane.control.forTenant(tenantId), (q) => q.selectFrom('audit_rows').selectAll().orderBy('seq').execute())

  beforeEach(async () => {
    await plane.control.migrateDown(100)
    await plane.control.migrateUp()
    app = await startSmallApp(plane, {})
  })
  afterEach(() => app.http.close())
  return { plane, app: () => app, call, wait, code, login, tokenOf, challengeOf, problemOf, plain, setUp, guarded, complete, rowsOf }
}
