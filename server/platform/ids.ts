import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'

export const newId = (): string => randomUUID()

/** 256 random bits in URL-safe text: session ids, invitations, set-up codes. */
export const newSecret = (bytes = 32): string => randomBytes(bytes).toString('base64url')

export const sha256Hex = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

/** Compares two secrets in constant time, whatever their lengths. */
export const isSameSecret = (a: string, b: string): boolean => {
  const left = createHash('sha256').update(a).digest()
  const right = createHash('sha256').update(b).digest()
  return timingSafeEqual(left, right)
}
