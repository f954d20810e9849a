// Which rows a side has: the condition that a search of it would have.
import type { Side } from '../../../shared/contract/hunt/compare.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Sql } from '../../platform/sql.ts'
import { all, type FilterBody, prepare } from '../search/index.ts'
import { ofHunt } from './store.ts'

const scopeOf = (side: Side): Pick<FilterBody, 'import_ids' | 'host_ids'> => {
  if (side.kind === 'imports') return { import_ids: side.ids }
  return side.kind === 'hosts' ? { host_ids: side.ids } : {}
}

/** The rows of a side, of one artifact or with null of all. */
export const rowsOfSide = async (ctx: Ctx, side: Side, artifact: string | null): Promise<Sql> => {
  const filter = { query: '', ...scopeOf(side), ...(artifact === null ? {} : { artifacts: [artifact] }) }
  const { where } = await prepare(ctx, filter, ctx.now().getTime())
  return side.kind === 'hunt' ? all([ofHunt(side.id), where]) : where
}
