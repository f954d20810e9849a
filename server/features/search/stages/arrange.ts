// What the stages of rows (sort, dedup, fields) make of the rows that a query finds.
import type { Ctx } from '../../../platform/ctx.ts'
import type { Sql } from '../../../platform/sql.ts'
import type { Field } from '../compile/fields.ts'
import { newestFirst, type Order, readSort } from '../compile/order.ts'
import { fieldNamed, type Question } from '../question.ts'
import { onlyFirst } from '../store.ts'

export interface Arranged {
  /** The rows that are left. */
  rows: Sql
  order: Order
  /** Of rows alike in these fields only the first is left; null where no row is left out. */
  alike: readonly Field[] | null
  /** The columns to show; null for no choice. */
  columns: readonly Field[] | null
}

const namedBy = ({ stages, stage_fields }: Question, kind: 'fields' | 'dedup'): Field[] | null => {
  const stage = stages.find((one) => one.kind === kind)
  if (stage?.kind !== kind) return null
  return stage.fields.flatMap(({ name }) => stage_fields.get(name) ?? [])
}

/** What the request says outside of the query goes before a sort in it: it was asked for last. */
const orderOf = async (ctx: Ctx, sort: string | undefined, { stages, stage_fields }: Question): Promise<Order> => {
  if (sort !== undefined) {
    const { name, direction } = readSort(sort)
    return [{ field: await fieldNamed(ctx, name, 'sort'), direction }]
  }
  const stage = stages.find((one) => one.kind === 'sort')
  const keys = (stage?.keys ?? []).flatMap(({ field, descending }): Order => {
    const found = stage_fields.get(field.name)
    return found === undefined ? [] : [{ field: found, direction: descending ? 'desc' : 'asc' }]
  })
  return keys.length === 0 ? newestFirst : keys
}

/** @throws AppError `validation` for a sort by a field that nobody knows */
export const arrange = async (ctx: Ctx, sort: string | undefined, question: Question): Promise<Arranged> => {
  const order = await orderOf(ctx, sort, question)
  const alike = namedBy(question, 'dedup')
  const rows = alike === null ? question.rows : onlyFirst(ctx.events, question.rows, alike, order)
  return { rows, order, alike, columns: namedBy(question, 'fields') }
}
