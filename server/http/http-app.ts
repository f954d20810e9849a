import type { FastifyInstance } from 'fastify'
import type { AuditAct, AuditSource } from '../platform/audit.ts'
import type { BindCtx, Caller } from '../platform/ctx.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import type { Denials } from './acts/denials.ts'
import type { InFlight } from './acts/in-flight.ts'
import type { Metrics } from './metrics.ts'

/** Where a request came from, after the listed proxies were looked through. */
export interface Client {
  ip: string
  userAgent: string
}

interface Credentials {
  bearer: string | null
  cookie: string | null
  client: Client
  /** The page asks by itself: that is no use of the session. */
  isUnattended: boolean
}

export type HttpConfig = Pick<
  Config,
  'HOST' | 'PORT' | 'TRUST_PROXY' | 'TLS_CERT' | 'TLS_KEY' | 'ALLOW_INSECURE_HTTP' | 'DOCS' | 'METRICS_PORT'
>

export interface HttpOptions {
  config: HttpConfig
  log: Log
  version: string
  /** The folder of the built web app; without it every page answers with a sentence. */
  webDir: string | null
  /** Whose credentials these are now, or null. A bearer token has been preferred to the cookie already. */
  authenticate: (credentials: Credentials) => Promise<Pick<Caller, 'tenant' | 'actor'> | null>
  /** Of a request that takes long: whether its session or key is still there, and its person in the tenant. */
  isStillIn: (who: Pick<Caller, 'tenant' | 'actor'>) => Promise<boolean>
  bindCtx: BindCtx
  /** Keeps a row of the audit log; resolves when it is committed. */
  recordAct: (source: AuditSource, act: AuditAct) => Promise<void>
  /** One entry for each dependency: whether it answers. */
  health: () => Promise<Record<string, boolean>>
  now?: () => Date
}

export interface HttpApp {
  fastify: FastifyInstance
  options: HttpOptions
  metrics: Metrics
  denials: Denials
  inFlight: InFlight
  /** `METHOD /path` of every mounted route of the contract. */
  mounted: Set<string>
  now: () => Date
  inject: FastifyInstance['inject']
  /** Listens on HOST and PORT and, where asked, on METRICS_PORT. Answers the address, such as `http://127.0.0.1:8000`. */
  listen: () => Promise<string>
  /** Takes no new request, lets those in flight finish, then closes. */
  close: () => Promise<void>
}
