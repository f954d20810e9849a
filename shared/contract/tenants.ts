import { z } from 'zod'
import { count, idParams, pagingQuery, time, uuid } from './paging.ts'
import { route } from './route.ts'

export const tenant = z
  .object({
    id: uuid,
    name: z.string(),
    description: z.string().nullable(),
    quota_bytes: count.nullable().describe('How many bytes of evidence the tenant may hold; null is no limit'),
    state: z.enum(['active', 'frozen', 'erasing']).describe('`frozen` is suspended: nobody is in it'),
    created_at: time,
  })
  .meta({ id: 'Tenant' })
export type Tenant = z.infer<typeof tenant>

const name = z.string().trim().min(1).max(100)
const description = z.string().trim().max(2000)

export const listTenants = route({
  method: 'GET',
  path: '/api/tenants',
  tag: 'tenants',
  summary: 'The tenants that I may see',
  permission: 'session',
  query: pagingQuery,
  response: z.array(tenant),
  total: true,
})
export const createTenant = route({
  method: 'POST',
  path: '/api/tenants',
  tag: 'tenants',
  summary: 'Create a tenant',
  permission: 'platform.manage',
  status: 201,
  body: z.strictObject({ name, description: description.optional(), quota_bytes: count.nullable().optional() }),
  response: tenant,
})
export const getTenant = route({
  method: 'GET',
  path: '/api/tenants/:tenant_id',
  tag: 'tenants',
  summary: 'One tenant',
  permission: 'session',
  params: idParams('tenant_id'),
  response: tenant,
})
export const updateTenant = route({
  method: 'PUT',
  path: '/api/tenants/:tenant_id',
  tag: 'tenants',
  summary: 'Rename, describe, or set the quota',
  permission: 'platform.manage',
  params: idParams('tenant_id'),
  body: z.strictObject({ name: name.optional(), description: description.nullable().optional(), quota_bytes: count.nullable().optional() }),
  response: tenant,
})
