import { z } from 'zod'
import { type GivenRole, type Role, roleOf, roles, shownRoles } from '../domain/permissions.ts'
import { idParams, nothing, pagingQuery, time, uuid } from './paging.ts'
import { route } from './route.ts'

export const username = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}._@+-]+$/u, 'Use letters, digits and . _ @ + - only')
const email = z.email().max(254)
/** Only its length is bounded here; the rule itself is applied in one place on every path. */
export const newPassword = z.string().min(1).max(1024)
const fullName = z.string().trim().max(200)
/** As the API shows it. */
export const shownRole = z.enum(shownRoles)
/** As it is given: either word for an analyst. */
export const role = z
  .enum([...roles, 'user'])
  .transform((given: GivenRole): Role => roleOf(given))
  .describe('`user` and `analyst` are one role')

export const user = z
  .object({
    id: uuid,
    username: z.string(),
    email: z.string().nullable(),
    full_name: z.string().nullable(),
    role: shownRole,
    tenant_id: uuid,
    tenant_name: z.string(),
    is_active: z.boolean(),
    is_platform_admin: z.boolean(),
    invited: z.boolean().describe('The person has not chosen a password yet, and no provider vouches for them'),
    has_sso: z.boolean().describe('Signs in by the provider of a tenant'),
    has_password: z.boolean(),
    has_second_factor: z.boolean(),
    must_set_up_factor: z
      .boolean()
      .describe('The tenant requires a second factor, or the installation a passkey, and there is none: nothing else is open to them'),
    created_at: time,
    last_login_at: time.nullable(),
  })
  .meta({ id: 'User' })
export type User = z.infer<typeof user>

export const createdUser = user
  .extend({
    invite: z.string().nullable().describe('The one-time invitation token, shown only in this reply, when no password was given'),
    invite_expires_at: time.nullable(),
  })
  .meta({ id: 'CreatedUser' })

export const register = route({
  method: 'POST',
  path: '/api/auth/register',
  tag: 'auth',
  summary: 'Register: the first person of an installation, an invited person, or (where open) a new tenant',
  permission: 'public',
  status: 201,
  body: z.strictObject({
    username,
    password: newPassword,
    email: email.optional(),
    full_name: fullName.optional(),
    tenant_name: z.string().trim().min(1).max(100).optional(),
    role: role.optional().describe('Accepted for old clients; nobody chooses a role that was not given to them'),
    invite: z.string().max(200).optional(),
    setup_code: z.string().max(200).optional().describe('Printed at start; needed for the first account from another machine'),
  }),
  response: user,
})

export const tokens = z
  .object({ access_token: z.string(), token_type: z.literal('bearer'), refresh_token: z.string(), expires_in: z.number().int() })
  .meta({ id: 'Tokens' })

export const login = route({
  method: 'POST',
  path: '/api/auth/login',
  tag: 'auth',
  summary: 'Sign in with a form (OAuth2 password flow) and get a bearer token',
  permission: 'public',
  form: true,
  body: z.strictObject({
    username: z.string().max(254),
    password: z.string().max(1024),
    scope: z.string().max(200).optional(),
    grant_type: z.string().max(40).optional(),
    client_id: z.string().max(200).optional(),
    client_secret: z.string().max(200).optional(),
  }),
  response: tokens,
})

export const refresh = route({
  method: 'POST',
  path: '/api/auth/refresh',
  tag: 'auth',
  summary: 'A new access token for a refresh token, which is spent and replaced; using a spent one again ends the session',
  permission: 'public',
  body: z.strictObject({ refresh_token: z.string().max(200) }),
  response: tokens,
})

export const openSession = route({
  method: 'POST',
  path: '/api/auth/session',
  tag: 'auth',
  summary: "The browser's sign-in: sets an HttpOnly cookie, no token in the body",
  permission: 'public',
  status: 204,
  body: z.strictObject({ username: z.string().max(254), password: z.string().max(1024), code: z.string().max(64).optional() }),
  response: nothing,
})

export const closeSession = route({
  method: 'DELETE',
  path: '/api/auth/session',
  tag: 'auth',
  summary: 'Sign out',
  permission: 'session',
  open_without_factor: true,
  status: 204,
  response: nothing,
})

export const me = route({
  method: 'GET',
  path: '/api/auth/me',
  tag: 'auth',
  summary: 'Who am I',
  permission: 'session',
  open_without_factor: true,
  open_to_keys: true,
  response: user,
})

export const updateMe = route({
  method: 'PUT',
  path: '/api/auth/me',
  tag: 'auth',
  summary:
    'Change my profile; a new password (and, where mail is set up, another address) needs the current one; it ends my other sessions',
  permission: 'session',
  body: z.strictObject({
    username: username.optional(),
    email: email.nullable().optional(),
    full_name: fullName.nullable().optional(),
    password: newPassword.optional(),
    current_password: z.string().max(1024).optional(),
  }),
  response: user,
})

export const checkPassword = route({
  method: 'POST',
  path: '/api/auth/password-check',
  tag: 'auth',
  summary: 'Every reason why a password would be refused, and its strength from 0 to 4',
  permission: 'public',
  body: z.strictObject({ password: z.string().max(1024), username: z.string().max(254).optional() }),
  response: z.object({ score: z.number().int().min(0).max(4), problems: z.array(z.string()) }),
})

export const listUsers = route({
  method: 'GET',
  path: '/api/users',
  tag: 'users',
  summary: 'The people of the tenant',
  permission: 'users.read',
  query: pagingQuery,
  response: z.array(user),
  total: true,
})

export const createUser = route({
  method: 'POST',
  path: '/api/users',
  tag: 'users',
  summary: 'Add a person; without a password the reply holds an invitation',
  permission: 'users.manage',
  status: 201,
  body: z.strictObject({ username, email: email.optional(), full_name: fullName.optional(), role, password: newPassword.optional() }),
  response: createdUser,
})

export const getUser = route({
  method: 'GET',
  path: '/api/users/:user_id',
  tag: 'users',
  summary: 'One person: oneself, or any of the tenant for an admin',
  permission: 'session',
  params: idParams('user_id'),
  response: user,
})

export const updateUser = route({
  method: 'PUT',
  path: '/api/users/:user_id',
  tag: 'users',
  summary: 'Change a person; the last active admin stays one',
  permission: 'users.manage',
  params: idParams('user_id'),
  body: z.strictObject({
    username: username.optional(),
    email: email.nullable().optional(),
    full_name: fullName.nullable().optional(),
    role: role.optional(),
    is_active: z.boolean().optional(),
  }),
  response: user,
})

export const deactivateUser = route({
  method: 'DELETE',
  path: '/api/users/:user_id',
  tag: 'users',
  summary: 'Deactivate a person and end their sessions; not oneself',
  permission: 'users.manage',
  status: 204,
  params: idParams('user_id'),
  response: nothing,
})

export const inviteUser = route({
  method: 'POST',
  path: '/api/users/:user_id/invite',
  tag: 'users',
  summary: 'A new invitation for a person who has no password yet; the older one is void',
  permission: 'users.manage',
  params: idParams('user_id'),
  response: z.object({ invite: z.string(), invite_expires_at: time }),
})
