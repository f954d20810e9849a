// What a person does with their own account, and the link by which a lost password is set anew.
import { z } from 'zod'
import { newPassword } from './identity.ts'
import { count, idParams, nothing, pagingQuery, time, uuid } from './paging.ts'
import { route } from './route.ts'

export const logout = route({
  method: 'POST',
  path: '/api/auth/logout',
  tag: 'auth',
  summary: 'Sign out: ends the session of the bearer token or of the cookie',
  permission: 'session',
  open_without_factor: true,
  status: 204,
  response: nothing,
})

const ownSession = z
  .object({
    id: uuid,
    kind: z.enum(['browser', 'api']),
    device: z.string().describe('In words, as its User-Agent claims'),
    address: z.string().nullable(),
    created_at: time,
    last_used_at: time.describe('To the minute'),
    expires_at: time.describe('It ends then in any case'),
    idle_expires_at: time.nullable().describe('It ends then if it is not used until then; null: a bearer session does not end for that'),
    is_current: z.boolean().describe('The session that asks'),
  })
  .meta({ id: 'OwnSession' })
export type OwnSession = z.infer<typeof ownSession>

export const listSessions = route({
  method: 'GET',
  path: '/api/auth/sessions',
  tag: 'auth',
  summary: 'My sessions that are alive, the one used last first',
  permission: 'session',
  query: pagingQuery,
  response: z.array(ownSession),
  total: true,
})

export const endSession = route({
  method: 'DELETE',
  path: '/api/auth/sessions/:session_id',
  tag: 'auth',
  summary: 'End one of my sessions',
  permission: 'session',
  status: 204,
  params: idParams('session_id'),
  response: nothing,
})

const ended = z.object({ ended_sessions: count.describe('How many sessions this ended') })

export const endOtherSessions = route({
  method: 'DELETE',
  path: '/api/auth/sessions',
  tag: 'auth',
  summary: 'End all of my sessions but this one',
  permission: 'session',
  response: ended,
})

export const listUserSessions = route({
  method: 'GET',
  path: '/api/users/:user_id/sessions',
  tag: 'users',
  summary: 'The sessions of a person that are alive in this tenant, the one used last first',
  permission: 'users.manage',
  params: idParams('user_id'),
  query: pagingQuery,
  response: z.array(ownSession),
  total: true,
})

export const endUserSession = route({
  method: 'DELETE',
  path: '/api/users/:user_id/sessions/:session_id',
  tag: 'users',
  summary: "End a person's session in this tenant",
  permission: 'users.manage',
  status: 204,
  params: z.strictObject({ user_id: uuid, session_id: uuid }),
  response: nothing,
})

export const endUserSessions = route({
  method: 'DELETE',
  path: '/api/users/:user_id/sessions',
  tag: 'users',
  summary: 'End all sessions of a person in this tenant',
  permission: 'users.manage',
  params: idParams('user_id'),
  response: ended,
})

export const changePassword = route({
  method: 'POST',
  path: '/api/auth/password',
  tag: 'auth',
  summary: 'Change my password; ends all of my other sessions',
  permission: 'session',
  body: z.strictObject({ current_password: z.string().max(1024), new_password: newPassword }),
  response: ended,
})

export const requestPasswordReset = route({
  method: 'POST',
  path: '/api/auth/password-reset/request',
  tag: 'auth',
  summary: 'Ask for a reset link by mail, by address or user name; the answer is the same for everybody, known or not',
  permission: 'public',
  body: z.strictObject({ email: z.string().trim().min(1).max(254) }),
  response: z.object({ is_sent: z.boolean(), message: z.string() }),
})

export const confirmPasswordReset = route({
  method: 'POST',
  path: '/api/auth/password-reset/confirm',
  tag: 'auth',
  summary: 'Set a new password by the token of a reset link, which is spent; ends all sessions of the person and opens none',
  permission: 'public',
  body: z.strictObject({ token: z.string().max(200), new_password: newPassword }),
  response: ended,
})

export const makePasswordReset = route({
  method: 'POST',
  path: '/api/users/:user_id/password-reset',
  tag: 'users',
  summary: 'Make a link by which a person sets a new password: shown once, good for half an hour and one use; the older one is void',
  permission: 'users.manage',
  step_up: true,
  params: idParams('user_id'),
  response: z.object({ link: z.string().describe('A path on this server'), expires_at: time }),
})
