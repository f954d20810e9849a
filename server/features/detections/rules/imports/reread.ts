import { setImmediate } from 'node:timers/promises'
import type { TenantDb } from '../../../../platform/ctx.ts'
import { readBy, rulesOfFile, type StoredRule } from '../reading/stored-rule.ts'
import { putReread, settleCorrelations, type Stale, staleRules } from './store-reread.ts'

/** After the reader or the map of log sources has changed; a batch that is lost is done again at the next start. */
const rulesPerBatch = 50

const reread = ({ path, text, hash }: Stale): StoredRule | undefined => rulesOfFile({ path, text }).find((rule) => rule.hash === hash)

/** Reads every rule anew that another reader has read. @returns how many */
export const rereadStale = async (db: TenantDb, signal: AbortSignal): Promise<number> => {
  let done = 0
  for (let last = ''; !signal.aborted; ) {
    const stale = await staleRules(db, readBy, rulesPerBatch)
    // What could not be brought up to date would come again and again.
    if (stale.length === 0 || stale[0]?.rule_id === last) break
    last = stale[0]?.rule_id ?? ''
    const rules: (Pick<Stale, 'rule_id' | 'version'> & StoredRule)[] = []
    for (const one of stale) {
      const rule = reread(one)
      if (rule !== undefined) rules.push({ ...rule, rule_id: one.rule_id, version: one.version })
      await setImmediate()
    }
    await putReread(db, rules)
    done += rules.length
  }
  if (done > 0) await settleCorrelations(db)
  return done
}
