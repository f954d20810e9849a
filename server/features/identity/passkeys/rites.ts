// What is asked of an authenticator, and what its answer must be. Everything of WebAuthn that needs no database.
import { isIP } from 'node:net'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { decodeClientDataJSON } from '@simplewebauthn/server/helpers'
import type { Attestation } from '../../../../shared/contract/access/passkeys.ts'
import type { Assertion } from '../../../../shared/contract/access/second-factors.ts'
import { conflict } from '../../../platform/errors.ts'

export const challengeMs = 5 * 60_000

/** Where passkeys are bound to. */
export interface Site {
  origin: string
  rp_id: string
}

/** null where the address is a number: WebAuthn needs a name. */
export const siteOf = (base: string): Site | null => {
  const { origin, hostname } = new URL(base)
  return isIP(hostname.replaceAll(/^\[|\]$/g, '')) === 0 ? { origin, rp_id: hostname } : null
}

/** @throws AppError conflict */
export const needSite = (base: string): Site => {
  const site = siteOf(base)
  if (site === null) throw conflict('A passkey is bound to a name. Open this page by the name of the server and not by its address.')
  return site
}

export interface Credential {
  credential_id: string
  public_key: string
  transports: string[]
}
export interface Asked {
  options: Record<string, unknown>
  challenge: string
}

type Transports = NonNullable<NonNullable<Parameters<typeof generateRegistrationOptions>[0]['excludeCredentials']>[number]['transports']>
const known = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const
const transportsOf = (given: readonly string[]): Transports => known.filter((name) => given.includes(name)) as Transports

const named = (credentials: readonly Credential[]) =>
  credentials.map(({ credential_id, transports }) => ({ id: credential_id, transports: transportsOf(transports) }))

export const askForNew = async (
  site: Site,
  person: { id: string; username: string },
  registered: readonly Credential[],
): Promise<Asked> => {
  const options = await generateRegistrationOptions({
    rpName: 'VelociCompanion',
    rpID: site.rp_id,
    userName: person.username,
    userID: Uint8Array.from(Buffer.from(person.id)),
    timeout: challengeMs,
    attestationType: 'none',
    excludeCredentials: named(registered),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
  })
  return { options: { ...options }, challenge: options.challenge }
}

export const askForProof = async (site: Site, registered: readonly Credential[]): Promise<Asked> => {
  const options = await generateAuthenticationOptions({
    rpID: site.rp_id,
    timeout: challengeMs,
    allowCredentials: named(registered),
    userVerification: 'required',
  })
  return { options: { ...options }, challenge: options.challenge }
}

/** A page within somebody else's page must not ask. */
const isFramed = (clientDataJSON: string): boolean => decodeClientDataJSON(clientDataJSON).crossOrigin === true

export interface Made extends Credential {
  counter: number
  is_syncable: boolean
  is_backed_up: boolean
}

/** null for whatever is not right with it. */
export const readNew = async (site: Site, challenge: string, given: Attestation): Promise<Made | null> => {
  try {
    if (isFramed(given.response.clientDataJSON)) return null
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: given as Parameters<typeof verifyRegistrationResponse>[0]['response'],
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.rp_id,
      requireUserVerification: true,
    })
    if (!verified || registrationInfo === undefined) return null
    const { credential, credentialDeviceType, credentialBackedUp } = registrationInfo
    return {
      credential_id: credential.id,
      public_key: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: transportsOf(given.response.transports ?? []),
      is_syncable: credentialDeviceType === 'multiDevice',
      is_backed_up: credentialBackedUp,
    }
  } catch {
    return null
  }
}

export interface Proof {
  counter: number
  is_backed_up: boolean
}

const isOf = (userId: string, handle: string | null | undefined): boolean =>
  handle === null || handle === undefined || Buffer.from(handle, 'base64url').toString() === userId

/** null for whatever is not right with it. The counter is judged by the store, under its lock. */
export const readProof = async (
  site: Site,
  asked: { challenge: string; userId: string; credential: Credential },
  given: Assertion,
): Promise<Proof | null> => {
  const { credential_id: id, public_key, transports } = asked.credential
  try {
    if (isFramed(given.response.clientDataJSON) || !isOf(asked.userId, given.response.userHandle)) return null
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: given as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
      expectedChallenge: asked.challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.rp_id,
      credential: {
        id,
        publicKey: Uint8Array.from(Buffer.from(public_key, 'base64url')),
        counter: 0,
        transports: transportsOf(transports),
      },
      requireUserVerification: true,
    })
    return verified ? { counter: authenticationInfo.newCounter, is_backed_up: authenticationInfo.credentialBackedUp } : null
  } catch {
    return null
  }
}
