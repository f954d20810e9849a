// Security item 95: what must not be found is planted, used in every way that there is, and then looked for in every file of
// the data folder, in a dump of every table, in the log, and in the audit log as it is exported.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { Secret } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, createApp } from '../server/app.ts'
import { withClient } from '../server/db/pool.ts'
import { codeAt, stepAt } from '../server/features/identity/factors/totp.ts'
import { loadConfig } from '../server/platform/config.ts'
import { createLog } from '../server/platform/log.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'vc-canary-'))
const password = 'canary password quiet lanterns'
const newPassword = 'canary phrase of another kind'
let app: App
let logged = ''
const canaries = new Map<string, string>()
const sink = new Writable({
  write: (chunk: Buffer, _encoding, done) => {
    logged += chunk.toString()
    done()
  },
})

const call = async (method: string, url: string, o: { token?: string; body?: unknown } = {}) => {
  const reply = await app.http.inject({
    method: method as 'GET',
    url,
    headers: { host: 'localhost:8000', ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }) },
    ...(o.body === undefined ? {} : { payload: o.body as object }),
  })
  return { status: reply.statusCode, headers: reply.headers, text: reply.body, json: <T>() => reply.json<T>() }
}

/** Under each of the names that it may hide by. */
const plant = (name: string, text: string): void => {
  expect(text.length, name).toBeGreaterThan(7)
  canaries.set(name, text)
  const forms = { base64: Buffer.from(text).toString('base64').replaceAll('=', ''), hex: Buffer.from(text).toString('hex') }
  for (const [form, encoded] of Object.entries(forms)) canaries.set(`${name}, as ${form}`, encoded)
}

const plantSeed = (seed: string): void => {
  plant('the key of the app', seed)
  canaries.set('the bytes of the key of the app', Secret.fromBase32(seed).latin1)
  canaries.set('the key of the app in hex', Secret.fromBase32(seed).hex.toLowerCase())
}

const tokensIn = (name: string, reply: { json: <T>() => T }): string => {
  const { access_token, refresh_token } = reply.json<{ access_token: string; refresh_token: string }>()
  plant(`${name}: access token`, access_token)
  plant(`${name}: refresh token`, refresh_token)
  return access_token
}

const live = async (): Promise<void> => {
  plant('the password', password)
  plant('the new password', newPassword)
  await app.operator.create_user({ username: 'ann', tenant: 'Home', role: 'admin', password, is_platform_admin: true })
  const token = tokensIn('sign-in', await call('POST', '/api/auth/login', { body: { username: 'ann', password } }))
  const begun = await call('POST', '/api/auth/2fa/setup', { token })
  const { secret, otpauth_uri } = begun.json<{ secret: string; otpauth_uri: string }>()
  plantSeed(secret)
  plant('the address of the key', otpauth_uri)
  const code = codeAt(secret, stepAt(new Date()))
  const verified = await call('POST', '/api/auth/2fa/verify', { token, body: { code } })
  expect(verified.status, verified.text).toBe(200)
  const codes = verified.json<{ recovery_codes: string[] }>().recovery_codes
  for (const [n, one] of codes.entries()) {
    plant(`recovery code ${n}`, one)
    plant(`recovery code ${n} without dashes`, one.replaceAll('-', ''))
  }
  const asked = await call('POST', '/api/auth/session', { body: { username: 'ann', password } })
  const challenge = asked.json<{ challenge: { token: string } }>().challenge.token
  plant('the challenge', challenge)
  await call('POST', '/api/auth/2fa/session', { body: { challenge, code: 'wrong' } })
  const cookie = await call('POST', '/api/auth/2fa/session', { body: { challenge, code: codes[0] } })
  expect(cookie.status).toBe(204)
  plant('the session of the browser', /=([^;]+)/.exec(String(cookie.headers['set-cookie']))?.[1] ?? '')
  expect((await call('POST', '/api/auth/step-up', { token, body: { code: codes[1] } })).status).toBe(200)
  const made = await call('POST', '/api/auth/api-keys', { token, body: { name: 'k', scopes: ['search'], expires_in_days: 1 } })
  plant('the API key', made.json<{ key: string }>().key)
  const changed = await call('POST', '/api/auth/password', { token, body: { current_password: password, new_password: newPassword } })
  expect(changed.status, changed.text).toBe(200)
  const disabled = await call('POST', '/api/auth/2fa/disable', { token, body: { password: newPassword, code: 'none of them' } })
  expect(disabled.status).toBe(422)
  // What a form of the original client may hold, and what goes wrong on the way.
  await call('POST', '/api/auth/login', { body: { username: newPassword, password: codes[2], scope: codes[3] } })
  tokensIn(
    'sign-in with a code',
    await call('POST', '/api/auth/login', { body: { username: 'ann', password: newPassword, scope: codes[4] } }),
  )
  expect((await app.operator.secrets_rotate()).length).toBeGreaterThan(0)
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const foundIn = (text: string): string[] => [...canaries].filter(([, canary]) => text.includes(canary)).map(([name]) => name)

beforeAll(async () => {
  app = await createApp({ config: loadConfig({ DATA_DIR: dataDir, DISK_RESERVE: '16MB' }), log: createLog('debug', sink) })
  await live()
})
afterAll(async () => {
  await app.close()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
})

describe('the planted secrets', () => {
  it('are many, and the search finds one that is there', () => {
    expect(canaries.size).toBeGreaterThan(80)
    expect(foundIn(`x ${password} y`)).toEqual(['the password'])
  })
  it('are in no file of the data folder while it is in use, write-ahead log and stores included', () => {
    const files = filesOf(dataDir)
    expect(files.length).toBeGreaterThan(500)
    expect(files.some((file) => file.includes('pg_wal'))).toBe(true)
    const hits = files.flatMap((file) => {
      try {
        return foundIn(readFileSync(file, 'latin1')).map((name) => `${name} in ${file}`)
      } catch {
        return []
      }
    })
    expect(hits).toEqual([])
  })
  it('are in no column of any table, where the files may hold it compressed', async () => {
    const dump = await withClient(
      { socketDir: join(dataDir, 'postgres', 's'), user: 'postgres', database: 'velocicompanion' },
      async (db) => {
        const { rows } = await db.query<{ name: string }>(
          "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
        )
        expect(rows.length).toBeGreaterThan(15)
        const texts: string[] = []
        for (const { name } of rows) texts.push(JSON.stringify((await db.query(`select * from "${name}"`)).rows))
        return texts.join('\n')
      },
    )
    expect(dump).toContain('factor.enable')
    expect(foundIn(dump)).toEqual([])
  })
  it('are in no line of the log, at its most talkative', () => {
    expect(logged).toContain('/api/auth/2fa/verify')
    expect(foundIn(logged)).toEqual([])
  })
  it('are in no row of the audit log', async () => {
    const { token } = await app.operator.pass({ tenant: 'Home' })
    const exported = await call('GET', '/api/audit/export?format=jsonl', { token })
    expect(exported.status).toBe(200)
    expect(exported.text).toContain('factor.enable')
    expect(foundIn(exported.text)).toEqual([])
  })
})
