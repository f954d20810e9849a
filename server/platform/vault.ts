// Secrets at rest that have to be read again (seeds of codes, passwords of other systems). Each is sealed with a data key of
// its own, which is wrapped by a key made from SECRET_KEY (JWE: A256GCMKW, A256GCM); the id of that key stands in the
// header, so that older keys still open while `velocicompanion secrets rotate` seals everything anew. What a secret is for
// and whose it is are authenticated with it: a sealed text that is copied to another row opens nothing.
import { createHash, hkdfSync } from 'node:crypto'
import { errors, FlattenedEncrypt, flattenedDecrypt } from 'jose'
import { z } from 'zod'
import { unavailable } from './errors.ts'

export interface Bound {
  /** The table and column. */
  purpose: string
  /** The id of the row, of its person or of its tenant. */
  owner_id: string
}

export interface Vault {
  /** The sealed text, fit for a text column. */
  seal: (secret: string, bound: Bound) => Promise<string>
  /** @throws AppError unavailable for a key that is not configured; Error when the text was changed or belongs to another row */
  open: (sealed: string, bound: Bound) => Promise<string>
  /** Sealed anew with the key in use; null when it is already. */
  reseal: (sealed: string, bound: Bound) => Promise<string | null>
}

const alg = 'A256GCMKW'
const enc = 'A256GCM'
const headerOf = z.object({ alg: z.literal(alg), enc: z.literal(enc), kid: z.string() })

interface Key {
  id: string
  bytes: Uint8Array
}

const keyFrom = (secretKey: string): Key => {
  const bytes = new Uint8Array(hkdfSync('sha256', secretKey, '', 'velocicompanion secrets at rest', 32))
  return { id: createHash('sha256').update('velocicompanion key id').update(bytes).digest('hex').slice(0, 16), bytes }
}

const boundBytes = ({ purpose, owner_id }: Bound): Uint8Array => new TextEncoder().encode(JSON.stringify([purpose, owner_id]))

const split = (sealed: string) => {
  const [header = '', encrypted_key = '', iv = '', ciphertext = '', tag = ''] = sealed.split('.')
  try {
    return { header, encrypted_key, iv, ciphertext, tag, kid: headerOf.parse(JSON.parse(Buffer.from(header, 'base64url').toString())).kid }
  } catch (cause) {
    throw new Error('this is no sealed secret', { cause })
  }
}

/** @param secretKeys The key in use first; the others only open what was sealed with them. */
export const createVault = (secretKeys: readonly [string, ...string[]]): Vault => {
  const [current, ...older] = [keyFrom(secretKeys[0]), ...secretKeys.slice(1).map(keyFrom)] as [Key, ...Key[]]
  const known = new Map([current, ...older].map((key) => [key.id, key]))
  const seal = async (secret: string, bound: Bound): Promise<string> => {
    const jwe = await new FlattenedEncrypt(new TextEncoder().encode(secret))
      .setProtectedHeader({ alg, enc, kid: current.id })
      .setAdditionalAuthenticatedData(boundBytes(bound))
      .encrypt(current.bytes)
    return [jwe.protected, jwe.encrypted_key, jwe.iv, jwe.ciphertext, jwe.tag].join('.')
  }
  const open = async (sealed: string, bound: Bound): Promise<string> => {
    const { header, kid, ...parts } = split(sealed)
    const key = known.get(kid)
    if (key === undefined)
      throw unavailable(
        `A secret of ${bound.purpose} was sealed under an earlier SECRET_KEY (key ${kid}). Whoever runs this server must add it to SECRET_KEYS_OLD.`,
      )
    const jwe = { ...parts, protected: header, aad: Buffer.from(boundBytes(bound)).toString('base64url') }
    try {
      const { plaintext } = await flattenedDecrypt(jwe, key.bytes, {
        keyManagementAlgorithms: [alg],
        contentEncryptionAlgorithms: [enc],
      })
      return new TextDecoder().decode(plaintext)
    } catch (cause) {
      if (!(cause instanceof errors.JOSEError)) throw cause
      throw new Error(`a sealed secret of ${bound.purpose} was changed, or belongs to another row`, { cause })
    }
  }
  return {
    seal,
    open,
    reseal: async (sealed, bound) => (split(sealed).kid === current.id ? null : seal(await open(sealed, bound), bound)),
  }
}
