// Whether a chain is what was written. Read in pages, so that a chain of any length takes the same memory; what is
// written meanwhile lies behind the head that was read first.
import { sql } from 'kysely'
import type { auditBreaks } from '../../../shared/contract/audit.ts'
import type { TenantDb } from '../../platform/ctx.ts'
import { auditKeyOf, inTenant, tenantIdOf } from '../tenant.ts'
import {
  type AuditCheckpoint,
  type AuditHead,
  type AuditKey,
  type AuditRow,
  checkpointRows,
  genesisHash,
  hashOfRow,
  isSameMac,
  macOfCheckpoint,
  macOfHead,
} from './chain.ts'

type BreakKind = (typeof auditBreaks)[number]

export interface ChainBreak {
  kind: BreakKind
  /** The row where it shows. */
  seq: number
}

export interface ChainState {
  tenant_id: string
  rows: number
  last_seq: number
  last_at: Date | null
  head_hash: string
  checkpoints: number
  /** The first of them. */
  breaks: ChainBreak[]
  breaks_total: number
}

const pageRows = 1000
const shownBreaks = 50

const rowsAfter = (db: TenantDb, seq: number, last: number): Promise<AuditRow[]> =>
  inTenant(db, (q) =>
    q
      .selectFrom('audit_rows')
      .selectAll()
      .where('tenant_id', '=', tenantIdOf(db))
      .where('seq', '>', seq)
      .where('seq', '<=', last)
      .orderBy('seq')
      .limit(pageRows)
      .execute(),
  )

const headOf = (db: TenantDb): Promise<AuditHead | undefined> =>
  inTenant(db, (q) => q.selectFrom('audit_heads').selectAll().where('tenant_id', '=', tenantIdOf(db)).executeTakeFirst())

const checkpointsOf = (db: TenantDb): Promise<AuditCheckpoint[]> =>
  inTenant(db, (q) => q.selectFrom('audit_checkpoints').selectAll().where('tenant_id', '=', tenantIdOf(db)).orderBy('seq').execute())

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

class Walk {
  readonly breaks: ChainBreak[] = []
  total = 0
  rows = 0
  lastAt: Date | null = null
  seq = 0
  hash = genesisHash
  readonly #points: ReadonlyMap<number, AuditCheckpoint>

  constructor(points: readonly AuditCheckpoint[]) {
    this.#points = new Map(points.map((p) => [p.seq, p]))
  }

  broken(kind: BreakKind, seq: number): void {
    this.total++
    if (this.breaks.length < shownBreaks) this.breaks.push({ kind, seq })
  }

  /** What the chain says of itself: it was found signed by somebody else. */
  #confessed(row: AuditRow): void {
    if (row.action === 'audit.fault') this.broken(row.details.includes('other_key') ? 'other_key' : 'resealed', row.seq)
  }

  step(row: AuditRow): void {
    const isNext = row.seq === this.seq + 1
    if (!isNext) this.broken('missing', this.seq + 1)
    else if (row.prev_hash !== this.hash) this.broken('unlinked', row.seq)
    if (hashOfRow(row) !== row.hash) this.broken('edited', row.seq)
    this.#confessed(row)
    const point = this.#points.get(row.seq)
    if (point !== undefined && point.hash !== row.hash) this.broken('checkpoint_differs', row.seq)
    this.rows++
    this.seq = row.seq
    this.hash = row.hash
    this.lastAt = row.at
  }
}

const checkHead = (walk: Walk, key: AuditKey, head: AuditHead): void => {
  if (head.key_id !== key.id) walk.broken('other_key', head.seq)
  else if (!isSameMac(head.mac, macOfHead(key, head))) walk.broken('head_forged', head.seq)
  if (walk.seq < head.seq) walk.broken('cut', walk.seq + 1)
  else if (walk.hash !== head.hash) walk.broken('head_forged', head.seq)
}

const checkPoints = (walk: Walk, key: AuditKey, head: AuditHead, points: readonly AuditCheckpoint[]): void => {
  let before = 0
  for (const point of points) {
    if (point.key_id !== key.id) walk.broken('other_key', point.seq)
    else if (!isSameMac(point.mac, macOfCheckpoint(key, point))) walk.broken('checkpoint_forged', point.seq)
    if (point.seq - before > (before === 0 ? 1 : checkpointRows)) walk.broken('checkpoint_missing', before + 1)
    before = point.seq
  }
  if (before !== head.checkpoint_seq) walk.broken('checkpoint_missing', head.checkpoint_seq)
}

/** Walks the whole chain of the handle's tenant. Ends early, with an error, when `signal` does. */
export const verifyChain = async (db: TenantDb, signal: AbortSignal): Promise<ChainState> => {
  const key = auditKeyOf(db)
  const head = await headOf(db)
  const points = (await checkpointsOf(db)).filter((p) => head !== undefined && p.seq <= head.seq)
  const walk = new Walk(points)
  const last = head?.seq ?? 0
  while (walk.seq < last) {
    signal.throwIfAborted()
    const page = await rowsAfter(db, walk.seq, last)
    if (page.length === 0) break
    for (const row of page) walk.step(row)
  }
  if (head !== undefined) {
    checkHead(walk, key, head)
    checkPoints(walk, key, head, points)
  }
  const beyond = await beyondHead(db)
  if (beyond > 0) walk.broken('beyond', beyond)
  return {
    tenant_id: tenantIdOf(db),
    rows: walk.rows,
    last_seq: last,
    last_at: walk.lastAt,
    head_hash: head?.hash ?? genesisHash,
    checkpoints: points.length,
    breaks: walk.breaks,
    breaks_total: walk.total,
  }
}
