// Gathers what a reader finds into batches. The cuts depend on the input alone: after a crash the same upload gives the
// same batches, so those that are stored already can be passed over by their number.
import type { Writable } from 'node:stream'
import { BlockBuilder, type ImportFacts } from '../normalise/block-builder.ts'
import { nameOfFile } from '../normalise/provenance.ts'
import type { HostFacts, Member, ReadRow, Rejected, Sink } from '../reading.ts'
import type { Admission } from '../../../platform/queues/admission.ts'
import { type BatchFrame, type FrameWarning, writeFrame } from './frames.ts'
import { leaveBlock } from './leave-block.ts'

const batchRows = 25_000
const batchBytes = 12 * 1024 * 1024
const rejectBytes = 2 * 1024 * 1024
/** The ledger keeps this many rejected rows of an import; the count goes on. */
export const ledgerRows = 100_000

export class Batching implements Sink {
  private readonly builder: BlockBuilder
  private member_: Member | null = null
  private started: Member | null = null
  private batch = 0
  private sending: Promise<void> = Promise.resolve()
  private rejects: Rejected[] = []
  private rejectSize = 0
  private ledger = 0
  private rejected = new Map<string, number>()
  private opened = new Set<string>()
  private hostFacts: HostFacts[] = []
  private warnings: FrameWarning[] = []
  private bytesRead = 0
  private toldAt = 0
  private readonly out: Writable
  private readonly skipBatches: number
  private readonly blockDir: string
  private readonly allowance: Admission
  private readonly facts: ImportFacts

  constructor(o: { facts: ImportFacts; out: Writable; skipBatches: number; blockDir: string; allowance: Admission }) {
    this.facts = o.facts
    this.builder = new BlockBuilder(o.facts)
    this.out = o.out
    this.skipBatches = o.skipBatches
    this.blockDir = o.blockDir
    this.allowance = o.allowance
  }

  container: Sink['container'] = (container, counts) => {
    void this.send(() => writeFrame(this.out, { kind: 'container', container, ...counts }))
  }

  member: Sink['member'] = (member) => {
    this.member_ = member
    if (member.artifact !== null) this.opened.add(this.artifactOf(member))
  }

  rows = async (member: Member, rows: readonly ReadRow[]): Promise<void> => {
    if (this.started !== member) {
      this.builder.startMember(member)
      this.started = member
    }
    for (const row of rows) {
      this.builder.add(row)
      if (this.builder.rows >= batchRows || this.builder.bytes >= batchBytes) await this.flush()
    }
  }

  reject = async (member: Member | null, rejected: Rejected): Promise<void> => {
    const artifact =
      rejected.artifact ?? this.artifactOf(member ?? { path: rejected.member, artifact: null, source: null, format: 'jsonl' })
    this.rejected.set(artifact, (this.rejected.get(artifact) ?? 0) + 1)
    this.ledger += 1
    if (this.ledger > ledgerRows) return
    this.rejects.push({ ...rejected, artifact })
    this.rejectSize += rejected.raw.length + 200
    if (this.rejectSize >= rejectBytes) await this.flush()
  }

  warn: Sink['warn'] = (warning) => {
    this.warnings.push(warning)
  }

  host: Sink['host'] = (facts) => {
    this.hostFacts.push(facts)
  }

  progress: Sink['progress'] = (bytesRead) => {
    this.bytesRead = bytesRead
    const now = Date.now()
    if (now - this.toldAt < 250) return
    this.toldAt = now
    void this.send(() => writeFrame(this.out, { kind: 'progress', bytes_read: bytesRead, current: this.member_?.path ?? null }))
  }

  /** Sends what is left. */
  finish = async (): Promise<void> => {
    if (this.ledger > ledgerRows)
      this.warn({
        code: 'reject_ledger_full',
        message: `The reject ledger keeps the first ${ledgerRows} of ${this.ledger} rejected rows; all are counted.`,
        member: null,
        count: this.ledger - ledgerRows,
      })
    this.warnOfLimits()
    await this.flush()
    await this.sending
  }

  private warnOfLimits(): void {
    const { restRows, scopeOverflow } = this.builder
    if (restRows > 0)
      this.warn({
        code: 'row_values',
        message: `${restRows} rows hold more than 2,000 values: the rest of each is kept as text in the field _rest.`,
        member: null,
        count: restRows,
      })
    if (scopeOverflow > 0)
      this.warn({
        code: 'scope_overflow',
        message: `${scopeOverflow} rows stand in a flow with too many rows to tell repeats apart: they are known by file and row number, and another export of the flow would store them again.`,
        member: null,
        count: scopeOverflow,
      })
  }

  /** Waits for what is on its way. */
  settled = (): Promise<void> => this.sending.catch(() => undefined)

  /** As the builder names it: the file's own word before the option of the import. */
  private artifactOf(member: Pick<Member, 'path' | 'artifact' | 'source' | 'format'>): string {
    const unnamed = member.format === 'evtx' ? 'Windows.EventLogs.Evtx' : nameOfFile(member, this.facts)
    if (member.artifact === null) return this.facts.artifact ?? unnamed
    return member.source === null || member.source === '' ? member.artifact : `${member.artifact}/${member.source}`
  }

  /** One frame is on its way while the next is made; more would only hold memory. */
  private async send(write: () => Promise<void>): Promise<void> {
    const before = this.sending
    this.sending = before.then(write)
    await before
  }

  private async flush(): Promise<void> {
    const { bytes, ...account } = this.builder.take(this.batch)
    const frame: BatchFrame = {
      kind: 'batch',
      batch: this.batch,
      block: null,
      ...account,
      rejects: this.rejects,
      rejected: [...this.rejected].map(([artifact, rows]) => ({ artifact, rows })),
      opened: [...this.opened],
      host_facts: this.hostFacts,
      warnings: this.warnings,
      bytes_read: this.bytesRead,
      current: this.member_?.path ?? null,
    }
    this.rejects = []
    this.rejectSize = 0
    this.rejected = new Map()
    this.opened = new Set()
    this.hostFacts = []
    this.warnings = []
    this.batch += 1
    if (frame.batch < this.skipBatches) return
    await this.send(async () => {
      await this.allowance.enter()
      const onFull = (): Promise<void> => writeFrame(this.out, { kind: 'waiting' })
      const block = bytes.length === 0 ? null : await leaveBlock(this.blockDir, `${frame.batch}.rows`, bytes, onFull)
      await writeFrame(this.out, { ...frame, block })
    })
  }
}
