// Codes of RFC 6238 as every authenticator app makes them: SHA-1, six digits, 30 s.
import { HOTP, Secret, TOTP } from 'otpauth'
import { encodeQR } from 'qr'
import { isSameSecret } from '../../../platform/ids.ts'

const issuer = 'VelociCompanion'
const digits = 6
const periodS = 30
const seedBytes = 20

/** 160 random bits in base32. */
export const newSeed = (): string => new Secret({ size: seedBytes }).base32

export const uriOf = (seed: string, label: string): string =>
  new TOTP({ issuer, label, secret: Secret.fromBase32(seed), algorithm: 'SHA1', digits, period: periodS }).toString()

/** On white with the quiet zone that scanners need, whatever the page's theme is. */
export const qrOf = (uri: string): string => encodeQR(uri, 'svg', { ecc: 'medium', border: 4 })

export const stepAt = (now: Date): number => Math.floor(now.getTime() / 1000 / periodS)

export const codeAt = (seed: string, step: number): string =>
  HOTP.generate({ secret: Secret.fromBase32(seed), algorithm: 'SHA1', digits, counter: step })

/** The time step of a code: the current or the one before, for who types slowly; null for every other code. */
export const stepOf = (seed: string, code: string, now: Date): number | null => {
  const current = stepAt(now)
  return [current, current - 1].filter((step) => isSameSecret(codeAt(seed, step), code))[0] ?? null
}
