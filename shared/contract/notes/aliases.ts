// Other names for fields, of a tenant.
import { z } from 'zod'
import { count, time } from '../paging.ts'
import { route } from '../route.ts'

export const aliasesPerTenant = 200
/** As an unquoted name in a query. */
export const aliasName = /^[\p{L}_@$][\p{L}\p{N}_.@$#%-]+$/u

const alias = z
  .object({
    name: z.string(),
    field: z.string(),
    by: z.string(),
    at: time,
    hidden_in: count.describe('Artifacts that have come with a column of this name since: `raw.` and the name reaches it'),
  })
  .meta({ id: 'FieldAlias' })
export type FieldAlias = z.infer<typeof alias>

export const listAliases = route({
  method: 'GET',
  path: '/api/field-aliases',
  tag: 'search',
  summary: 'Other names for fields that queries may use',
  permission: 'search',
  response: z.object({ aliases: z.array(alias) }),
})

export const setAlias = route({
  method: 'POST',
  path: '/api/field-aliases',
  tag: 'search',
  summary: 'Give a field another name, or an alias another field',
  permission: 'hunt.manage',
  body: z.strictObject({ name: z.string().trim().min(2).max(100), field: z.string().trim().min(1).max(300) }),
  response: alias,
})

export const removeAlias = route({
  method: 'DELETE',
  path: '/api/field-aliases/:alias',
  tag: 'search',
  summary: 'Take an alias back',
  permission: 'hunt.manage',
  params: z.strictObject({ alias: z.string().min(1).max(100) }),
  status: 204,
  response: z.null(),
})
