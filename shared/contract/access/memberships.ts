// One person in several tenants: which they are, how the session goes from one to the other, and how one gets in.
import { z } from 'zod'
import { role, shownRole } from '../identity.ts'
import { idParams, nothing, pagingQuery, time, uuid } from '../paging.ts'
import { route } from '../route.ts'

const membership = z
  .object({
    tenant_id: uuid,
    tenant_name: z.string(),
    role: shownRole,
    is_current: z.boolean().describe('The tenant of the session that asks'),
    joined_at: time,
  })
  .meta({ id: 'Membership' })
export type Membership = z.infer<typeof membership>

export const listMemberships = route({
  method: 'GET',
  path: '/api/auth/memberships',
  tag: 'auth',
  summary: 'The tenants that this session can switch to, by name; those that are suspended are left out',
  permission: 'session',
  open_without_factor: true,
  response: z.array(membership),
})

export const switchTenant = route({
  method: 'POST',
  path: '/api/auth/switch',
  tag: 'auth',
  summary: 'Go to another of my tenants without signing in again; the old access token, or the old cookie, opens nothing from then on',
  permission: 'session',
  open_without_factor: true,
  body: z.strictObject({ tenant_id: uuid }),
  response: z.object({
    tenant_id: uuid,
    tenant_name: z.string(),
    role: shownRole,
    access_token: z.string().nullable().describe('For a session of an API client; a browser gets a new cookie'),
    token_type: z.literal('bearer').nullable(),
    expires_in: z.number().int().nullable(),
  }),
})

const email = z.email().max(254)

const invitation = z
  .object({
    id: uuid,
    email: z.string().nullable(),
    role: shownRole,
    invited_by: z.string().nullable(),
    created_at: time,
    expires_at: time,
  })
  .meta({ id: 'Invitation' })
export type Invitation = z.infer<typeof invitation>

export const madeInvitation = invitation
  .extend({ link: z.string().describe('A path on this server, in this reply alone: good for seven days and one person') })
  .meta({ id: 'MadeInvitation' })

const wish = z.strictObject({
  email: email.optional().describe('Binds the invitation to an account with this address. Nobody looks whether there is one'),
  role,
})

export const createInvitation = route({
  method: 'POST',
  path: '/api/invitations',
  tag: 'users',
  summary: 'Invite somebody into the tenant, with a new account or the one that they have; the answer is the same for both',
  permission: 'users.manage',
  status: 201,
  body: wish,
  response: madeInvitation,
})

export const listInvitations = route({
  method: 'GET',
  path: '/api/invitations',
  tag: 'users',
  summary: 'Invitations that nobody has followed yet, the newest first',
  permission: 'users.read',
  query: pagingQuery,
  response: z.array(invitation),
  total: true,
})

export const withdrawInvitation = route({
  method: 'DELETE',
  path: '/api/invitations/:invitation_id',
  tag: 'users',
  summary: 'Withdraw an invitation: its link is void',
  permission: 'users.manage',
  status: 204,
  params: idParams('invitation_id'),
  response: nothing,
})

const token = z.strictObject({ token: z.string().min(1).max(200) })

export const readInvitation = route({
  method: 'POST',
  path: '/api/auth/invitations/read',
  tag: 'auth',
  summary: 'What the holder of an invitation is invited to; it is not spent',
  permission: 'public',
  body: token,
  response: z.object({
    tenant_name: z.string(),
    role: shownRole,
    email: z.string().nullable(),
    expires_at: time,
    is_for_new_account: z.boolean().describe('It sets up an account that was made with it; somebody who has one cannot join by it'),
  }),
})

export const acceptInvitation = route({
  method: 'POST',
  path: '/api/auth/invitations/accept',
  tag: 'auth',
  summary: 'Join the tenant of an invitation with my account; the session stays where it is until it is switched',
  permission: 'session',
  open_without_factor: true,
  body: token,
  response: z.object({ tenant_id: uuid, tenant_name: z.string(), role: shownRole }),
})

export const inviteToTenant = route({
  method: 'POST',
  path: '/api/tenants/:tenant_id/invitations',
  tag: 'tenants',
  summary: 'Invite somebody into any tenant, such as the first admin of a new one; told in the audit logs of both',
  permission: 'platform.manage',
  status: 201,
  params: idParams('tenant_id'),
  body: wish,
  response: madeInvitation,
})

export const joinTenant = route({
  method: 'POST',
  path: '/api/tenants/:tenant_id/join',
  tag: 'tenants',
  summary: 'Make myself a member of a tenant, or change my role there; told in the audit logs of the tenant and of the installation',
  permission: 'platform.manage',
  step_up: true,
  params: idParams('tenant_id'),
  body: z.strictObject({ role }),
  response: z.object({ tenant_id: uuid, tenant_name: z.string(), role: shownRole }),
})
