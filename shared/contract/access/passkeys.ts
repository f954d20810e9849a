// Passkeys (WebAuthn): registered here, used to sign in alone, in the second step of a sign-in, and for a fresh proof.
import { z } from 'zod'
import { count, idParams, nothing, time, uuid } from '../paging.ts'
import { route } from '../route.ts'
import { assertion } from './second-factors.ts'

const passkey = z
  .object({
    id: uuid,
    name: z.string(),
    is_backed_up: z.boolean().describe('Kept by its provider, so that it can be on several devices'),
    created_at: time,
    last_used_at: time.nullable(),
  })
  .meta({ id: 'Passkey' })
export type Passkey = z.infer<typeof passkey>

export const mostPasskeys = 20

const options = z.record(z.string(), z.unknown()).describe("For the browser: the JSON form of WebAuthn's `publicKey` options")
const part = z.string().max(16_384)

const attestation = z
  .strictObject({
    id: z.string().max(1400),
    rawId: z.string().max(1400),
    type: z.literal('public-key'),
    authenticatorAttachment: z.string().max(64).nullish(),
    clientExtensionResults: z.record(z.string(), z.unknown()),
    response: z.strictObject({
      clientDataJSON: part,
      attestationObject: part,
      authenticatorData: part.optional(),
      publicKey: part.optional(),
      publicKeyAlgorithm: z.number().int().optional(),
      transports: z.array(z.string().max(32)).max(16).optional(),
    }),
  })
  .meta({ id: 'PasskeyAttestation' })
export type Attestation = z.infer<typeof attestation>

export const listPasskeys = route({
  method: 'GET',
  path: '/api/auth/passkeys',
  tag: 'auth',
  summary: 'My passkeys, the newest first',
  permission: 'session',
  open_without_factor: true,
  response: z.array(passkey).max(mostPasskeys),
})

export const setUpPasskey = route({
  method: 'POST',
  path: '/api/auth/passkey-setup',
  tag: 'auth',
  summary: 'Begin to register a passkey: what the browser asks an authenticator for; good once and for five minutes',
  permission: 'session',
  open_without_factor: true,
  step_up: true,
  response: z.object({ options }),
})

export const addPasskey = route({
  method: 'POST',
  path: '/api/auth/passkeys',
  tag: 'auth',
  summary:
    'Register the passkey that the authenticator made. As the first second factor it gives ten recovery codes and ends my other sessions',
  permission: 'session',
  open_without_factor: true,
  step_up: true,
  status: 201,
  body: z.strictObject({ name: z.string().trim().min(1).max(100), credential: attestation }),
  response: z.object({
    passkey,
    recovery_codes: z.array(z.string()).describe('Shown in this reply alone; none where I had a second factor before'),
    ended_sessions: count,
  }),
})

export const removePasskey = route({
  method: 'DELETE',
  path: '/api/auth/passkeys/:passkey_id',
  tag: 'auth',
  summary: 'Remove one of my passkeys; not the last second factor where the tenant requires one',
  permission: 'session',
  step_up: true,
  status: 204,
  params: idParams('passkey_id'),
  response: nothing,
})

export const askPasskey = route({
  method: 'POST',
  path: '/api/auth/step-up/passkey',
  tag: 'auth',
  summary: 'What the browser asks one of my passkeys for, to be sent to POST /api/auth/step-up; good once and for five minutes',
  permission: 'session',
  open_without_factor: true,
  response: z.object({ options }),
})

export const askAnyPasskey = route({
  method: 'POST',
  path: '/api/auth/passkey/ask',
  tag: 'auth',
  summary:
    'Begin to sign in by a passkey alone: what the browser asks whichever passkey it has for this site; good once and for five minutes',
  permission: 'public',
  response: z.object({ challenge: z.string(), options }),
})

export const openSessionByPasskey = route({
  method: 'POST',
  path: '/api/auth/passkey/session',
  tag: 'auth',
  summary: "The browser's sign-in by a passkey alone, which has verified its owner and is both factors: sets the cookie",
  permission: 'public',
  status: 204,
  body: z.strictObject({ challenge: z.string().max(200), passkey: assertion }),
  response: nothing,
})
