// What everybody who tells the audit log something speaks in. Rows are written by features/audit, inside the transaction
// of the act wherever there is one.
import type { AuditAction, AuditOutcome } from '../../shared/domain/audit.ts'
import type { AuditSlot, Ctx } from './ctx.ts'
import type { Log } from './log.ts'

interface AuditActor {
  kind: 'user' | 'system' | 'anonymous'
  user_id: string | null
  username: string
  /** The key by which a program acts for the person. */
  api_key?: { id: string; name: string }
}

/** Who acts, and from where. */
export interface AuditSource {
  /** The chain; null for acts of the whole installation. */
  tenant_id: string | null
  actor: AuditActor
  client: { ip: string; userAgent: string } | null
  requestId: string
  now: () => Date
  log: Log
  slot?: AuditSlot
}

export interface AuditAct {
  action: AuditAction
  object_type?: string | null
  object_id?: string | null
  outcome?: AuditOutcome
  /** Short facts, never a secret. What is too long for a row is left out and its length is said. */
  details?: Readonly<Record<string, unknown>>
  /** Where a sign-in shows only later who it is. */
  actor?: AuditActor
  tenant_id?: string | null
  /** Of one who runs the installation, in a tenant: the same row stands in the chain of the installation too. */
  in_platform_too?: boolean
}

export const sourceOf = (ctx: Ctx): AuditSource => ({
  tenant_id: ctx.tenant.id,
  actor: ctx.actor,
  client: ctx.client,
  requestId: ctx.requestId,
  now: ctx.now,
  log: ctx.log,
  slot: ctx.audit,
})
