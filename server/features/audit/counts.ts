// How many rows match a filter. Rows are only ever added, so a count that was made once holds for ever as far as it went:
// the next page counts what came since, not the whole chain again.
import type { TenantDb } from '../../platform/ctx.ts'
import { type AuditFilter, chainIdOf, countRows, lastSeq } from './store.ts'

export type Counts = (db: TenantDb, filter: AuditFilter) => Promise<number>

const kept = 500

export const createCounts = (): Counts => {
  const known = new Map<string, { last: number; total: number }>()
  return async (db, filter) => {
    const question = JSON.stringify([chainIdOf(db), Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1))])
    const before = known.get(question) ?? { last: 0, total: 0 }
    const last = await lastSeq(db)
    const total = before.total + (last > before.last ? await countRows(db, filter, { after: before.last, last }) : 0)
    // the question asked longest ago makes room
    known.delete(question)
    known.set(question, { last, total })
    const [oldest] = known.keys()
    if (known.size > kept && oldest !== undefined) known.delete(oldest)
    return total
  }
}
