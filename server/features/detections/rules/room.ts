// Rules as a room: what the composition root needs to run it.
import type { Ctx, TenantDb } from '../../../platform/ctx.ts'
import type { Log } from '../../../platform/log.ts'
import type { Outbound } from '../../../platform/outbound/outbound.ts'
import { rereadStale } from './imports/reread.ts'
import { failRuleImport, runImport } from './imports/run-import.ts'
import { createPlatformRules } from './packs/publish.ts'
import { installStarter } from './packs/starter.ts'

export { ruleJobKind } from './imports/receive.ts'

export const createRules = (o: { outbound: Outbound; platform: TenantDb; version: string }) => ({
  outbound: o.outbound,
  platform: createPlatformRules(o.platform),
  runImport,
  failImport: failRuleImport,
  /** At start: the rules of the product itself, for every tenant. */
  installStarter: (): Promise<void> => installStarter(o.platform, o.version),
  /** At start, beside everything else: what another version of the product has read. Resolves when it has stopped. */
  startRereading: (tenants: readonly Ctx[], log: Log): (() => Promise<void>) => {
    const stopping = new AbortController()
    const work = async (): Promise<void> => {
      for (const db of [o.platform, ...tenants.map((ctx) => ctx.db)]) {
        const rules = await rereadStale(db, stopping.signal)
        if (rules > 0) log.info({ rules }, 'rules were read anew')
      }
    }
    const done = work().catch((error: unknown) =>
      log.error({ err: error }, 'reading rules anew failed; it is tried again at the next start'),
    )
    return () => {
      stopping.abort()
      return done
    }
  },
})

export type Rules = ReturnType<typeof createRules>
