// What a row, the head and a checkpoint of a chain are sealed with. A hash shows that a row was changed; that somebody
// made all hashes anew shows only in what is signed with a key that the database does not hold.
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'
import type { Selectable } from 'kysely'
import type { AuditTables } from './tables-audit.ts'

export type AuditRow = Selectable<AuditTables['audit_rows']>
export type AuditHead = Selectable<AuditTables['audit_heads']>
export type AuditCheckpoint = Selectable<AuditTables['audit_checkpoints']>

/** The key and its public name: rows signed with an older secret are told apart from forged ones. */
export interface AuditKey {
  id: string
  bytes: Buffer
  /** Signs checkpoints. Derived from the secret like the rest, so that it lies on no disk. */
  signing: KeyObject
  /** PEM of its public half: with it alone, whoever has a checkpoint can check it. */
  public_key: string
}

/** Acts of the whole installation stand in the chain of a tenant that there never is. */
export const platformChain = '00000000-0000-0000-0000-000000000000'

/** What stands before the first row. */
export const genesisHash = '0'.repeat(64)

/** At most so many rows, and so long a time, lie between two checkpoints. */
export const checkpointRows = 1000
export const checkpointMs = 300_000

const derived = (secret: string, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', purpose, 32))

/** RFC 8410: what stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

export const auditKeyFrom = (secret: string): AuditKey => {
  const bytes = derived(secret, 'velocicompanion audit chain')
  const seed = derived(secret, 'velocicompanion audit checkpoints')
  const signing = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
  return {
    id: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
    bytes,
    signing,
    public_key: createPublicKey(signing).export({ format: 'pem', type: 'spki' }).toString(),
  }
}

/** The canonical form is a JSON array in this order: what JSON escapes cannot be moved from one field into the next. */
export const hashOfRow = (row: Omit<AuditRow, 'hash'>): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        'velocicompanion audit row 1',
        row.prev_hash,
        row.tenant_id,
        row.seq,
        row.at.toISOString(),
        row.actor_kind,
        row.actor_id,
        row.actor_name,
        row.action,
        row.object_type,
        row.object_id,
        row.outcome,
        row.address,
        row.user_agent,
        row.request_id,
        row.details,
      ]),
    )
    .digest('hex')

const macOf = (key: AuditKey, parts: readonly unknown[]): string =>
  createHmac('sha256', key.bytes).update(JSON.stringify(parts)).digest('hex')

export const macOfHead = (key: AuditKey, head: Omit<AuditHead, 'mac'>): string =>
  macOf(key, ['head', head.tenant_id, head.seq, head.hash, head.checkpoint_seq, head.checkpoint_at.toISOString(), head.key_id])

type Point = Omit<AuditCheckpoint, 'mac' | 'signature'>

export const macOfCheckpoint = (key: AuditKey, point: Point): string =>
  macOf(key, ['checkpoint', point.tenant_id, point.seq, point.at.toISOString(), point.hash, point.key_id])

export const isSameMac = (a: string, b: string): boolean => {
  const left = Buffer.from(a, 'utf8')
  const right = Buffer.from(b, 'utf8')
  return left.length === right.length && timingSafeEqual(left, right)
}

/** What is signed, and has to be put together the same way by whoever checks it elsewhere: docs/operations.md. */
const signed = (point: Point): Buffer =>
  Buffer.from(
    JSON.stringify(['velocicompanion audit checkpoint 1', point.tenant_id, point.seq, point.at.toISOString(), point.hash, point.key_id]),
  )

export const signatureOf = (key: AuditKey, point: Point): string => sign(null, signed(point), key.signing).toString('base64url')

export const isSignedBy = (publicKey: string, point: Point, signature: string): boolean =>
  verify(null, signed(point), publicKey, Buffer.from(signature, 'base64url'))
