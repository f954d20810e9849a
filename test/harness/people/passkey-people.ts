// People with passkeys, on the application of people with second factors.
import { expect } from 'vitest'
import type { Passkey } from '../../../shared/contract/access/passkeys.ts'
import type { Person, withFactorPeople } from './factor-people.ts'
import { createSoftPasskey, type SoftPasskey } from './soft-passkey.ts'

export const passkeyOrigin = 'http://localhost:8000'
export type Options = Record<string, unknown>

export interface Keyed extends Person {
  key: SoftPasskey
  passkey: Passkey
}

export const withPasskeysOf = ({ call, login }: Pick<ReturnType<typeof withFactorPeople>, 'call' | 'login'>) => {
  const optionsFor = async (person: Pick<Person, 'token'>): Promise<Options> => {
    const reply = await call('POST', '/api/auth/passkey-setup', { token: person.token })
    expect(reply.statusCode, reply.body).toBe(200)
    return reply.json<{ options: Options }>().options
  }
  const add = (person: Pick<Person, 'token'>, credential: unknown, name = 'Laptop') =>
    call('POST', '/api/auth/passkeys', { token: person.token, body: { name, credential } })
  const keyed = async (person: Person): Promise<Keyed> => {
    const key = createSoftPasskey(passkeyOrigin)
    const done = await add(person, key.make(await optionsFor(person)))
    expect(done.statusCode, done.body).toBe(201)
    const { passkey, recovery_codes } = done.json<{ passkey: Passkey; recovery_codes: string[] }>()
    return { ...person, key, passkey, recovery: recovery_codes.length === 0 ? person.recovery : recovery_codes }
  }
  /** The second step by a passkey, up to where it is answered. */
  const begin = async (username: string): Promise<{ token: string; passkey: Options; has_app: boolean }> =>
    (await login(username)).json<{ challenge: { token: string; passkey: Options; has_app: boolean } }>().challenge
  const end = (challenge: string, passkey: unknown) => call('POST', '/api/auth/2fa/login', { body: { challenge, passkey } })
  /** What a fresh proof by a passkey is asked for, and the proof. */
  const prove = async ({ token, key }: Pick<Keyed, 'token' | 'key'>) => {
    const asked = await call('POST', '/api/auth/step-up/passkey', { token })
    return call('POST', '/api/auth/step-up', { token, body: { passkey: key.answer(asked.json<{ options: Options }>().options) } })
  }
  return { optionsFor, add, keyed, begin, end, prove }
}
