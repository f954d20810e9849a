// A chain that was walked, in words.
import type { AuditCheckpoint, auditBreaks, ChainReport } from '../../../shared/contract/audit.ts'
import { iso } from '../../platform/iso-time.ts'
import type { ChainState, KeptPoint } from './store.ts'

const says: Readonly<Record<(typeof auditBreaks)[number], string>> = {
  edited: 'this row was changed after it was written',
  missing: 'rows are missing from here',
  unlinked: 'this row does not follow the one before it',
  cut: 'the end of the chain was cut off from here',
  beyond: 'there are rows behind the end of the chain',
  head_forged: 'the end of the chain was not written by this server',
  resealed: 'up to here the end of the chain was written by somebody else',
  checkpoint_forged: 'this checkpoint was not signed by this server',
  checkpoint_differs: 'this row is not the one that the checkpoint signed',
  checkpoint_missing: 'a checkpoint is missing here',
  saved_differs: 'this row is not the one whose checkpoint was kept',
  saved_missing: 'a checkpoint of this row was kept, and there is no such row',
  saved_forged: 'the checkpoint that was kept of this row was not signed by this server',
  other_key: 'signed with another SECRET_KEY, so that it cannot be proven',
}

const stateOf = (chain: ChainState): ChainReport['state'] => {
  if (chain.breaks_total > 0) return chain.breaks.every((b) => b.kind === 'other_key') ? 'unproven' : 'broken'
  return chain.rows === 0 ? 'empty' : 'holds'
}

export const pointShown = (point: KeptPoint): AuditCheckpoint => ({ ...point, at: iso(point.at) })

export const reportOn = (state: ChainState, tookMs: number): ChainReport => {
  const { tenant_id: _tenant, saved: _saved, last_checkpoint, ...chain } = state
  return {
    ...chain,
    last_checkpoint: last_checkpoint === null ? null : pointShown(last_checkpoint),
    state: stateOf(state),
    last_at: iso(chain.last_at),
    breaks: chain.breaks.map((b) => ({ ...b, says: says[b.kind] })),
    took_ms: Math.round(tookMs),
  }
}
