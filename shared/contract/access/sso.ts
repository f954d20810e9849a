// Single sign-on by OpenID Connect: what a tenant sets up, and the two calls of a browser that signs in by it.
import { z } from 'zod'
import { role, shownRole } from '../identity.ts'
import { nothing, time, uuid } from '../paging.ts'
import { route } from '../route.ts'

/** Where the provider sends the browser back to: a page of the web app. */
export const ssoReturnPath = '/sign-in/sso/callback'

const group = z.string().trim().min(1).max(200)
const label = z.string().trim().min(1).max(60)
const claim = z.string().trim().min(1).max(200)
const mostGroups = 200
/** A page of this server, as an address writes it, that fits a cookie. */
export const wayBack = /^\/[\x21-\x7e]{0,999}$/

export const ssoSettings = z
  .object({
    is_enabled: z.boolean(),
    label: z.string().describe('What the button says after "Sign in with"'),
    issuer: z.string(),
    client: z.string().describe('The client id that the provider gave'),
    has_client_secret: z.boolean().describe('The secret itself is never shown again'),
    scopes: z.string(),
    groups_claim: z.string(),
    role_map: z.array(z.object({ group: z.string(), role: shownRole })),
    default_role: shownRole.nullable().describe('Of people in none of the groups; null refuses them'),
    may_link_by_email: z.boolean(),
    updated_at: time,
  })
  .meta({ id: 'SsoSettings' })
export type SsoSettings = z.infer<typeof ssoSettings>

const ssoState = z.object({
  settings: ssoSettings.nullable(),
  return_address: z.string().describe('To be entered at the provider as the redirect address'),
  sign_in_address: z.string().describe('The page where people of this tenant sign in'),
})
export type SsoState = z.infer<typeof ssoState>

export const getSso = route({
  method: 'GET',
  path: '/api/sso',
  tag: 'tenants',
  summary: 'How people of this tenant sign in by their own provider',
  permission: 'tenant.manage',
  response: ssoState,
})

export const putSso = route({
  method: 'PUT',
  path: '/api/sso',
  tag: 'tenants',
  summary:
    'Set up single sign-on. While it is on, the provider is asked at once; a changed issuer or client drops the secret that is not given again',
  permission: 'tenant.manage',
  step_up: true,
  body: z.strictObject({
    is_enabled: z.boolean(),
    label,
    issuer: z.url({ protocol: /^https?$/ }).max(500),
    client: z.string().trim().min(1).max(300).describe('The client id that the provider gave'),
    client_secret: z.string().min(1).max(1000).nullable().optional().describe('Left out: the one that is kept; null: a client without one'),
    scopes: z
      .string()
      .trim()
      .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'Words with one blank between them')
      .max(500)
      .default('openid profile email'),
    groups_claim: claim.default('groups'),
    role_map: z.array(z.strictObject({ group, role })).max(mostGroups).default([]),
    default_role: role.nullable().default(null),
    may_link_by_email: z.boolean().default(false),
  }),
  response: ssoState,
})

export const deleteSso = route({
  method: 'DELETE',
  path: '/api/sso',
  tag: 'tenants',
  summary: 'Remove single sign-on with its links to accounts; the accounts stay',
  permission: 'tenant.manage',
  step_up: true,
  status: 204,
  response: nothing,
})

export const findSso = route({
  method: 'POST',
  path: '/api/auth/sso/find',
  tag: 'auth',
  summary: 'Whether a tenant, by its name or id, offers single sign-on, and what its button says',
  permission: 'public',
  body: z.strictObject({ tenant: z.string().max(200) }),
  response: z.object({ tenant_id: uuid, label: z.string() }),
})

export const startSso = route({
  method: 'POST',
  path: '/api/auth/sso/start',
  tag: 'auth',
  summary: 'Begin to sign in by the provider of a tenant: the address to go to; a cookie binds what comes back to this browser',
  permission: 'public',
  body: z.strictObject({
    tenant: z.string().max(200),
    to: z.string().regex(wayBack).optional().describe('The page to come back to; it has to fit a cookie'),
    is_fresh: z.boolean().optional().describe('The provider has to ask who it is, though it may know: for what needs a fresh proof'),
  }),
  response: z.object({ url: z.string() }),
})

export const finishSso = route({
  method: 'POST',
  path: '/api/auth/sso/finish',
  tag: 'auth',
  summary: 'End it with what the provider sent back in the address: opens the session of this browser',
  permission: 'public',
  body: z.strictObject({ query: z.string().max(8000) }),
  response: z.object({ to: z.string().nullable().describe('Where the browser wanted to go') }),
})
