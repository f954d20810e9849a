import {
  type addToBaseline as addRoute,
  type Baseline,
  baselineGroupsMost,
  baselinesMost,
  type saveBaseline as saveRoute,
} from '../../../../shared/contract/hunt/stack.ts'
import type { Parsed, Reply } from '../../../../shared/contract/route.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError, conflict, invalid, notFound } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { iso } from '../../../platform/iso-time.ts'
import { recordAudit } from '../../audit/index.ts'
import { keysOfSameHost } from '../../hosts/index.ts'
import type { Field } from '../compile/fields.ts'
import { fieldNamed, prepare } from '../question.ts'
import {
  type BaselineRow,
  countGroups,
  countStack,
  deleteGroups,
  deleteName,
  findName,
  hasGroup,
  insertGroup,
  insertGroups,
  insertName,
  listNames,
  sweepNameless,
} from './store-baselines.ts'
import { keyOf, writeValue } from './stack-sql.ts'
import { plainName, stackedFields } from './stacked-fields.ts'

const shown = (row: BaselineRow, groups: number): Baseline => ({
  id: row.id,
  name: row.name,
  fields: row.fields,
  asked: row.asked as Baseline['asked'],
  groups,
  created_by: row.created_by_name,
  created_at: iso(row.created_at),
})

export const listBaselines = async (ctx: Ctx): Promise<Baseline[]> => {
  const rows = await listNames(ctx.db)
  if (rows.length === 0) return []
  const groups = await countGroups(ctx.events, ctx.signal)
  return rows.map((row) => shown(row, groups.get(row.id) ?? 0))
}

/** Where each field of the baseline stands among those of a stack. @throws AppError */
const orderFor = (baseline: BaselineRow, fields: readonly Field[]): number[] => {
  const names = fields.map(plainName)
  const order = baseline.fields.map((name) => names.indexOf(name))
  if (order.length === fields.length && !order.includes(-1)) return order
  throw invalid('baseline_id', `The baseline ${baseline.name} is of ${baseline.fields.join(', ')}: stack these fields to compare with it.`)
}

const found = async (ctx: Ctx, id: string): Promise<BaselineRow> => {
  const baseline = await findName(ctx.db, id)
  if (baseline === undefined) throw notFound('baseline')
  return baseline
}

/** @throws AppError `not_found`, `validation` where it is of other fields */
export const baselineFor = async (ctx: Ctx, id: string, fields: readonly Field[]): Promise<{ id: string; order: number[] }> => ({
  id,
  order: orderFor(await found(ctx, id), fields),
})

/** Every group that the stack has, not only the page that is shown. @throws AppError `too_large`, `conflict` */
export const saveBaseline = async (ctx: Ctx, body: Parsed<typeof saveRoute>['body']): Promise<Baseline> => {
  const { name, fields: _fields, having: _having, ...asked } = body
  const taken = await listNames(ctx.db)
  if (taken.length >= baselinesMost) throw conflict(`There are ${baselinesMost} baselines already. Delete one that is not needed.`)
  if (taken.some((one) => one.name.toLowerCase() === name.toLowerCase())) throw conflict(`There is a baseline named ${name} already.`)
  const question = await prepare(ctx, body, ctx.now().getTime())
  const stacked = await stackedFields(ctx, body, question)
  const of = { where: question.rows, keys: stacked.fields.map(keyOf), sameHost: await keysOfSameHost(ctx), baseline: null }
  const groups = await countStack(ctx.events, of, stacked.having, ctx.signal)
  if (groups > baselineGroupsMost)
    throw new AppError(
      'too_large',
      `This stack has ${groups} groups, and a baseline holds at most ${baselineGroupsMost}. Narrow the query, or stack fewer fields.`,
    )
  await sweepNameless(
    ctx.events,
    taken.map((one) => one.id),
    ctx.signal,
  )
  const id = newId()
  const row: BaselineRow = {
    id,
    name,
    fields: stacked.fields.map(plainName),
    asked,
    created_by_name: ctx.actor.username,
    created_at: ctx.now(),
  }
  await insertGroups(ctx.events, id, of, { having: stacked.having, signal: ctx.signal })
  try {
    await ctx.inTx(async (tx) => {
      if (!(await insertName(tx.db, { ...row, created_by: ctx.actor.user_id })))
        throw conflict(`There is a baseline named ${name} already.`)
      await recordAudit(tx, {
        action: 'baseline.save',
        object_type: 'baseline',
        object_id: id,
        details: { name, fields: row.fields, groups },
      })
    })
  } catch (error) {
    await deleteGroups(ctx.events, id)
    throw error
  }
  return shown(row, (await countGroups(ctx.events, ctx.signal)).get(id) ?? 0)
}

export const deleteBaseline = async (ctx: Ctx, id: string): Promise<null> => {
  const { name } = await found(ctx, id)
  await ctx.inTx(async (tx) => {
    if (!(await deleteName(tx.db, id))) throw notFound('baseline')
    await recordAudit(tx, { action: 'baseline.delete', object_type: 'baseline', object_id: id, details: { name } })
  })
  await deleteGroups(ctx.events, id)
  return null
}

/** Adds one group, and says so of one that is there already. */
export const addToBaseline = async (ctx: Ctx, id: string, body: Parsed<typeof addRoute>['body']): Promise<Reply<typeof addRoute>> => {
  const baseline = await found(ctx, id)
  if (body.values.length !== body.fields.length) throw invalid('values', 'there is one value for each field')
  const fields: Field[] = []
  for (const name of body.fields) fields.push(await fieldNamed(ctx, name, 'fields'))
  const order = orderFor(baseline, fields)
  const keys = fields.map(keyOf)
  const values = order.map((at) => {
    const key = keys[at]
    return key === undefined ? '' : writeValue(key, body.values[at] ?? null)
  })
  const isKnown = await hasGroup(ctx.events, id, values, ctx.signal)
  await ctx.inTx(async (tx) => {
    if (!isKnown) await insertGroup(tx.events, id, values)
    const told = { name: baseline.name, fields: body.fields, values: body.values.map((value) => value?.slice(0, 500) ?? null) }
    await recordAudit(tx, { action: 'baseline.add', object_type: 'baseline', object_id: id, details: { ...told, added: !isKnown } })
  })
  return { added: !isKnown, groups: (await countGroups(ctx.events, ctx.signal)).get(id) ?? 0 }
}
