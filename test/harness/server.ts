// A real server in a process of its own, as a user starts it, to be used, killed and started again.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))))
    })
  })

export interface Server {
  url: string
  dataDir: string
  pid: number
  output: () => string
  /** Resolves with the exit code; null when a signal ended it. */
  ended: Promise<number | null>
  stop: () => Promise<number | null>
  kill: () => Promise<void>
}

export interface ServerOptions {
  dataDir?: string
  port?: number
  env?: Record<string, string>
  /** Program and arguments that come before node, such as unshare. */
  readyMs?: number
}

export const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'vc-data-'))
export const dropDataDir = (dataDir: string): void => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })

const isUp = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/health`)).status === 200
  } catch {
    return false
  }
}

/** Starts the built server and waits until it is healthy. @throws Error with its output when it is not in time */
export const startServer = async (o: ServerOptions = {}): Promise<Server> => {
  const dataDir = o.dataDir ?? newDataDir()
  const port = o.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const child: ChildProcess = spawn(process.execPath, ['--disable-proto=throw', join(root, 'dist', 'main.js')], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TMPDIR: process.env.TMPDIR,
      PORT: String(port),
      DATA_DIR: dataDir,
      DISK_RESERVE: '32MB',
      ...o.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-200_000)
    })
  const end = { is: false }
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      end.is = true
      resolve(code)
    })
  })
  const server: Server = {
    url,
    dataDir,
    pid: child.pid ?? 0,
    output: () => output,
    ended,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
  for (const until = Date.now() + (o.readyMs ?? 60_000); Date.now() < until && !end.is; ) {
    if (await isUp(url)) return server
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  throw new Error(`the server did not become ready:\n${output.slice(-4000)}`)
}

export const password = 'a lantern over the quay'

/** The calls of a client with a bearer token. */
export class Client {
  readonly url: string
  readonly token: string
  constructor(url: string, token: string) {
    this.url = url
    this.token = token
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T; headers: Headers }> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T, headers: response.headers }
  }

  async upload(
    files: { name: string; data: Uint8Array | string }[],
    fields: Record<string, string> = {},
  ): Promise<{ status: number; body: { imports: { id: string }[] } }> {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    for (const { name, data } of files) form.append('files', new Blob([typeof data === 'string' ? data : new Uint8Array(data)]), name)
    const response = await fetch(`${this.url}/api/ingestion/ingest`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}` },
      body: form,
    })
    return { status: response.status, body: (await response.json()) as { imports: { id: string }[] } }
  }
}

export const signIn = async (url: string, username = 'mara'): Promise<Client> => {
  const response = await fetch(`${url}/api/auth/login`, { method: 'POST', body: new URLSearchParams({ username, password }) })
  if (response.status !== 200) throw new Error(`sign-in answered ${response.status}: ${await response.text()}`)
  return new Client(url, ((await response.json()) as { access_token: string }).access_token)
}

/** Registers the first account and signs in. */
export const firstAccount = async (url: string, username = 'mara'): Promise<Client> => {
  const response = await fetch(`${url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password, tenant_name: 'Halden Maritime' }),
  })
  if (response.status !== 201) throw new Error(`registration answered ${response.status}: ${await response.text()}`)
  return signIn(url, username)
}

export interface Receipt {
  id: string
  state: string
  rows_read: number
  rows_stored: number
  rows_duplicate: number
  rows_rejected: number
  rows_per_second: number
  started_at: string | null
  error: string | null
}

const settled = new Set(['ready', 'partly', 'failed', 'cancelled', 'locked'])

export const untilSettled = async (client: Client, id: string, withinMs = 120_000): Promise<Receipt> => {
  for (const until = Date.now() + withinMs; ; ) {
    const { body } = await client.call<Receipt>('GET', `/api/ingestion/imports/${id}`)
    if (settled.has(body.state)) return body
    if (Date.now() > until) throw new Error(`import ${id} is still ${body.state} (${body.error ?? ''})`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
