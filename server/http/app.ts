import type { IncomingMessage, Server } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { Socket } from 'node:net'
import multipart from '@fastify/multipart'
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { health } from '../../shared/contract/operations.ts'
import type { AnyRoute } from '../../shared/contract/route.ts'
import { routes as contract } from '../../shared/contract/routes.ts'
import { AppError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import { createDenials } from './acts/denials.ts'
import { createInFlight, watchInFlight } from './acts/in-flight.ts'
import { mountDocs } from './docs/docs.ts'
import type { HttpApp, HttpConfig, HttpOptions } from './http-app.ts'
import { createMetrics, serveMetrics } from './metrics.ts'
import { mountRaw } from './mount.ts'
import { sendProblem, toProblem } from './problem.ts'
import { setSecurityHeaders } from './security-headers.ts'
import { mountCspReports } from './site/csp-reports.ts'
import { mountSite, type Site } from './site/site.ts'
import { readCertificate, watchCertificate } from './tls/certificate.ts'

export type { HttpApp, HttpOptions } from './http-app.ts'

interface Ours {
  log: Log
  signal: AbortSignal
  startedAt: number
}

declare module 'fastify' {
  interface FastifyRequest {
    ours: Ours
  }
}

const requestIdOf = (given: string | string[] | undefined): string =>
  typeof given === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(given) ? given : newId()

const serverOptions = (config: HttpConfig, log: Log) => ({
  logger: false as const,
  // The parts of a path that are ids: upload ids are the longest.
  routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
  genReqId: (request: { headers: Record<string, string | string[] | undefined> }) => requestIdOf(request.headers['x-request-id']),
  trustProxy: config.TRUST_PROXY.length > 0 ? config.TRUST_PROXY : false,
  // Bodies are bounded in time where they are read (body.ts, mountRaw): one total for all would cut long uploads.
  requestTimeout: 0,
  keepAliveTimeout: 65_000,
  forceCloseConnections: 'idle' as const,
  return503OnClosing: true,
  clientErrorHandler: refuseBytes,
  // A URL that does not decode never reaches the hooks.
  frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
    request.ours = { log, signal: new AbortController().signal, startedAt: performance.now() }
    setSecurityHeaders(request, reply)
    void sendProblem(request, reply, new AppError('malformed', 'The address could not be read.'))
  },
})

// What Node refuses before there is a request: one answer, and the connection ends, so that nothing is smuggled behind.
const refuseBytes = (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const isHeaders = error.code === 'HPE_HEADER_OVERFLOW'
  const status = isHeaders
    ? '431 Request Header Fields Too Large'
    : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? '408 Request Timeout'
      : '400 Bad Request'
  const detail = isHeaders ? 'The headers are larger than 16 KiB.' : 'The request could not be read.'
  const body = JSON.stringify(toProblem(new AppError(isHeaders ? 'too_large' : 'malformed', detail), newId()))
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/problem+json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nx-content-type-options: nosniff\r\ncontent-security-policy: default-src 'none'\r\ncache-control: no-store\r\nconnection: close\r\n\r\n${body}`,
  )
}

const limits = { maxHeaderSize: 16_384, headersTimeout: 15_000, connectionsCheckingInterval: 5_000 }
const maxHeaders = 100

// Node drops what is beyond its own number of headers without a word, and with it a second Host: none is dropped, and
// `refuseHeaders` counts.
const bounded = (app: FastifyInstance): FastifyInstance => {
  app.server.maxHeadersCount = 0
  return app
}

/** What a proxy before us may read in another way than we do. @throws AppError malformed */
const refuseHeaders = ({ rawHeaders }: IncomingMessage): void => {
  if (rawHeaders.length / 2 > maxHeaders) throw new AppError('malformed', `The request has more than ${maxHeaders} headers.`)
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')
  if (hosts.length > 1) throw new AppError('malformed', 'The request names two hosts.')
}

const createFastify = (config: HttpConfig, log: Log): FastifyInstance => {
  const options = serverOptions(config, log)
  if (config.TLS_CERT === undefined || config.TLS_KEY === undefined) return bounded(fastify({ ...options, http: limits }))
  const files = { certPath: config.TLS_CERT, keyPath: config.TLS_KEY }
  const secure = bounded(fastify({ ...options, https: { ...limits, ...readCertificate(files) } }) as unknown as FastifyInstance)
  const stop = watchCertificate(secure.server as HttpsServer, files, log)
  secure.addHook('onClose', (_instance, done) => {
    stop()
    done()
  })
  return secure
}

const openRequest =
  ({ inFlight, options: { log } }: HttpApp) =>
  (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => {
    const gone = new AbortController()
    reply.raw.once('close', () => {
      inFlight.ended(request)
      if (!reply.raw.writableFinished) gone.abort(new Error('the caller has gone'))
    })
    request.ours = { log: log.child({ request_id: request.id }), signal: gone.signal, startedAt: performance.now() }
    setSecurityHeaders(request, reply)
    try {
      refuseHeaders(request.raw)
      done()
    } catch (error) {
      void reply.header('connection', 'close')
      done(error as Error)
    }
  }

// Only the pattern and the path are logged: a query string holds what people search for.
const closeRequest = (app: HttpApp) => (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
  const route = request.routeOptions.url ?? 'unknown'
  const seconds = (performance.now() - request.ours.startedAt) / 1000
  app.metrics.observe({ method: request.method, route, status: reply.statusCode, seconds })
  const fields = {
    method: request.method,
    route,
    path: request.url.split('?', 1)[0]?.slice(0, 300),
    status: reply.statusCode,
    took_ms: Math.round(seconds * 1000),
    ip: request.ip,
  }
  // A body that nobody reads must not hold the connection for as long as its sender likes.
  if (!request.raw.complete && request.raw.socket instanceof Socket) request.raw.socket.setTimeout(5_000)
  request.ours.log[route === '/health' ? 'debug' : 'info'](fields, 'request')
  done()
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+').replace(/\/$/, '')}/?$`)

