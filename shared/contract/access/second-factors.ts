// Codes of an authenticator app as a second factor, the second step of a sign-in, and the fresh proof before dangerous acts.
import { z } from 'zod'
import { tokens } from '../identity.ts'
import { count, idParams, nothing, time } from '../paging.ts'
import { route } from '../route.ts'

/** What a browser's authenticator answers: base64url parts, which the server's library takes apart. */
const part = z.string().max(8192)
export const assertion = z
  .strictObject({
    id: z.string().max(1400),
    rawId: z.string().max(1400),
    type: z.literal('public-key'),
    authenticatorAttachment: z.string().max(64).nullish(),
    clientExtensionResults: z.record(z.string(), z.unknown()),
    response: z.strictObject({ clientDataJSON: part, authenticatorData: part, signature: part, userHandle: part.nullish() }),
  })
  .meta({ id: 'PasskeyAssertion' })
export type Assertion = z.infer<typeof assertion>

const code = z.string().trim().min(1).max(64).describe('Six digits of the app, or a recovery code')
const recoveryCodes = z.array(z.string()).describe('Shown in this reply alone; each signs in once')

export const factorState = z
  .object({
    is_active: z.boolean().describe('An authenticator app'),
    activated_at: time.nullable(),
    passkeys: count,
    recovery_codes_left: count,
    is_required: z.boolean().describe('By the tenant'),
    needs_passkey: z.boolean().describe('By the installation: nothing else is open until a passkey of mine has answered in this session'),
    is_proven: z.boolean().describe('Dangerous acts ask for no other proof now'),
  })
  .meta({ id: 'SecondFactor' })
export type FactorState = z.infer<typeof factorState>

export const getFactor = route({
  method: 'GET',
  path: '/api/auth/2fa',
  tag: 'auth',
  summary: 'My second factor',
  permission: 'session',
  open_without_factor: true,
  response: factorState,
})

export const setUpFactor = route({
  method: 'POST',
  path: '/api/auth/2fa/setup',
  tag: 'auth',
  summary: 'Begin to set up an authenticator app; nothing is asked for until a code of it was verified',
  permission: 'session',
  open_without_factor: true,
  step_up: true,
  response: z.object({
    secret: z.string().describe('Base32, to be typed where the picture cannot be scanned'),
    otpauth_uri: z.string(),
    qr_svg: z.string().describe('The same as a QR code'),
    expires_at: time.describe('Verify a code before then'),
  }),
})

export const verifyFactor = route({
  method: 'POST',
  path: '/api/auth/2fa/verify',
  tag: 'auth',
  summary: 'Activate the app by a code of it; gives ten recovery codes, and ends all of my other sessions',
  permission: 'session',
  open_without_factor: true,
  step_up: true,
  body: z.strictObject({ code }),
  response: z.object({ recovery_codes: recoveryCodes, ended_sessions: count }),
})

export const disableFactor = route({
  method: 'POST',
  path: '/api/auth/2fa/disable',
  tag: 'auth',
  summary:
    'Remove my second factor, by password and code; who has no password comes from their provider asked anew. Not where the tenant requires one',
  permission: 'session',
  body: z.strictObject({ password: z.string().max(1024).optional(), code }),
  status: 204,
  response: nothing,
})

export const renewRecoveryCodes = route({
  method: 'POST',
  path: '/api/auth/2fa/recovery-codes',
  tag: 'auth',
  summary: 'Ten new recovery codes; the older ones are void',
  permission: 'session',
  step_up: true,
  response: z.object({ recovery_codes: recoveryCodes }),
})

const secondStep = z
  .strictObject({ challenge: z.string().max(200), code: code.optional(), passkey: assertion.optional() })
  .describe('The challenge with either a code or the answer of a passkey')

export const completeSession = route({
  method: 'POST',
  path: '/api/auth/2fa/session',
  tag: 'auth',
  summary: "The second step of the browser's sign-in: sets the cookie",
  permission: 'public',
  body: secondStep,
  status: 204,
  response: nothing,
})

export const completeLogin = route({
  method: 'POST',
  path: '/api/auth/2fa/login',
  tag: 'auth',
  summary: 'The second step of a sign-in for a bearer token',
  permission: 'public',
  body: secondStep,
  response: tokens,
})

export const stepUp = route({
  method: 'POST',
  path: '/api/auth/step-up',
  tag: 'auth',
  summary: 'Prove anew that it is me: by a code or a passkey where I have a second factor, else by my password; good for five minutes',
  permission: 'session',
  open_without_factor: true,
  body: z.strictObject({ password: z.string().max(1024).optional(), code: code.optional(), passkey: assertion.optional() }),
  response: z.object({ proved_until: time }),
})

export const resetFactor = route({
  method: 'DELETE',
  path: '/api/users/:user_id/2fa',
  tag: 'users',
  summary: 'Remove the second factor of a person who lost it, and end all of their sessions',
  permission: 'users.manage',
  step_up: true,
  params: idParams('user_id'),
  response: z.object({ ended_sessions: count }),
})

const policy = z
  .object({
    is_required: z.boolean(),
    people: count.describe('Active people of the tenant'),
    people_without: count.describe('Those of them who have no second factor'),
  })
  .meta({ id: 'SecondFactorPolicy' })

export const getFactorPolicy = route({
  method: 'GET',
  path: '/api/tenants/:tenant_id/2fa',
  tag: 'tenants',
  summary: 'Whether my tenant requires a second factor, and how many have one',
  permission: 'tenant.manage',
  params: idParams('tenant_id'),
  response: policy,
})

export const setFactorPolicy = route({
  method: 'PUT',
  path: '/api/tenants/:tenant_id/2fa',
  tag: 'tenants',
  summary: 'Require a second factor of everybody in my tenant, or stop to: those without one can then only set it up',
  permission: 'tenant.manage',
  step_up: true,
  params: idParams('tenant_id'),
  body: z.strictObject({ is_required: z.boolean() }),
  response: policy,
})
