// The one way into the audit log. The head of the chain is locked until the caller's transaction ends: call it last.
import type { Transaction } from 'kysely'
import { type AuthDb, type InAuth, auditKeyOfAuth, followedBy } from '../auth.ts'
import type { Tables } from '../tables.ts'
import type { TenantDb } from '../../platform/ctx.ts'
import { auditKeyOf, inTenant, tenantIdOf } from '../tenant.ts'
import {
  type AuditCheckpoint,
  type AuditHead,
  type AuditKey,
  type AuditRow,
  checkpointMs,
  checkpointRows,
  genesisHash,
  hashOfRow,
  isSameMac,
  macOfCheckpoint,
  macOfHead,
  signatureOf,
} from './chain.ts'

type Q = Transaction<Tables>
export type NewAuditRow = Omit<AuditRow, 'tenant_id' | 'seq' | 'prev_hash' | 'hash'>
/** For the log: whoever keeps it elsewhere can tell later that the chain went through here. */
export type MadeCheckpoint = AuditCheckpoint

const lockHead = async (q: Q, chain: string): Promise<AuditHead | undefined> =>
  q.selectFrom('audit_heads').selectAll().where('tenant_id', '=', chain).forUpdate().executeTakeFirst()

/** The locked head; of a chain that begins, one that two writers who begin it together both wait for. */
const headOf = async (q: Q, key: AuditKey, chain: string): Promise<AuditHead> => {
  const found = await lockHead(q, chain)
  if (found !== undefined) return found
  const first = { tenant_id: chain, seq: 0, hash: genesisHash, checkpoint_seq: 0, checkpoint_at: new Date(0), key_id: key.id }
  await q
    .insertInto('audit_heads')
    .values({ ...first, mac: macOfHead(key, first) })
    .onConflict((on) => on.column('tenant_id').doNothing())
    .execute()
  const made = await lockHead(q, chain)
  if (made === undefined) throw new Error('the head of an audit chain cannot be made')
  return made
}

/** What is wrong with a head before anything is put behind it; null when this installation signed it. */
const faultOf = (key: AuditKey, head: AuditHead): 'other_key' | 'forged' | null => {
  if (head.key_id !== key.id) return 'other_key'
  return isSameMac(head.mac, macOfHead(key, head)) ? null : 'forged'
}

/** A head that somebody else wrote is not blessed by the next act: the chain itself says so from there on. */
const faultRow = (fault: string, entry: NewAuditRow): NewAuditRow => ({
  ...entry,
  actor_kind: 'system',
  actor_id: null,
  actor_name: 'velocicompanion',
  action: 'audit.fault',
  object_type: null,
  object_id: null,
  outcome: 'failure',
  address: null,
  user_agent: null,
  details: JSON.stringify({ fault }),
})

const seal = (head: AuditHead, entry: NewAuditRow): AuditRow => {
  const row = { ...entry, tenant_id: head.tenant_id, seq: head.seq + 1, prev_hash: head.hash }
  return { ...row, hash: hashOfRow(row) }
}

const isDue = (head: AuditHead, row: AuditRow): boolean =>
  head.checkpoint_seq === 0 ||
  row.seq - head.checkpoint_seq >= checkpointRows ||
  row.at.getTime() - head.checkpoint_at.getTime() >= checkpointMs

const checkpointOf = (key: AuditKey, row: AuditRow): AuditCheckpoint => {
  const point = { tenant_id: row.tenant_id, seq: row.seq, at: row.at, hash: row.hash, key_id: key.id }
  return { ...point, mac: macOfCheckpoint(key, point), signature: signatureOf(key, point) }
}

const appendRow = async (q: Q, key: AuditKey, chain: string, entry: NewAuditRow): Promise<MadeCheckpoint[]> => {
  let head = await headOf(q, key, chain)
  const fault = faultOf(key, head)
  const points: AuditCheckpoint[] = []
  for (const one of fault === null ? [entry] : [faultRow(fault, entry), entry]) {
    const row = seal(head, one)
    await q.insertInto('audit_rows').values(row).execute()
    const point = isDue(head, row) ? checkpointOf(key, row) : null
    if (point !== null) {
      await q.insertInto('audit_checkpoints').values(point).execute()
      points.push(point)
    }
    const { checkpoint_seq, checkpoint_at } = head
    const next = {
      tenant_id: chain,
      seq: row.seq,
      hash: row.hash,
      checkpoint_seq: point?.seq ?? checkpoint_seq,
      checkpoint_at: point?.at ?? checkpoint_at,
      key_id: key.id,
    }
    head = { ...next, mac: macOfHead(key, next) }
  }
  const { tenant_id, ...changes } = head
  await q.updateTable('audit_heads').set(changes).where('tenant_id', '=', tenant_id).execute()
  return points
}

/** Appends to the chain of the handle's tenant, in the transaction that the handle is bound to or in one of its own. */
export const appendAudit = (db: TenantDb, entry: NewAuditRow): Promise<MadeCheckpoint[]> =>
  inTenant(db, (q) => appendRow(q, auditKeyOf(db), tenantIdOf(db), entry))

export interface AuthAudit<T> {
  /** The row that belongs to what the transaction did, and its chains; null when it did nothing. That of the platform comes last. */
  rowOf: (result: T) => { chains: readonly string[]; row: NewAuditRow } | null
  onCheckpoints: (points: readonly MadeCheckpoint[]) => void
}

/** The same handle, whose next transaction ends by appending the row that its result calls for: both or neither. */
export const auditedAuth = <T>(auth: AuthDb, audit: AuthAudit<T>): AuthDb =>
  followedBy(auth, async (q: InAuth, result: unknown) => {
    const made = audit.rowOf(result as T)
    // Always in this order: two acts that wait for each other's chain would wait for ever.
    for (const chain of made?.chains ?? [])
      if (made !== null) audit.onCheckpoints(await appendRow(q, auditKeyOfAuth(auth), chain, made.row))
  })
