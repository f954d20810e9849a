// One pass over a chain, row by row and checkpoint by checkpoint, and what does not fit.
import type { auditBreaks } from '../../../shared/contract/audit.ts'
import {
  type AuditCheckpoint,
  type AuditHead,
  type AuditKey,
  type AuditRow,
  checkpointRows,
  genesisHash,
  hashOfRow,
  isSameMac,
  isSignedBy,
  macOfCheckpoint,
  macOfHead,
} from './chain.ts'

type BreakKind = (typeof auditBreaks)[number]

export interface ChainBreak {
  kind: BreakKind
  /** The row where it shows. */
  seq: number
}

/** A checkpoint as it was kept outside of the database: what the chain was once. */
export interface SavedPoint {
  seq: number
  at: Date
  hash: string
  key_id: string
  signature: string | null
}

const shownBreaks = 50

export class Walk {
  readonly breaks: ChainBreak[] = []
  total = 0
  rows = 0
  lastAt: Date | null = null
  seq = 0
  hash = genesisHash
  points = 0
  lastPoint: AuditCheckpoint | null = null
  readonly #key: AuditKey
  /** By row, what was kept of it elsewhere and not met yet. */
  readonly #saved = new Map<number, Set<string>>()
  #isSigned = false

  constructor(key: AuditKey, saved: readonly SavedPoint[]) {
    this.#key = key
    for (const { seq, hash } of saved) this.#saved.set(seq, (this.#saved.get(seq) ?? new Set()).add(hash))
  }

  broken(kind: BreakKind, seq: number): void {
    this.total++
    if (this.breaks.length < shownBreaks) this.breaks.push({ kind, seq })
  }

  /** What the chain says of itself: it was found signed by somebody else. */
  #confessed(row: AuditRow): void {
    if (row.action === 'audit.fault') this.broken(row.details.includes('other_key') ? 'other_key' : 'resealed', row.seq)
  }

  #compareSaved(row: AuditRow): void {
    const kept = this.#saved.get(row.seq)
    if (kept === undefined) return
    if (kept.size > 1 || !kept.has(row.hash)) this.broken('saved_differs', row.seq)
    this.#saved.delete(row.seq)
  }

  step(row: AuditRow, point: AuditCheckpoint | undefined): void {
    const isNext = row.seq === this.seq + 1
    if (!isNext) this.broken('missing', this.seq + 1)
    else if (row.prev_hash !== this.hash) this.broken('unlinked', row.seq)
    if (hashOfRow(row) !== row.hash) this.broken('edited', row.seq)
    this.#confessed(row)
    if (point !== undefined && point.hash !== row.hash) this.broken('checkpoint_differs', row.seq)
    this.#compareSaved(row)
    this.rows++
    this.seq = row.seq
    this.hash = row.hash
    this.lastAt = row.at
  }

  /** Once one is signed, all behind it are: a signature that was taken away is missed. */
  #isForged(point: AuditCheckpoint): boolean {
    if (!isSameMac(point.mac, macOfCheckpoint(this.#key, point))) return true
    if (point.signature === null) return this.#isSigned
    this.#isSigned = true
    return !isSignedBy(this.#key.public_key, point, point.signature)
  }

  /** Checkpoints in order, whether their row is there or not. */
  checkpoint(point: AuditCheckpoint): void {
    const before = this.lastPoint?.seq ?? 0
    if (point.key_id !== this.#key.id) this.broken('other_key', point.seq)
    else if (this.#isForged(point)) this.broken('checkpoint_forged', point.seq)
    if (point.seq - before > (before === 0 ? 1 : checkpointRows)) this.broken('checkpoint_missing', before + 1)
    this.points++
    this.lastPoint = point
  }

  end(head: AuditHead): void {
    if (head.key_id !== this.#key.id) this.broken('other_key', head.seq)
    else if (!isSameMac(head.mac, macOfHead(this.#key, head))) this.broken('head_forged', head.seq)
    if (this.seq < head.seq) this.broken('cut', this.seq + 1)
    else if (this.hash !== head.hash) this.broken('head_forged', head.seq)
    if ((this.lastPoint?.seq ?? 0) !== head.checkpoint_seq) this.broken('checkpoint_missing', head.checkpoint_seq)
  }

  /** What was kept elsewhere of rows that there are not, and what was kept and this server did not sign. */
  endSaved(saved: readonly SavedPoint[], chain: string): number {
    for (const seq of [...this.#saved.keys()].sort((a, b) => a - b)) this.broken('saved_missing', seq)
    let unproven = 0
    for (const { signature, ...point } of saved) {
      if (signature === null || point.key_id !== this.#key.id) unproven++
      else if (!isSignedBy(this.#key.public_key, { ...point, tenant_id: chain }, signature)) this.broken('saved_forged', point.seq)
    }
    return unproven
  }
}
