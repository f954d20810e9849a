// The whole product in the test's own process, on stores of its own: requests go in by injection, jobs really run.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type App, createApp } from '../../server/app.ts'
import { loadConfig } from '../../server/platform/config.ts'
import { createLog, type Log } from '../../server/platform/log.ts'
import type { GivenRole } from '../../shared/domain/permissions.ts'
import { copyControlPlane } from './ready-control-plane.ts'
import type { Receipt } from './server.ts'

export const password = 'seven quiet lanterns drift'

interface Answer<T> {
  status: number
  body: T
  headers: Record<string, unknown>
}

export interface Caller {
  /** The header that it sends. */
  authorization: string
  username: () => Promise<string | undefined>
  call: <T = unknown>(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer<T>>
  upload: (files: { name: string; data: Buffer | string }[], fields?: Record<string, string>) => Promise<Answer<{ imports: Receipt[] }>>
  /** Imports one file and waits for its receipt. */
  importFile: (name: string, data: Buffer | string, fields?: Record<string, string>) => Promise<Receipt>
  settled: (id: string) => Promise<Receipt>
  total: (query: string) => Promise<number>
}

export interface TestApp {
  app: () => App
  /** A person in a tenant of that name, made when it does not exist, signed in. */
  person: (tenant: string, role?: GivenRole) => Promise<Caller>
  signIn: (username: string) => Promise<Caller>
  /** The address of the product, which listens from then on. */
  listen: () => Promise<string>
  setQuota: (tenantId: string, quotaBytes: number) => Promise<void>
}

const multipart = (
  files: { name: string; data: Buffer | string }[],
  fields: Record<string, string>,
): { body: Buffer; contentType: string } => {
  const boundary = 'a-boundary-of-the-tests'
  const parts = [
    ...Object.entries(fields).map(([name, value]) =>
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
    ),
    ...files.flatMap(({ name, data }) => [
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="files"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
      ),
      Buffer.from(data),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]
  return { body: Buffer.concat(parts), contentType: `multipart/form-data; boundary=${boundary}` }
}

const rest = new Set(['ready', 'partly', 'failed', 'cancelled', 'locked'])

const callerFor = (app: App, token: string): Caller => {
  const inject = async <T>(
    method: string,
    url: string,
    o: { payload?: Buffer | string; headers?: Record<string, string> },
  ): Promise<Answer<T>> => {
    const reply = await app.http.inject({
      method: method as 'GET',
      url,
      headers: { host: 'localhost', authorization: `Bearer ${token}`, ...o.headers },
      ...(o.payload === undefined ? {} : { payload: o.payload }),
    })
    const isJson = String(reply.headers['content-type'] ?? '').includes('json')
    return { status: reply.statusCode, body: (isJson ? reply.json() : reply.body) as T, headers: reply.headers }
  }
  const caller: Caller = {
    authorization: `Bearer ${token}`,
    username: async () => (await caller.call<{ username?: string }>('GET', '/api/auth/me')).body.username,
    call: (method, path, body, headers = {}) =>
      inject(
        method,
        path,
        body === undefined ? { headers } : { payload: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } },
      ),
    upload: (files, fields = {}) => {
      const { body, contentType } = multipart(files, fields)
      return inject('POST', '/api/ingestion/ingest', { payload: body, headers: { 'content-type': contentType } })
    },
    importFile: async (name, data, fields = {}) => {
      const sent = await caller.upload([{ name, data }], fields)
      if (sent.status !== 202) throw new Error(`the upload answered ${sent.status}: ${JSON.stringify(sent.body)}`)
      return caller.settled(sent.body.imports[0]?.id ?? '')
    },
    settled: async (id) => {
      for (const until = Date.now() + 60_000; ; await new Promise((resolve) => setTimeout(resolve, 30))) {
        const { body } = await caller.call<Receipt>('GET', `/api/ingestion/imports/${id}`)
        if (rest.has(body.state)) return body
        if (Date.now() > until) throw new Error(`import ${id} is still ${body.state}: ${body.error}`)
      }
    },
    total: async (query) => {
      const reply = await caller.call<{ total: number }>('POST', '/api/search', { query, limit: 1 })
      if (reply.status !== 200) throw new Error(`${query} answered ${reply.status}: ${JSON.stringify(reply.body)}`)
      return reply.body.total
    },
  }
  return caller
}

/** One product for the tests of a file, closed and removed after them. */
export const withApp = (env: Record<string, string> = {}, log: Log = createLog('silent')): TestApp => {
  let app: App | null = null
  const dataDir = mkdtempSync(join(tmpdir(), 'vc-app-'))
  beforeAll(async () => {
    copyControlPlane(dataDir)
    app = await createApp({ config: loadConfig({ DATA_DIR: dataDir, PORT: '0', DISK_RESERVE: '16MB', ...env }), log })
  })
  afterAll(async () => {
    await app?.close()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })
  const opened = (): App => {
    if (app === null) throw new Error('the product is not open yet')
    return app
  }
  let people = 0
  const login = async (username: string): Promise<Caller> => {
    const reply = await opened().http.inject({
      method: 'POST',
      url: '/api/auth/login',
      headers: { host: 'localhost' },
      payload: { username, password },
    })
    return callerFor(opened(), reply.json<{ access_token: string }>().access_token)
  }
  return {
    app: opened,
    signIn: login,
    listen: () => opened().http.listen(),
    setQuota: async (tenantId, quotaBytes) => {
      const username = `platform-${people++}`
      await opened().operator.create_user({ username, tenant: 'platform', role: 'admin', password, is_platform_admin: true })
      await (await login(username)).call('PUT', `/api/tenants/${tenantId}`, { quota_bytes: quotaBytes })
    },
    person: async (tenant, role = 'admin') => {
      const username = `person-${people++}`
      await opened().operator.create_user({ username, tenant, role, password, is_platform_admin: false })
      return login(username)
    },
  }
}
