import type { Facet } from '../../../../shared/contract/hunt/facets.ts'
import { fieldsPerCall } from '../../../../shared/contract/hunt/facets.ts'
import type * as hunt from '../../../../shared/contract/hunt/facets.ts'
import type { Parsed, Reply } from '../../../../shared/contract/route.ts'
import type * as contract from '../../../../shared/contract/search.ts'
import { ecsColumns } from '../../../events/columns.data.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import type { Sql } from '../../../platform/sql.ts'
import { keysOfSameHost } from '../../hosts/index.ts'
import type { Field } from '../compile/fields.ts'
import type { SameHost } from '../prevalence/store.ts'
import { fieldNamed, prepare, together } from '../question.ts'
import { countRows } from '../store.ts'
import { typedCoverage } from '../store-views.ts'
import { bothEnds, countValues, type Ends, hostsOfValues, sumValues, type ValueCount, type ValueSums } from './store.ts'

/** The commonest or rarest values of one field, to any depth. */
export const fieldValues = async (
  ctx: Ctx,
  body: Parsed<typeof contract.fieldValues>['body'],
): Promise<Reply<typeof contract.fieldValues>> => {
  const begun = performance.now()
  const { rows } = await prepare(ctx, body, ctx.now().getTime())
  const [field, same] = await Promise.all([fieldNamed(ctx, body.field, 'field'), keysOfSameHost(ctx)])
  const [values, { held, distinct }, total] = await together<[ValueCount[], ValueSums, number]>(ctx, (signal) => [
    countValues(ctx.events, rows, { field, order: body.order, limit: body.limit }, signal),
    sumValues(ctx.events, rows, field, signal),
    countRows(ctx.events, rows, signal),
  ])
  const hosts = await hostsOfValues(ctx.events, rows, { field, values: values.map((v) => v.value), same }, ctx.signal)
  const counted = values.map((v) => ({ ...v, hosts: hosts.get(v.value) ?? 0 }))
  return { values: counted, distinct, rows: total, missing: total - held, took_ms: Math.round(performance.now() - begun) }
}

interface Asked {
  name: string
  field: Field
  limit: number
  /** All rows of the query. */
  total: number
}

const facetOf = async (ctx: Ctx, rows: Sql, asked: Asked, o: { same: SameHost; signal: AbortSignal }): Promise<Facet> => {
  const { name, field, limit, total } = asked
  const { held, distinct, top, rare }: Ends = await bothEnds(ctx.events, rows, { field, limit }, o.signal)
  const values = [...new Set([...top, ...rare].map((one) => one.value))]
  const hosts = await hostsOfValues(ctx.events, rows, { field, values, same: o.same }, o.signal)
  const shown = (list: readonly ValueCount[]) => list.map((one) => ({ ...one, hosts: hosts.get(one.value) ?? 0 }))
  return { field: name, rows: held, missing: total - held, distinct, top: shown(top), rare: shown(rare) }
}

/** The normalised fields that any of the rows has, the commonest first. */
const fieldsOf = async (ctx: Ctx, rows: Sql): Promise<string[]> => {
  const { counts } = await typedCoverage(ctx.events, rows, 1, ctx.signal)
  const held = ecsColumns.map((column, at) => ({ name: column.name, rows: counts[at] ?? 0 })).filter((one) => one.rows > 0)
  return held
    .sort((a, b) => b.rows - a.rows)
    .slice(0, fieldsPerCall)
    .map((one) => one.name)
}

/** Fields wait for each other in pairs: all at once they would hold every place that the tenant has. */
const atOnce = 2

/** @throws AppError `syntax` or `validation`. */
export const facets = async (ctx: Ctx, body: Parsed<typeof hunt.facets>['body']): Promise<Reply<typeof hunt.facets>> => {
  const begun = performance.now()
  const { rows } = await prepare(ctx, body, ctx.now().getTime())
  const names = [...new Set(body.fields ?? (await fieldsOf(ctx, rows)))]
  const fields = await Promise.all(names.map(async (name) => ({ name, field: await fieldNamed(ctx, name, 'fields') })))
  const [total, same] = await Promise.all([countRows(ctx.events, rows, ctx.signal), keysOfSameHost(ctx)])
  const found: Facet[] = []
  for (let at = 0; at < fields.length; at += atOnce) {
    const pair = fields.slice(at, at + atOnce)
    const asked = (signal: AbortSignal) => pair.map((one) => facetOf(ctx, rows, { ...one, limit: body.limit, total }, { same, signal }))
    found.push(...(await together<Facet[]>(ctx, asked)))
  }
  return { facets: found, total, took_ms: Math.round(performance.now() - begun) }
}
