import { z } from 'zod'
import { auditOutcomes } from '../domain/audit.ts'
import { count, time, uuid } from './paging.ts'
import { rawRoute, route } from './route.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)

export const auditRow = z
  .object({
    seq: count.describe('The place in the chain, from 1 without a gap'),
    at: time,
    actor_kind: z.enum(['user', 'system', 'anonymous']),
    actor_id: uuid.nullable(),
    actor_name: z.string(),
    action: z.string(),
    object_type: z.string().nullable(),
    object_id: z.string().nullable(),
    outcome: z.enum(auditOutcomes),
    address: z.string().nullable(),
    user_agent: z.string().nullable(),
    request_id: z.string(),
    details: z.record(z.string(), z.unknown()),
    hash,
  })
  .meta({ id: 'AuditRow' })
export type AuditRow = z.infer<typeof auditRow>

const chain = z.enum(['tenant', 'platform']).default('tenant').describe('The platform chain is for the platform admin')
const text = z.string().trim().min(1).max(300)

const filter = {
  chain,
  actor: text.optional().describe('A user name whatever its case, or the id of a person'),
  action: text.optional().describe('An action, or with a dot at its end all that begin so: `session.`'),
  object: text.optional().describe('The id of an object, or its type'),
  outcome: z.enum(auditOutcomes).optional(),
  address: text.optional(),
  request_id: text.optional(),
  from: time.optional().describe('At or after'),
  to: time.optional().describe('Before'),
}

export const listAudit = route({
  method: 'GET',
  path: '/api/audit',
  tag: 'audit',
  summary: 'Who did what, newest first',
  permission: 'audit.read',
  query: z.strictObject({
    ...filter,
    limit: z.coerce.number().int().min(1).max(1000).default(100),
    cursor: z
      .string()
      .regex(/^\d{1,15}$/, 'This is no cursor of the audit log.')
      .optional(),
  }),
  response: z.object({ rows: z.array(auditRow), total: count.describe('Of all rows that match'), next_cursor: z.string().nullable() }),
})

export const exportAudit = rawRoute({
  method: 'GET',
  path: '/api/audit/export',
  tag: 'audit',
  summary: 'The rows that match, oldest first, with what it takes to check the chain again; in CSV no cell is a formula',
  permission: 'audit.read',
  step_up: true,
  query: z.strictObject({ ...filter, format: z.enum(['jsonl', 'csv']) }),
  produces: ['application/x-ndjson', 'text/csv'],
})

export const auditBreaks = [
  'edited',
  'missing',
  'unlinked',
  'cut',
  'beyond',
  'head_forged',
  'resealed',
  'checkpoint_forged',
  'checkpoint_differs',
  'checkpoint_missing',
  'saved_differs',
  'saved_missing',
  'saved_forged',
  'other_key',
] as const

const checkpoint = z
  .object({
    tenant_id: uuid,
    seq: count.describe('Of the row whose hash was signed'),
    at: time,
    hash,
    key_id: z.string(),
    signature: z.string().nullable().describe('Ed25519 in base64url; null: from before there were signatures'),
  })
  .meta({ id: 'AuditCheckpoint' })
export type AuditCheckpoint = z.infer<typeof checkpoint>

export const chainReport = z
  .object({
    state: z
      .enum(['holds', 'broken', 'unproven', 'empty'])
      .describe('unproven: signed with another SECRET_KEY, so that this server can neither confirm nor deny it'),
    rows: count,
    last_seq: count,
    last_at: time.nullable(),
    head_hash: hash,
    checkpoints: count,
    last_checkpoint: checkpoint.nullable().describe('To be kept elsewhere: who changes the database cannot change that'),
    public_key: z.string().describe('PEM; checks the signatures of checkpoints'),
    breaks: z.array(z.object({ kind: z.enum(auditBreaks), seq: count, says: z.string() })).describe('The first 50'),
    breaks_total: count,
    took_ms: z.number(),
  })
  .meta({ id: 'ChainReport' })
export type ChainReport = z.infer<typeof chainReport>

export const verifyAudit = route({
  method: 'GET',
  path: '/api/audit/verify',
  tag: 'audit',
  summary: 'Walk the whole chain: whether it holds, and where it breaks',
  permission: 'audit.read',
  query: z.strictObject({ chain }),
  response: chainReport,
})