/** What a path that is known takes, for a method that it does not. */
const allowed = (routes: readonly AnyRoute[], path: string): string[] => {
  const found = routes.filter((route) => patternOf(route.path).test(path)).map((route) => route.method)
  return [...new Set(found.includes('GET') ? [...found, 'HEAD'] : found)]
}

const answerUnknown = (routes: readonly AnyRoute[], site: Site) => (request: FastifyRequest, reply: FastifyReply) => {
  const methods = allowed(routes, request.url.split('?', 1)[0] ?? '')
  if (methods.length > 0) {
    reply.header('allow', methods.join(', '))
    return sendProblem(request, reply, new AppError('method_not_allowed', `This address takes ${methods.join(', ')}.`))
  }
  return site.serve(request, reply) ?? sendProblem(request, reply, new AppError('not_found', 'There is nothing at this address.'))
}

const mountHealth = (app: HttpApp): void =>
  mountRaw(app, health, async (_request, reply) => {
    const dependencies = await app.options.health()
    const isHealthy = Object.values(dependencies).every(Boolean)
    return reply
      .code(isHealthy ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: isHealthy ? 'healthy' : 'unhealthy', dependencies })
  })

const listen = async (app: HttpApp, servers: Server[]): Promise<string> => {
  const { HOST, PORT, METRICS_PORT } = app.options.config
  const address = await app.fastify.listen({ host: HOST, port: PORT })
  if (METRICS_PORT !== undefined) servers.push(await serveMetrics(app.metrics.registry, METRICS_PORT))
  return address
}

/** The transport, ready for `mount`. Its own routes (`/`, `/health`, the documentation) are mounted already. */
export const createHttp = async (options: HttpOptions, routes: readonly AnyRoute[] = contract): Promise<HttpApp> => {
  const server = createFastify(options.config, options.log)
  const metricServers: Server[] = []
  const app: HttpApp = {
    fastify: server,
    options,
    metrics: createMetrics(),
    denials: createDenials(options.now ?? (() => new Date())),
    inFlight: createInFlight(),
    mounted: new Set(),
    now: options.now ?? (() => new Date()),
    inject: server.inject.bind(server) as FastifyInstance['inject'],
    listen: () => listen(app, metricServers),
    close: async () => {
      for (const one of metricServers) one.close()
      await server.close()
    },
  }
  const stopWatching = watchInFlight(app.inFlight, {
    isIn: options.isStillIn,
    onCut: (count) => options.log.info({ count }, 'requests were broken off: whoever made them is no longer in'),
    onError: (err) => options.log.warn({ err }, 'whether callers are still in could not be looked up'),
  })
  server.addHook('onClose', (_instance, done) => {
    stopWatching()
    done()
  })
  server.addHook('onRequest', openRequest(app))
  server.addHook('onResponse', closeRequest(app))
  server.setErrorHandler((error, request, reply) => sendProblem(request, reply, error))
  server.removeAllContentTypeParsers()
  await server.register(multipart)
  // Nothing is read for a handler: each reads what it declared once it knows the caller.
  server.addContentTypeParser('*', (_request, _payload, done) => done(null))
  const site = mountSite(app)
  mountHealth(app)
  mountCspReports(app)
  mountDocs(app, routes)
  server.setNotFoundHandler(answerUnknown(routes, site))
  return app
}
