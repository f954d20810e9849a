// Whether a chain is what was written. Rows and checkpoints are read in pages, so that a chain of any length takes the same
// memory; what is written meanwhile lies behind the head that was read first.
import { sql } from 'kysely'
import type { TenantDb } from '../../platform/ctx.ts'
import { auditKeyOf, inTenant, tenantIdOf } from '../tenant.ts'
import { type AuditCheckpoint, type AuditHead, type AuditRow, genesisHash, isSameMac, macOfHead, signatureOf } from './chain.ts'
import { type ChainBreak, type SavedPoint, Walk } from './walk.ts'

export type { SavedPoint } from './walk.ts'

/** A checkpoint as it is kept outside of the database: its signature needs no secret to be checked. */
export type KeptPoint = Omit<AuditCheckpoint, 'mac'>

export interface ChainState {
  tenant_id: string
  rows: number
  last_seq: number
  last_at: Date | null
  head_hash: string
  checkpoints: number
  last_checkpoint: KeptPoint | null
  public_key: string
  /** Of what was kept elsewhere: how many were compared, and how many of them were signed with no key that is known here. */
  saved: { compared: number; unproven: number }
  /** The first of them. */
  breaks: ChainBreak[]
  breaks_total: number
}

const pageRows = 1000

interface Span {
  after: number
  last: number
}

const rowsIn = (db: TenantDb, { after, last }: Span): Promise<AuditRow[]> =>
  inTenant(db, (q) =>
    q
      .selectFrom('audit_rows')
      .selectAll()
      .where('tenant_id', '=', tenantIdOf(db))
      .where('seq', '>', after)
      .where('seq', '<=', last)
      .orderBy('seq')
      .limit(pageRows)
      .execute(),
  )

const pointsIn = (db: TenantDb, { after, last }: Span): Promise<AuditCheckpoint[]> =>
  inTenant(db, (q) =>
    q
      .selectFrom('audit_checkpoints')
      .selectAll()
      .where('tenant_id', '=', tenantIdOf(db))
      .where('seq', '>', after)
      .where('seq', '<=', last)
      .orderBy('seq')
      .limit(pageRows)
      .execute(),
  )

const headOf = (db: TenantDb): Promise<AuditHead | undefined> =>
  inTenant(db, (q) => q.selectFrom('audit_heads').selectAll().where('tenant_id', '=', tenantIdOf(db)).executeTakeFirst())

/** How far rows and checkpoints reach beyond the head, read in one statement since writers go on. */
const beyondHead = (db: TenantDb): Promise<number> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ head: number; newest: number }>`
      select coalesce((select seq from audit_heads where tenant_id = ${tenantIdOf(db)}), 0) as head,
        greatest(coalesce((select max(seq) from audit_rows where tenant_id = ${tenantIdOf(db)}), 0),
          coalesce((select max(seq) from audit_checkpoints where tenant_id = ${tenantIdOf(db)}), 0)) as newest`.execute(q)
    const [ends] = rows
    return ends !== undefined && ends.newest > ends.head ? ends.newest : 0
  })

/** Every checkpoint of a span, page by page. */
async function* pointsOf(db: TenantDb, span: Span): AsyncGenerator<AuditCheckpoint> {
  for (let after = span.after; ; ) {
    const page = await pointsIn(db, { after, last: span.last })
    yield* page
    if (page.length < pageRows) return
    after = page.at(-1)?.seq ?? span.last
  }
}

const withoutMac = ({ mac: _mac, ...point }: AuditCheckpoint): KeptPoint => point

const walkRows = async (db: TenantDb, walk: Walk, last: number, signal: AbortSignal): Promise<void> => {
  while (walk.seq < last) {
    signal.throwIfAborted()
    const page = await rowsIn(db, { after: walk.seq, last })
    if (page.length === 0) break
    const points = new Map<number, AuditCheckpoint>()
    for await (const point of pointsOf(db, { after: walk.seq, last: page.at(-1)?.seq ?? last })) {
      points.set(point.seq, point)
      walk.checkpoint(point)
    }
    for (const row of page) walk.step(row, points.get(row.seq))
  }
  for await (const point of pointsOf(db, { after: walk.seq, last })) walk.checkpoint(point)
}

/**
 * Walks the whole chain of the handle's tenant, and compares it with what was kept of it elsewhere.
 * Ends early, with an error, when `signal` does.
 */
export const verifyChain = async (db: TenantDb, o: { signal: AbortSignal; saved?: readonly SavedPoint[] }): Promise<ChainState> => {
  const key = auditKeyOf(db)
  const saved = o.saved ?? []
  const head = await headOf(db)
  const walk = new Walk(key, saved)
  const last = head?.seq ?? 0
  await walkRows(db, walk, last, o.signal)
  if (head !== undefined) walk.end(head)
  const unproven = walk.endSaved(saved, tenantIdOf(db))
  const beyond = await beyondHead(db)
  if (beyond > 0) walk.broken('beyond', beyond)
  return {
    tenant_id: tenantIdOf(db),
    rows: walk.rows,
    last_seq: last,
    last_at: walk.lastAt,
    head_hash: head?.hash ?? genesisHash,
    checkpoints: walk.points,
    last_checkpoint: walk.lastPoint === null ? null : withoutMac(walk.lastPoint),
    public_key: key.public_key,
    saved: { compared: saved.length, unproven },
    breaks: walk.breaks,
    breaks_total: walk.total,
  }
}

/**
 * What is to be kept elsewhere: the checkpoints made since then (null: none), oldest first, and one of the chain's end as it
 * is `now`. An end that this server did not write is not signed: then there is none.
 */
export const checkpointsToKeep = async (
  db: TenantDb,
  o: { now: Date; since: Date | null },
): Promise<{ points: KeptPoint[]; public_key: string }> => {
  const key = auditKeyOf(db)
  const head = await headOf(db)
  const points: KeptPoint[] = []
  if (head === undefined) return { points, public_key: key.public_key }
  if (o.since !== null)
    for await (const point of pointsOf(db, { after: 0, last: head.seq })) if (point.at >= o.since) points.push(withoutMac(point))
  if (head.key_id === key.id && isSameMac(head.mac, macOfHead(key, head))) {
    const end = { tenant_id: head.tenant_id, seq: head.seq, at: o.now, hash: head.hash, key_id: key.id }
    points.push({ ...end, signature: signatureOf(key, end) })
  }
  return { points, public_key: key.public_key }
}
