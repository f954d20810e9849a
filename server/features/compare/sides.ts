// Which rows a side has: the condition that a search of it would have.
import type { Side } from '../../../shared/contract/hunt/compare.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { invalid } from '../../platform/errors.ts'
import type { Sql } from '../../platform/sql.ts'
import { all, anyPresent, baselineSide, type FilterBody, keyOf, prepare, readValue, selected } from '../search/index.ts'
import { type Compared, ofHunt } from './store.ts'

export type RowsSide = Exclude<Side, { kind: 'baseline' }>

const scopeOf = (side: RowsSide): Pick<FilterBody, 'import_ids' | 'host_ids'> => {
  if (side.kind === 'imports') return { import_ids: side.ids }
  return side.kind === 'hosts' ? { host_ids: side.ids } : {}
}

/** The rows of a side that a filter finds. */
export const rowsOfSide = async (ctx: Ctx, side: RowsSide, filter: Pick<FilterBody, 'query' | 'artifacts'>): Promise<Sql> => {
  const { where } = await prepare(ctx, { ...filter, ...scopeOf(side) }, ctx.now().getTime())
  return side.kind === 'hunt' ? all([ofHunt(side.id), where]) : where
}

const isRows = (side: Side): side is RowsSide => side.kind !== 'baseline'

/** @throws AppError `validation` where a side is a baseline */
export const bothRows = ({ left, right }: { left: Side; right: Side }): { left: RowsSide; right: RowsSide } => {
  if (isRows(left) && isRows(right)) return { left, right }
  throw invalid(isRows(left) ? 'right' : 'left', 'a baseline is of no artifact. Compare rows with it by its own fields.')
}

/** A comparison with a baseline: by its fields, among the rows that its query finds; null where neither side is one. */
export const withBaseline = async (
  ctx: Ctx,
  { left, right }: { left: Side; right: Side },
): Promise<{ of: Compared; names: readonly string[]; readKey: (written: readonly string[]) => string[] } | null> => {
  const [baseline, rows] = left.kind === 'baseline' ? [left, right] : [right, left]
  if (baseline.kind !== 'baseline') return null
  if (!isRows(rows)) throw invalid('right', 'both sides are baselines. Compare rows with one.')
  const { fields, names, filter } = await baselineSide(ctx, baseline.id)
  const keys = fields.map(keyOf)
  const where = all([await rowsOfSide(ctx, rows, filter), anyPresent(keys)])
  return {
    of: { kind: 'baseline', id: baseline.id, isLeft: baseline === left, where, selected: selected(keys), fields: keys.length },
    names,
    readKey: (written) => keys.map((key, at) => readValue(key, written[at] ?? '') ?? ''),
  }
}
