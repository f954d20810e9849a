import type { Ctx } from '../../../platform/ctx.ts'
import { notFound } from '../../../platform/errors.ts'
import type { Field } from '../compile/fields.ts'
import { fieldNamed, type FilterBody } from '../question.ts'
import { findName } from './store-baselines.ts'

/** A baseline for comparing rows with it: its fields, and what of other rows it is to be compared with. */
export interface BaselineSide {
  fields: readonly Field[]
  names: readonly string[]
  /** The query and the artifacts that its groups were made of; not the hosts, imports and times. */
  filter: Pick<FilterBody, 'query' | 'artifacts'>
}

/** @throws AppError `not_found` */
export const baselineSide = async (ctx: Ctx, id: string): Promise<BaselineSide> => {
  const found = await findName(ctx.db, id)
  if (found === undefined) throw notFound('baseline')
  const { query = '', artifacts } = found.asked as { query?: string; artifacts?: string[] }
  const fields: Field[] = []
  for (const name of found.fields) fields.push(await fieldNamed(ctx, name, 'baseline'))
  return { fields, names: found.fields, filter: { query, ...(artifacts === undefined ? {} : { artifacts }) } }
}
