import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { password } from '../../../../test/harness/app.ts'
import { type App, createApp } from '../../../app.ts'
import { loadConfig } from '../../../platform/config.ts'
import { sha256Hex } from '../../../platform/ids.ts'
import { createLog } from '../../../platform/log.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'vc-orphans-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }))

const start = (): Promise<App> => createApp({ config: loadConfig({ DATA_DIR: dataDir, DISK_RESERVE: '16MB' }), log: createLog('silent') })

const call = async <T>(app: App, method: 'GET' | 'POST', url: string, o: { token?: string; payload?: object } = {}): Promise<T> => {
  const headers = { host: 'localhost', ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }) }
  const reply = await app.http.inject({ method, url, headers, ...(o.payload === undefined ? {} : { payload: o.payload }) })
  if (reply.statusCode >= 300) throw new Error(`${url} answered ${reply.statusCode}: ${reply.body}`)
  return reply.json<T>()
}

test('a file that a kill left without an import is gone after a later start; one that an import has stays, and one that is younger than every import', async () => {
  let app = await start()
  await app.operator.create_user({ username: 'mara', tenant: 'orphans', role: 'analyst', password, is_platform_admin: false })
  const { access_token: token } = await call<{ access_token: string }>(app, 'POST', '/api/auth/login', {
    payload: { username: 'mara', password },
  })
  const { tenant_id } = await call<{ tenant_id: string }>(app, 'GET', '/api/auth/me', { token })
  const rows = { hostname: 'PC1', data: { artifact: 'Windows.System.Pslist', results: [{ Pid: 1 }] } }
  await call(app, 'POST', '/api/ingestion/ingest', { token, payload: rows })
  const pathOf = (text: string): string => join(dataDir, 'evidence', tenant_id, sha256Hex(text).slice(0, 2), sha256Hex(text))
  const kept = pathOf(JSON.stringify(rows))
  const orphan = pathOf('kept, and then the server was killed')
  expect(existsSync(kept)).toBe(true)
  await app.close()

  mkdirSync(dirname(orphan), { recursive: true })
  writeFileSync(orphan, 'kept, and then the server was killed')
  utimesSync(orphan, new Date(Date.now() - 3_600_000), new Date(Date.now() - 3_600_000))
  // As after the database was put back from an earlier copy: the import of this file is one that it does not know.
  const younger = pathOf('uploaded after the copy was made')
  mkdirSync(dirname(younger), { recursive: true })
  writeFileSync(younger, 'uploaded after the copy was made')
  app = await start()
  expect([existsSync(orphan), existsSync(kept), existsSync(younger)]).toEqual([false, true, true])
  await app.close()
}, 60_000)
