// A tenant that is shut, taken out whole, or removed for good.
import { z } from 'zod'
import { count, idParams, pagingQuery, time, uuid } from '../paging.ts'
import { rawRoute, route } from '../route.ts'
import { tenant } from '../tenants.ts'

const params = idParams('tenant_id')

export const suspendTenant = route({
  method: 'POST',
  path: '/api/tenants/:tenant_id/suspend',
  tag: 'tenants',
  summary: 'Suspend a tenant: within 5 s nobody is in it, and its jobs wait',
  permission: 'platform.manage',
  params,
  response: tenant,
})

export const resumeTenant = route({
  method: 'POST',
  path: '/api/tenants/:tenant_id/resume',
  tag: 'tenants',
  summary: 'Let the people of a suspended tenant in again; its jobs go on',
  permission: 'platform.manage',
  params,
  response: tenant,
})

export const exportTenant = rawRoute({
  method: 'GET',
  path: '/api/tenants/:tenant_id/export',
  tag: 'tenants',
  summary:
    'Everything of my tenant as one ZIP: files as they came, rows, receipts, hosts, people, audit log, and a manifest with SHA-256 and counts',
  permission: 'tenant.manage',
  step_up: true,
  params,
  produces: ['application/zip'],
})

export const erasureSteps = ['jobs', 'count', 'events', 'evidence', 'people', 'rows', 'audit', 'done'] as const
export type ErasureStep = (typeof erasureSteps)[number]

const erasure = z
  .object({
    tenant_id: uuid,
    name: z.string(),
    requested_by: z.string(),
    requested_at: time,
    step: z.enum(erasureSteps).describe('The one that is under way'),
    counts: z
      .record(z.string(), count)
      .describe('What there was: rows by table, `event_rows`, `evidence_files`, `evidence_bytes`, `people`'),
    chain_hash: z.string().nullable().describe('The last hash of the audit chain that was erased'),
    fault: z.string().nullable().describe('Why it waits; it goes on by itself'),
    finished_at: time.nullable(),
  })
  .meta({ id: 'TenantErasure' })
export type TenantErasure = z.infer<typeof erasure>

export const eraseTenant = route({
  method: 'POST',
  path: '/api/tenants/:tenant_id/erase',
  tag: 'tenants',
  summary:
    'Erase a suspended tenant for good; its name has to be given. The receipt stays, and stands in the audit log of the installation',
  permission: 'platform.manage',
  step_up: true,
  status: 202,
  params,
  body: z.strictObject({ name: z.string().max(100) }),
  response: erasure,
})

export const listErasures = route({
  method: 'GET',
  path: '/api/erasures',
  tag: 'tenants',
  summary: 'Erasures under way and the receipts of those that are done, the newest first',
  permission: 'platform.manage',
  query: pagingQuery,
  response: z.array(erasure),
  total: true,
})
