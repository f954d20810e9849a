// Access tokens: one algorithm, chosen by the key and never by the header, and no header that names a key. The token
// says who; what they may do is read from the session's row each time.
import { createHmac } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { newId } from '../../../platform/ids.ts'

const issuer = 'velocicompanion'
const audience = 'velocicompanion-api'
const type = 'at+jwt'
const headers: ReadonlySet<string> = new Set(['alg', 'typ'])
const longestBytes = 8192
const longestLifeS = 10 * 60

interface TokenClaims {
  user_id: string
  tenant_id: string
  session_id: string
}
export interface Tokens {
  sign: (claims: TokenClaims & { role: string }, life: { now: Date; seconds: number }) => Promise<string>
  /** null for anything but a token of ours that is valid now. */
  verify: (token: string, now: Date) => Promise<TokenClaims | null>
  /**
   * The refresh token after this one. It is made of it and of the server's secret, so that tabs which refresh at the same
   * time are given one successor, though only hashes are kept.
   */
  successorOf: (refreshToken: string) => string
}

const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)

/** A key of its own for each use, so that what is signed for one can never be taken for another. */
const derivedKey = (secret: string, use: string): Buffer => createHmac('sha256', secret).update(`velocicompanion ${use}`).digest()

export const createTokens = (secret: string): Tokens => {
  const key = derivedKey(secret, 'access tokens')
  const chainKey = derivedKey(secret, 'refresh tokens')
  return {
    sign: ({ user_id, tenant_id, session_id, role }, { now, seconds }) => {
      const issuedAt = Math.floor(now.getTime() / 1000)
      return new SignJWT({ tenant_id, role, sid: session_id })
        .setProtectedHeader({ alg: 'HS256', typ: type })
        .setSubject(user_id)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + seconds)
        .setJti(newId())
        .sign(key)
    },
    verify: async (token, now) => {
      if (token.length > longestBytes) return null
      try {
        const { payload, protectedHeader } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          issuer,
          audience,
          typ: type,
          requiredClaims: ['sub', 'exp', 'iat', 'jti', 'sid', 'tenant_id'],
          maxTokenAge: longestLifeS,
          clockTolerance: 5,
          currentDate: now,
        })
        const { sub, sid, tenant_id } = payload
        if (Object.keys(protectedHeader).some((name) => !headers.has(name))) return null
        if (!isId(sub) || !isId(sid) || !isId(tenant_id)) return null
        return { user_id: sub, session_id: sid, tenant_id }
      } catch {
        return null
      }
    },
    successorOf: (refreshToken) => createHmac('sha256', chainKey).update(refreshToken).digest('base64url'),
  }
}
