// One way in for every route: who calls, whether a browser was led here, whether they may, and only then the body.
import { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AnyRoute, Parsed, RawRoute, Reply, Route } from '../../shared/contract/route.ts'
import { isRaw, unattendedHeader } from '../../shared/contract/route.ts'
import { type AuditSource, sourceOf } from '../platform/audit.ts'
import type { Ctx } from '../platform/ctx.ts'
import { AppError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import { asAct } from './acts/acts.ts'
import { permit } from './acts/permit.ts'
import { readForm, readJson } from './body.ts'
import { attemptCookieOf, cookieWriters, type SecretCookie, sessionCookieOf } from './cookies.ts'
import { bearerOf, clientOf, isLocal, refuseForgery } from './guard.ts'
import type { Client, HttpApp } from './http-app.ts'
import { filterReply, validate } from './validate.ts'

export type { HttpApp } from './http-app.ts'

/** What a handler may do to the reply beside returning its body. */
export interface Answer {
  /** Sets the browser's session, or ends it with null. */
  setSession: (session: SecretCookie | null) => void
  /** Binds a sign-in that a provider is asked for to this browser, or forgets it with null. */
  setAttempt: (attempt: SecretCookie | null) => void
  /** Scheme and host, as the caller has them in the address: to be believed for nothing but showing them back. */
  origin: string
}

/** The context of a route that anyone may call. */
export interface PublicCtx extends Answer {
  log: Log
  requestId: string
  now: () => Date
  /** Ends when the caller has gone. */
  signal: AbortSignal
  client: Client
  /** The caller sits at the server itself. */
  isLocal: boolean
  /** The secrets that came along, if any: a known session is not slowed down by somebody else's wrong passwords. */
  credentials: { bearer: string | null; cookie: string | null }
  /** The sign-in by a provider that this browser has begun. */
  attempt: string | null
  /** Nobody yet: a verb that learns who acts says so in the act. */
  source: AuditSource
}

type PublicRoute = Route & { permission: 'public' }
type ListRoute = Route & { total: true }
type Awaitable<T> = T | Promise<T>
type Run = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

const keyOf = (route: AnyRoute): string => `${route.method} ${route.path}`

const register = (app: HttpApp, route: AnyRoute, run: Run): void => {
  if (app.mounted.has(keyOf(route))) throw new Error(`${keyOf(route)} is mounted twice`)
  app.mounted.add(keyOf(route))
  app.fastify.route({ method: route.method, url: route.path, handler: run })
}

const answerFor = (app: HttpApp, request: FastifyRequest, reply: FastifyReply): Answer => ({
  ...cookieWriters(request, reply, { isPlainAllowed: app.options.config.ALLOW_INSECURE_HTTP, now: app.now }),
  origin: `${request.protocol}://${request.host}`,
})

const credentialsOf = (app: HttpApp, request: FastifyRequest) => {
  const bearer = bearerOf(request)
  return { bearer, cookie: bearer === null ? sessionCookieOf(request, app.options.config.ALLOW_INSECURE_HTTP) : null }
}

const publicCtx = (app: HttpApp, request: FastifyRequest, reply: FastifyReply): PublicCtx => {
  const credentials = credentialsOf(app, request)
  if (credentials.bearer === null) refuseForgery(request, false)
  const { log, signal } = request.ours
  return {
    ...answerFor(app, request, reply),
    log,
    requestId: request.id,
    now: app.now,
    signal,
    client: clientOf(request),
    isLocal: isLocal(request),
    credentials,
    attempt: attemptCookieOf(request, app.options.config.ALLOW_INSECURE_HTTP),
    source: {
      tenant_id: null,
      actor: { kind: 'anonymous', user_id: null, username: '' },
      client: clientOf(request),
      requestId: request.id,
      now: app.now,
      log,
      slot: { written: 0 },
    },
  }
}

const unauthenticated = (): AppError => new AppError('unauthenticated', 'Sign in: there is no session, or it has ended.')

/** Who calls a route; whether they may is for `permit` to say. */
const admit = async (app: HttpApp, request: FastifyRequest): Promise<Ctx> => {
  const credentials = credentialsOf(app, request)
  const client = clientOf(request)
  // A header that is not a bearer token is a failed sign-in, never a reason to look at the cookie.
  if (request.headers.authorization !== undefined && credentials.bearer === null) throw unauthenticated()
  const who =
    credentials.bearer === null && credentials.cookie === null
      ? null
      : await app.options.authenticate({ ...credentials, client, isUnattended: request.headers[unattendedHeader] === '1' })
  if (who === null) throw unauthenticated()
  app.inFlight.belongs(request, who)
  const log = request.ours.log.child({ tenant_id: who.tenant.id, user_id: who.actor.user_id })
  return app.options.bindCtx({ ...who, log, requestId: request.id, signal: request.ours.signal, client, audit: { written: 0 } })
}

/** A call by somebody who is known: may they, and the row of the audit log that it leaves. */
const asCaller = async <T>(app: HttpApp, route: AnyRoute, request: FastifyRequest, run: (ctx: Ctx) => Awaitable<T>): Promise<T> => {
  const ctx = await admit(app, request)
  return await asAct(app, { route, request, source: sourceOf(ctx) }, () => {
    permit(request, route, ctx)
    return run(ctx)
  })
}

const parse = async <R extends Route>(route: R, request: FastifyRequest): Promise<Parsed<R>> => {
  const body =
    request.method === 'GET' || request.method === 'HEAD' ? undefined : await (route.form === true ? readForm(request) : readJson(request))
  return validate(route, { params: request.params, query: request.query, body }) as Parsed<R>
}

const answer = (route: Route, reply: FastifyReply, body: unknown): FastifyReply => {
  const status = route.status ?? 200
  if (status === 204) return reply.code(204).send()
  const filtered = filterReply(route.response, body)
  return reply.code(status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(filtered))
}

const refusePublic = (route: AnyRoute, isPublic: boolean): void => {
  if ((route.permission === 'public') !== isPublic)
    throw new Error(`${keyOf(route)}: ${isPublic ? 'has a permission, mount it with mount()' : 'is public, mount it with mountPublic()'}`)
}

/** A route for people who are signed in and may do what it declares. */
export const mount = <R extends Route>(
  app: HttpApp,
  route: R,
  handler: (parsed: Parsed<R>, ctx: Ctx, answer: Answer) => Awaitable<Reply<R>>,
): void => {
  refusePublic(route, false)
  if (route.total === true) throw new Error(`${keyOf(route)} answers a total: mount it with mountList()`)
  register(app, route, async (request, reply) => {
    const body = await asCaller(app, route, request, async (ctx) =>
      handler(await parse(route, request), ctx, answerFor(app, request, reply)),
    )
    return answer(route, reply, body)
  })
}

/** A route whose reply is a bare array; the number of all rows goes into `X-Total-Count`. */
export const mountList = <R extends ListRoute>(
  app: HttpApp,
  route: R,
  handler: (parsed: Parsed<R>, ctx: Ctx) => Awaitable<{ items: Reply<R>; total: number }>,
): void => {
  refusePublic(route, false)
  register(app, route, async (request, reply) => {
    const { items, total } = await asCaller(app, route, request, async (ctx) => handler(await parse(route, request), ctx))
    return answer(route, reply.header('x-total-count', String(total)), items)
  })
}

/** A route that needs no session. */
export const mountPublic = <R extends PublicRoute>(
  app: HttpApp,
  route: R,
  handler: (parsed: Parsed<R>, ctx: PublicCtx) => Awaitable<Reply<R>>,
): void => {
  refusePublic(route, true)
  register(app, route, async (request, reply) => {
    const ctx = publicCtx(app, request, reply)
    const run = async (): Promise<Reply<R>> => handler(await parse(route, request), ctx)
    return answer(route, reply, await asAct(app, { route, request, source: ctx.source }, run))
  })
}

const idleMs = 60_000

// An upload may take hours, but not stand still: the time between two pieces is bounded, the whole is not.
const cutWhenIdle = (request: FastifyRequest): void => {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const { socket } = request.raw
  // A request that was injected (tests) has no real socket.
  if (!(socket instanceof Socket)) return
  socket.setTimeout(idleMs)
  request.raw.once('end', () => socket.setTimeout(0))
}

type RawCtx<R extends RawRoute> = R['permission'] extends 'public' ? PublicCtx : Ctx

/**
 * A route whose bytes the handler owns: `request.raw` is the unread body, `request.parts()` reads a multipart form.
 * Path and query are checked against the declaration; the body only where one is declared.
 */
export const mountRaw = <R extends RawRoute>(
  app: HttpApp,
  route: R,
  handler: (request: FastifyRequest, reply: FastifyReply, ctx: RawCtx<R>) => Awaitable<unknown>,
): void => {
  register(app, route, async (request, reply) => {
    const run = async (ctx: PublicCtx | Ctx): Promise<unknown> => {
      const hasFreeQuery = route.query === undefined && !route.path.startsWith('/api')
      const body = route.body === undefined ? {} : await readJson(request)
      const parsed = validate(route, { params: request.params, query: hasFreeQuery ? {} : request.query, body })
      request.params = parsed.params
      if (!hasFreeQuery) request.query = parsed.query
      if (route.body === undefined) cutWhenIdle(request)
      else request.body = parsed.body
      return await handler(request, reply, ctx as RawCtx<R>)
    }
    return route.permission === 'public' ? run(publicCtx(app, request, reply)) : asCaller(app, route, request, run)
  })
}

/** @throws Error when the table and the mounted routes are not the same set: nothing is half there. */
export const assertAllMounted = (app: HttpApp, routes: readonly AnyRoute[]): void => {
  const declared = new Set(routes.map(keyOf))
  const missing = [...declared].filter((key) => !app.mounted.has(key))
  const undeclared = [...app.mounted].filter((key) => !declared.has(key))
  const kinds = routes.filter((r) => !isRaw(r) && r.method === 'HEAD').map(keyOf)
  const faults = [
    ...missing.map((key) => `${key} is declared and has no handler`),
    ...undeclared.map((key) => `${key} is mounted and not in the table`),
    ...kinds.map((key) => `${key}: a HEAD route must be raw`),
  ]
  if (faults.length > 0) throw new Error(`The routes are not complete:\n${faults.map((f) => `  ${f}`).join('\n')}`)
}
