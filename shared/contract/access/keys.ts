// API keys: how a program acts for a person, within scopes and a time.
import { z } from 'zod'
import { keyScopes } from '../../domain/permissions.ts'
import { idParams, nothing, pagingQuery, time, uuid } from '../paging.ts'
import { route } from '../route.ts'

const scopes = z.array(z.enum(keyScopes))

const apiKey = z
  .object({
    id: uuid,
    name: z.string(),
    prefix: z.string().describe('The first characters of the key'),
    scopes,
    created_at: time,
    expires_at: time,
    is_over: z.boolean().describe('Its time is over: it opens nothing'),
    last_used_at: time.nullable().describe('To the minute'),
    last_used_address: z.string().nullable(),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof apiKey>

export const createdKey = apiKey
  .extend({ key: z.string().describe('For the header `Authorization: Bearer`; shown in this reply alone, and kept as a hash') })
  .meta({ id: 'CreatedApiKey' })

export const longestKeyDays = 365

export const listKeys = route({
  method: 'GET',
  path: '/api/auth/api-keys',
  tag: 'auth',
  summary: 'My API keys in this tenant, the newest first; revoked ones are left out',
  permission: 'session',
  of_tenant: true,
  query: pagingQuery,
  response: z.array(apiKey),
  total: true,
})

export const createKey = route({
  method: 'POST',
  path: '/api/auth/api-keys',
  tag: 'auth',
  summary: 'Make an API key for myself in this tenant. It may do no more than its scopes, and never more than my role at the time of use',
  permission: 'session',
  of_tenant: true,
  step_up: true,
  status: 201,
  body: z.strictObject({
    name: z.string().trim().min(1).max(100),
    scopes: scopes.min(1).max(keyScopes.length),
    expires_in_days: z.number().int().min(1).max(longestKeyDays),
  }),
  response: createdKey,
})

export const revokeKey = route({
  method: 'DELETE',
  path: '/api/auth/api-keys/:key_id',
  tag: 'auth',
  summary: 'Revoke one of my API keys; it opens nothing from then on',
  permission: 'session',
  of_tenant: true,
  status: 204,
  params: idParams('key_id'),
  response: nothing,
})

export const listUserKeys = route({
  method: 'GET',
  path: '/api/users/:user_id/api-keys',
  tag: 'users',
  summary: 'The API keys of a person in this tenant; revoked ones are left out',
  permission: 'users.manage',
  params: idParams('user_id'),
  query: pagingQuery,
  response: z.array(apiKey),
  total: true,
})

export const revokeUserKey = route({
  method: 'DELETE',
  path: '/api/users/:user_id/api-keys/:key_id',
  tag: 'users',
  summary: "Revoke a person's API key in this tenant",
  permission: 'users.manage',
  status: 204,
  params: z.strictObject({ user_id: uuid, key_id: uuid }),
  response: nothing,
})
