import type { Permission, Role } from '../../shared/domain/permissions.ts'
import type { Log } from './log.ts'

// The handles are opaque here: a verb can pass them on, only a room's store.ts (which may import db, events and
// evidence) can open them. Each is already bound to one tenant.
declare const control: unique symbol
declare const events: unique symbol
declare const evidence: unique symbol
export interface TenantDb {
  readonly [control]: true
}
export interface TenantEvents {
  readonly [events]: true
}
export interface TenantEvidence {
  readonly [evidence]: true
}

export interface Actor {
  /** A person, or the product itself (jobs without a person behind them, the command line's first run). */
  kind: 'user' | 'system'
  user_id: string | null
  username: string
  role: Role
  is_platform_admin: boolean
  session_id: string | null
  /** When the person of the session proved last that it is them. */
  proved_at?: Date | null
  /** The tenant whose provider vouched for the person of the session: it reaches no further. */
  sso_tenant_id?: string | null
  /** The tenant requires a second factor and the person has none: they may set one up, and nothing else. */
  must_set_up_factor?: boolean
  /** The installation requires a passkey of the person, and none has answered in this session: the same. */
  must_use_passkey?: boolean
  /** Where a program acts for the person: the key, and all that it may do. */
  api_key?: { id: string; name: string }
  scopes?: readonly Permission[]
}

/** Counts the audit rows of one request, so that the transport writes one exactly where no verb did. */
export interface AuditSlot {
  written: number
}

export interface Ctx {
  tenant: { id: string; name: string }
  actor: Actor
  db: TenantDb
  events: TenantEvents
  evidence: TenantEvidence
  log: Log
  requestId: string
  now: () => Date
  /** Ends when the caller has gone or the job is to stop: pass it to queries. */
  signal: AbortSignal
  /** Where the request came from, for sessions and audit; null for jobs and the command line. */
  client: { ip: string; userAgent: string } | null
  /** Of a request: whether a row of the audit log was written for it. */
  audit?: AuditSlot
  can: (permission: Permission) => boolean
  /** All control-plane work of `work` in one transaction: the context it is given is bound to it. */
  inTx: <T>(work: (ctx: Ctx) => Promise<T>) => Promise<T>
}

/** What the authenticator and the transport know about a request, before any handle is bound. */
export interface Caller {
  tenant: { id: string; name: string }
  actor: Actor
  log: Log
  requestId: string
  signal: AbortSignal
  client: { ip: string; userAgent: string } | null
  audit?: AuditSlot
}
/** Binds the stores' handles of the caller's tenant. Called in three places: http, the job runner, the test harness. */
export type BindCtx = (caller: Caller) => Ctx
