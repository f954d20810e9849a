import { resolve } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ConfigError, isLoopback, loadConfig } from './config.ts'

const faultsOf = (env: Record<string, string | undefined>): readonly string[] => {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}
const bytesOf = (text: string): number => loadConfig({ MAX_UPLOAD: text }).MAX_UPLOAD
const key = 'kG7vQ2pXw9LmZ4tB8nRc5yHs1dFj6aUe'

test('nothing has to be set, and empty values count as not set', () => {
  expect(loadConfig({})).toEqual(loadConfig({ HOST: '', PORT: '', TRUST_PROXY: '', TLS_CERT: '', UNKNOWN: 'x' }))
  expect(loadConfig({})).toMatchObject({
    HOST: '127.0.0.1',
    PORT: 8000,
    DATA_DIR: resolve('data'),
    ROLES: ['web', 'worker'],
    TRUST_PROXY: [],
  })
})

test('all faults are named at once', () => {
  const faults = faultsOf({ PORT: '70000', REGISTRATION: 'maybe', MAX_UPLOAD: 'much', DATABASE_URL: 'mysql://x/y' })
  expect(faults.map((f) => f.split(':')[0]).sort()).toEqual(['DATABASE_URL', 'MAX_UPLOAD', 'PORT', 'REGISTRATION'])
  expect(faultsOf({ HOST: '0.0.0.0', TLS_CERT: 'c.pem', DATABASE_URL: 'postgres://a@b/c', ROLES: 'web' })).toHaveLength(3)
})

test('an address that others can reach is refused without TLS, a proxy, or a lab that says so', () => {
  for (const HOST of ['0.0.0.0', '::', '192.0.2.7', 'hunt.example'])
    expect(faultsOf({ HOST })).toEqual([expect.stringContaining(`HOST=${HOST} is reachable from other machines`)])
  for (const cover of [{ TLS_CERT: 'c', TLS_KEY: 'k' }, { TRUST_PROXY: '10.0.0.1' }, { ALLOW_INSECURE_HTTP: 'true' }])
    expect(faultsOf({ HOST: '0.0.0.0', ...cover })).toEqual([])
  expect(faultsOf({ HOST: '0.0.0.0', ALLOW_INSECURE_HTTP: 'no' })).toHaveLength(1)
  expect(['127.0.0.1', '127.9.9.9', '::1', 'localhost'].every(isLoopback)).toBe(true)
  expect(['127.0.0.1.example', '0.0.0.0', '::', '128.0.0.1'].some(isLoopback)).toBe(false)
})

test('external stores need a secret, and a secret from an example is refused', () => {
  expect(faultsOf({ DATABASE_URL: 'postgres://a@b/c' })).toEqual([expect.stringContaining('SECRET_KEY: required')])
  expect(faultsOf({ CLICKHOUSE_URL: 'http://b:8123' })).toEqual([expect.stringContaining('SECRET_KEY: required')])
  expect(faultsOf({ DATABASE_URL: 'postgres://a@b/c', SECRET_KEY: key })).toEqual([])
  for (const bad of ['a'.repeat(40), `please-change-me-${key}`, `CHANGEME${key}`, `your-secret-key-${key}`, `example-${key}`])
    expect(faultsOf({ SECRET_KEY: bad })).toEqual([expect.stringContaining('looks like an example')])
  expect(faultsOf({ SECRET_KEY: 'short' })).toHaveLength(1)
})

test('a fault never shows the value of a secret', () => {
  for (const env of [{ SECRET_KEY: 'example-hunter2' }, { DATABASE_URL: 'mysql://u:hunter2@h/d' }, { CLICKHOUSE_URL: 'ftp://u:hunter2@h' }])
    expect(faultsOf(env).join()).not.toContain('hunter2')
})

test('splitting the roles needs both external stores', () => {
  expect(faultsOf({ ROLES: 'worker' })).toHaveLength(1)
  expect(faultsOf({ ROLES: 'worker', DATABASE_URL: 'postgres://a@b/c', SECRET_KEY: key })).toHaveLength(1)
  expect(faultsOf({ ROLES: 'worker', DATABASE_URL: 'postgres://a@b/c', CLICKHOUSE_URL: 'http://b:8123', SECRET_KEY: key })).toEqual([])
  expect(faultsOf({ ROLES: 'web,cook' })).toHaveLength(1)
})

test('bytes are numbers with units of thousands, or of 1024 with an i', () => {
  for (const [text, bytes] of [
    ['0', 0],
    ['1024', 1024],
    ['10b', 10],
    ['500MB', 500e6],
    ['500 mb', 500e6],
    ['1.5k', 1500],
    ['20GiB', 20 * 1024 ** 3],
    ['2TiB', 2 * 1024 ** 4],
  ] as const)
    expect(bytesOf(text), text).toBe(bytes)
  for (const bad of ['-1', '1e9', 'GB', '1.2.3', '5 potatoes', '1PB', '0x10']) expect(faultsOf({ MAX_UPLOAD: bad }), bad).toHaveLength(1)
})

test('any whole number of bytes is read as itself', () => {
  fc.assert(fc.property(fc.maxSafeNat(), (n) => bytesOf(String(n)) === n))
})

test('mail needs a sender, the address of the links, both halves of its login, and no password in clear on the network', () => {
  const mail = { SMTP_HOST: 'smtp.example.org', FROM_EMAIL: 'hunt@example.org', PUBLIC_URL: 'https://hunt.example.org/' }
  expect(loadConfig(mail)).toMatchObject({ PUBLIC_URL: 'https://hunt.example.org' })
  for (const missing of ['FROM_EMAIL', 'PUBLIC_URL'])
    expect(faultsOf({ ...mail, [missing]: '' })).toEqual([expect.stringContaining('SMTP_HOST')])
  expect(faultsOf({ ...mail, SMTP_USER: 'u' })).toEqual([expect.stringContaining('SMTP_PASSWORD')])
  const login = { SMTP_USER: 'u', SMTP_PASSWORD: 'p', SMTP_SECURITY: 'none' }
  expect(faultsOf({ ...mail, ...login })).toEqual([expect.stringContaining('in clear')])
  expect(faultsOf({ ...mail, ...login, SMTP_HOST: '127.0.0.1' })).toEqual([])
  for (const bad of ['x\r\nBcc: a@b.org', 'Hunt <hunt@example.org>', 'a@b.org\n'])
    expect(faultsOf({ ...mail, FROM_EMAIL: bad })).toHaveLength(1)
})

test('links in mails begin with a bare address, over https unless this is a lab', () => {
  for (const bad of ['https://a.example/app', 'https://a.example/?x=1', 'https://u:p@a.example', 'ftp://a.example', 'a.example'])
    expect(faultsOf({ PUBLIC_URL: bad })).toEqual([expect.stringContaining('PUBLIC_URL')])
  expect(faultsOf({ PUBLIC_URL: 'http://a.example' })).toEqual([expect.stringContaining('https')])
  expect(faultsOf({ PUBLIC_URL: 'http://a.example', ALLOW_INSECURE_HTTP: 'true' })).toEqual([])
  expect(faultsOf({ PUBLIC_URL: 'http://localhost:8000' })).toEqual([])
})
