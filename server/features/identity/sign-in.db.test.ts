import { afterAll, beforeAll, expect, test } from 'vitest'
import { withControlPlane } from '../../../test/harness/control-plane.ts'
import { type SmallApp, startSmallApp } from '../../../test/harness/small-app.ts'
import type { User } from '../../../shared/contract/identity.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
const other = 'seven quiet lanterns drift'
const email = 'ann@example.org'
let app: SmallApp
beforeAll(async () => {
  app = await startSmallApp(plane)
})
afterAll(() => app.http.close())

const post = (url: string, body: unknown, token?: string) =>
  app.http.inject({
    method: 'POST',
    url,
    headers: {
      host: 'localhost:8000',
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
const signIn = (username: string, password: string, token?: string) => post('/api/auth/login', { username, password }, token)
const tokenOf = async (username: string, password: string): Promise<string> =>
  (await signIn(username, password)).json<{ access_token: string }>().access_token
const whoIs = async (token: string): Promise<string> =>
  (await app.http.inject({ url: '/api/auth/me', headers: { host: 'localhost:8000', authorization: `Bearer ${token}` } })).json<User>()
    .username

test('by an e-mail address works whoever else gives the same one, and gives nobody more tries at another', async () => {
  await post('/api/auth/register', { username: 'root', password: pass })
  const root = await tokenOf('root', pass)
  const add = (username: string, password: string) => post('/api/users', { username, email, role: 'user', password }, root)
  for (const name of ['ann', 'claim1', 'claim2', 'claim3']) await add(name, name === 'ann' ? pass : other)
  expect(await whoIs(await tokenOf(email, pass))).toBe('ann')
  await add(email, other)
  expect(await whoIs(await tokenOf(email, pass))).toBe('ann')
  const claim = await tokenOf('claim1', other)
  const guesses = await Promise.all(Array.from({ length: 12 }, () => signIn(email, 'guess', claim)))
  expect(guesses.map((r) => r.statusCode).filter((status) => status === 429)).toHaveLength(2)
})
