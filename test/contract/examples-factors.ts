// Examples for second factors: people of their own, so that no other call meets a code.
import { codeAt, stepAt } from '../../server/features/identity/factors/totp.ts'
import { createSoftPasskey } from '../harness/people/soft-passkey.ts'
import { type Example, site, type World } from './sides.ts'
import { password, tokenOf } from './world.ts'

let made = 0
let pendingSeed = ''
let spare: string[] = []

const newcomer = async ({ send, a }: World): Promise<{ id: string; username: string }> => {
  const body = { username: `factor-${++made}`, role: 'viewer', password }
  return (await send('POST', '/api/users', { token: a.admin, body })).json() as { id: string; username: string }
}

const beginning = async (world: World): Promise<{ id: string; username: string; token: string }> => {
  const person = await newcomer(world)
  const token = await tokenOf(world.send, person.username)
  pendingSeed = ((await world.send('POST', '/api/auth/2fa/setup', { token })).json() as { secret: string }).secret
  return { ...person, token }
}

const currentCode = (): string => (pendingSeed === '' ? '000000' : codeAt(pendingSeed, stepAt(new Date())))

/** Somebody with a second factor, and a code that was not used. */
const protectedPerson = async (world: World): Promise<{ id: string; username: string; token: string }> => {
  const person = await beginning(world)
  const reply = await world.send('POST', '/api/auth/2fa/verify', { token: person.token, body: { code: currentCode() } })
  spare = (reply.json() as { recovery_codes: string[] }).recovery_codes
  return person
}

const challengeAt =
  (path: string) =>
  async (world: World): Promise<unknown> => {
    const { username } = await protectedPerson(world)
    const reply = await world.send('POST', path, { body: { username, password } })
    const { challenge } = reply.json() as { challenge: { token: string } }
    return { challenge: challenge.token, code: spare[0] }
  }

const optionsAt = async ({ send }: World, path: string, token: string): Promise<Record<string, unknown>> =>
  ((await send('POST', path, { token })).json() as { options: Record<string, unknown> }).options

let passkeyOwner = ''
const owner = (): string => passkeyOwner
const newOwner = async (world: World): Promise<string> => {
  passkeyOwner = await tokenOf(world.send, (await newcomer(world)).username)
  return passkeyOwner
}
const newPasskey = async (world: World): Promise<unknown> => ({
  name: 'Laptop',
  credential: createSoftPasskey(site).make(await optionsAt(world, '/api/auth/passkey-setup', owner())),
})
const withPasskey = async (world: World): Promise<string> => {
  const token = await newOwner(world)
  const made = await world.send('POST', '/api/auth/passkeys', { token, body: await newPasskey(world) })
  passkeyId = (made.json() as { passkey: { id: string } }).passkey.id
  return token
}
let passkeyId = ''
const alone = async (world: World): Promise<unknown> => {
  const key = createSoftPasskey(site)
  const { id, username } = await newcomer(world)
  const token = await tokenOf(world.send, username)
  const credential = key.make(await optionsAt(world, '/api/auth/passkey-setup', token))
  await world.send('POST', '/api/auth/passkeys', { token, body: { name: 'Laptop', credential } })
  const asked = (await world.send('POST', '/api/auth/passkey/ask')).json() as { challenge: string; options: Record<string, unknown> }
  const userHandle = Buffer.from(id).toString('base64url')
  return { challenge: asked.challenge, passkey: key.answer(asked.options, { userHandle }) }
}

const nobody = (): undefined => undefined
const admin = (world: World): string => world.a.admin
const own = (world: World): Record<string, string> => world.a.ids

export const factorExamples: Record<string, Example> = {
  'GET /api/auth/2fa': { as: (world) => world.a.viewer, status: 200 },
  'POST /api/auth/2fa/setup': { as: async (world) => tokenOf(world.send, (await newcomer(world)).username), status: 200 },
  'POST /api/auth/2fa/verify': { as: async (world) => (await beginning(world)).token, body: () => ({ code: currentCode() }), status: 200 },
  'POST /api/auth/2fa/disable': {
    as: async (world) => (await protectedPerson(world)).token,
    body: () => ({ password, code: spare[0] ?? 'none' }),
    status: 204,
  },
  'POST /api/auth/2fa/recovery-codes': { as: async (world) => (await protectedPerson(world)).token, status: 200 },
  'POST /api/auth/2fa/session': { as: nobody, body: challengeAt('/api/auth/session'), status: 204 },
  'POST /api/auth/2fa/login': { as: nobody, body: challengeAt('/api/auth/login'), status: 200 },
  'GET /api/auth/passkeys': { as: (world) => world.a.viewer, status: 200 },
  'POST /api/auth/passkey-setup': { as: newOwner, status: 200 },
  'POST /api/auth/passkeys': { as: newOwner, body: newPasskey, status: 201 },
  'DELETE /api/auth/passkeys/:passkey_id': {
    as: async (world) => (owner() === '' ? withPasskey(world) : owner()),
    params: async (world) => {
      await withPasskey(world)
      return { passkey_id: passkeyId }
    },
    status: 204,
  },
  'POST /api/auth/passkey/ask': { as: nobody, status: 200 },
  'POST /api/auth/passkey/session': { as: nobody, body: alone, status: 204 },
  'GET /api/installation/policy': { as: (world) => world.platform, status: 200 },
  'PUT /api/installation/policy': { as: (world) => world.platform, body: () => ({ requires_passkey: false }), status: 200 },
  'POST /api/auth/step-up/passkey': { as: withPasskey, status: 200 },
  'POST /api/auth/step-up': {
    as: async (world) => tokenOf(world.send, (await newcomer(world)).username),
    body: () => ({ password }),
    status: 200,
  },
  'DELETE /api/users/:user_id/2fa': {
    as: admin,
    params: async (world: World) => ({ user_id: (await protectedPerson(world)).id }),
    status: 200,
  },
  'GET /api/tenants/:tenant_id/2fa': { as: admin, params: own, status: 200 },
  'PUT /api/tenants/:tenant_id/2fa': { as: admin, params: own, body: () => ({ is_required: false }), status: 200 },
}
