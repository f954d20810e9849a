// How many rows each log source has takes seconds where rows are many, and stays the same until rows come or go.
import type { Ctx } from '../../../platform/ctx.ts'
import { rowsOfSources } from '../sources/page/read-sources.ts'
import { revisionOf } from './store.ts'

type Sources = Awaited<ReturnType<typeof rowsOfSources>>

const mostTenants = 50
const remembered = new Map<string, { revision: string; rows: Sources }>()

export const rememberedRows = async (ctx: Ctx): Promise<Sources> => {
  const revision = await revisionOf(ctx.events, ctx.signal)
  const known = remembered.get(ctx.tenant.id)
  if (known?.revision === revision) return known.rows
  const rows = await rowsOfSources(ctx)
  remembered.delete(ctx.tenant.id)
  remembered.set(ctx.tenant.id, { revision, rows })
  const [oldest] = remembered.keys()
  if (remembered.size > mostTenants && oldest !== undefined) remembered.delete(oldest)
  return rows
}
