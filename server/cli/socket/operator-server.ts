// The command line's way in: HTTP on a Unix socket in DATA_DIR that only the owner of the folder can open (mode 0600).
// It answers the product's own routes; who one is there, the socket's owner says when asking for a pass.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { App } from '../../app.ts'
import { isAppError } from '../../platform/errors.ts'

const longestPath = 100

/** Where the socket is. A path too long for a socket is kept in a private folder and named in a file. */
export const operatorSocketOf = (dataDir: string): string | null => {
  const direct = join(dataDir, 'operator.sock')
  if (direct.length <= longestPath) return existsSync(direct) ? direct : null
  const named = join(dataDir, 'operator.path')
  return existsSync(named) ? readFileSync(named, 'utf8').trim() : null
}

const placeSocket = (dataDir: string): string => {
  const direct = join(dataDir, 'operator.sock')
  if (direct.length <= longestPath) {
    rmSync(direct, { force: true })
    return direct
  }
  const short = join(mkdtempSync(join(tmpdir(), 'vc-')), 'operator.sock')
  writeFileSync(join(dataDir, 'operator.path'), short, { mode: 0o600 })
  return short
}

const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

const answer = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

const isCommand = (app: App, name: string): name is keyof App['operator'] => Object.hasOwn(app.operator, name)

const obey = async (app: App, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const name = (request.url ?? '').slice('/operator/'.length)
  if (!isCommand(app, name)) {
    answer(response, 404, { detail: `The server does not know the command "${name}".` })
    return
  }
  try {
    answer(response, 200, (await app.operator[name]((await bodyOf(request)) as never)) ?? null)
  } catch (error) {
    if (!isAppError(error))
      app.log.error({ command: name, fault: error instanceof Error ? error.stack : String(error) }, 'a command failed')
    answer(response, isAppError(error) ? 400 : 500, { detail: isAppError(error) ? error.message : 'The server failed; see its log.' })
  }
}

export const startOperatorServer = async (app: App, dataDir: string): Promise<{ path: string; close: () => Promise<void> }> => {
  await app.http.fastify.ready()
  const path = placeSocket(dataDir)
  const server = createServer((request, response) => {
    if ((request.url ?? '').startsWith('/operator/')) void obey(app, request, response)
    else app.http.fastify.server.emit('request', request, response)
  })
  server.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => resolve())
  })
  chmodSync(path, 0o600)
  return {
    path,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          rmSync(path, { force: true })
          if (!path.startsWith(dataDir)) {
            rmSync(dirname(path), { recursive: true, force: true })
            rmSync(join(dataDir, 'operator.path'), { force: true })
          }
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}
