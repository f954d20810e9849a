// What binds the provider's answer to the browser that asked: sealed into a cookie of ten minutes, so that a stranger who
// begins a thousand sign-ins leaves nothing on the server.
import { z } from 'zod'
import type { Vault } from '../../../platform/vault.ts'

const attemptMs = 10 * 60_000
const bound = { purpose: 'sign-in by a provider', owner_id: 'the browser that began it' }

const shape = z.object({
  tenant_id: z.uuid(),
  /** The issuer and client that were asked: an answer is judged by them and no others. */
  issuer: z.string(),
  client_id: z.string(),
  return_address: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  is_fresh: z.boolean(),
  to: z.string().nullable(),
  expires_at: z.number(),
})
export type Attempt = Omit<z.infer<typeof shape>, 'expires_at'>

export const sealAttempt = async (vault: Vault, attempt: Attempt, now: Date): Promise<{ secret: string; expires_at: Date }> => {
  const expires_at = new Date(now.getTime() + attemptMs)
  return { secret: await vault.seal(JSON.stringify({ ...attempt, expires_at: expires_at.getTime() }), bound), expires_at }
}

/** null: of another server, changed, or too old. */
export const openAttempt = async (vault: Vault, sealed: string, now: Date): Promise<Attempt | null> => {
  try {
    const { expires_at, ...attempt } = shape.parse(JSON.parse(await vault.open(sealed, bound)))
    return expires_at > now.getTime() ? attempt : null
  } catch {
    return null
  }
}
