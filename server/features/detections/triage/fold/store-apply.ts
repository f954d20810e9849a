import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import {
  type Folded,
  type Happened,
  emptyDetections,
  inheritTriage,
  insertFolded,
  joinInto,
  noteHappened,
  removeDetections,
  updateFolded,
} from './store.ts'

export interface FoldWrites {
  made: Folded[]
  kept: Folded[]
  inherited: { id: string; from: string }[]
  joined: { id: string; into: string }[]
  gone: string[]
  emptied: string[]
  happened: Happened[]
}

/** All that a fold does, in its transaction. What joins another is gone before that one grows over its place. */
export const applyFold = (db: TenantDb, writes: FoldWrites, at: Date): Promise<void> =>
  inTenant(db, async (q) => {
    await joinInto(q, writes.joined)
    await removeDetections(q, writes.gone)
    await emptyDetections(q, writes.emptied, at)
    await updateFolded(q, writes.kept, at)
    await insertFolded(q, tenantIdOf(db), writes.made, at)
    await inheritTriage(q, writes.inherited)
    await noteHappened(q, tenantIdOf(db), writes.happened, at)
  })
