// What every view of one query shares: the filter of a request becomes one condition, the same text for list, count,
// histogram, fields and values, so that the engine's cache of conditions serves them all.
import { noteField } from '../../../shared/domain/hunt.ts'
import { parsePipeline, type Pipeline, type Stage } from '../../../shared/query/pipeline.ts'
import type { QueryFault } from '../../../shared/query/tree.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { AppError, invalid } from '../../platform/errors.ts'
import type { Sql } from '../../platform/sql.ts'
import { keysOfHosts } from '../hosts/index.ts'
import { aliasMap } from './aliases/store.ts'
import { aliased, withAliases } from './aliases/with-aliases.ts'
import { type Field, originalKey, type OriginalNames, resolveField } from './compile/fields.ts'
import { compileFilter, inTimeRange, noTime } from './compile/filter.ts'
import { compileQuery, type Names, originalNamesOf, unknownField } from './compile/query.ts'
import { all } from './compile/ranges.ts'
import { originalNamesOfStages, resolveStages } from './compile/stages.ts'
import { resolveNotes } from './notes/resolve-notes.ts'
import { deliveredIds, hasNames, someNames, spellingsOf } from './store.ts'

export interface FilterBody {
  query: string
  from?: string | undefined
  to?: string | undefined
  import_ids?: string[] | undefined
  artifacts?: string[] | undefined
  host_ids?: string[] | undefined
}

export interface Question {
  /** Everything but the time range. */
  where: Sql
  /** With the time range, where there is one. */
  rows: Sql
  /** The rows that the time range leaves out because they have no time; null without a range. */
  rows_without_time: Sql | null
  /** The query reads much of each row. */
  is_heavy: boolean
  from_micros: bigint | null
  to_micros: bigint | null
  /** What stands behind the pipes; a view ignores the stages that do not concern it. */
  stages: readonly Stage[]
  /** What the names of the stages stand for, by the name as typed. */
  stage_fields: ReadonlyMap<string, Field>
}

const syntaxError = (faults: readonly QueryFault[]): AppError => {
  const [first] = faults
  const { message = 'The query cannot be read.', position, length, expected, suggestion } = first ?? {}
  const more = faults.length > 1 ? { errors: faults.map((f) => ({ field: 'query', message: f.message })) } : {}
  return new AppError('syntax', message, {
    details: { position, length, expected, ...(suggestion === undefined ? {} : { suggestion }), ...more },
  })
}

const originalsOf = async (ctx: Ctx, lowerNames: readonly string[]): Promise<OriginalNames> => {
  if (lowerNames.length === 0) return new Map()
  const found = await spellingsOf(ctx.db, lowerNames)
  return found.size > 0 || (await hasNames(ctx.db)) ? found : null
}

type Compiled = { ok: true; where: Sql; is_heavy: boolean; fields: Map<string, Field> } | { ok: false; errors: QueryFault[] }

const compileAll = ({ filter, stages }: Pipeline, names: Names, nowMs: number): Compiled => {
  const query = compileQuery(filter, names, nowMs)
  const { fields, errors } = resolveStages(stages, names)
  if (query.ok && errors.length === 0) return { ...query, fields }
  return { ok: false, errors: [...(query.ok ? [] : query.errors), ...errors] }
}

const compile = async (ctx: Ctx, pipeline: Pipeline, nowMs: number): Promise<Extract<Compiled, { ok: true }>> => {
  const names = [...new Set([...originalNamesOf(pipeline.filter), ...originalNamesOfStages(pipeline.stages)])]
  const [originals, { conditions: notes, faults }] = await Promise.all([originalsOf(ctx, names), resolveNotes(ctx, pipeline.filter)])
  if (faults.length > 0) throw syntaxError(faults)
  const first = compileAll(pipeline, { originals, suggestions: [], notes }, nowMs)
  if (first.ok) return first
  const known = [...(await aliasMap(ctx.db)).keys(), ...(await someNames(ctx.db))]
  const again = compileAll(pipeline, { originals, suggestions: known, notes }, nowMs)
  throw syntaxError(again.ok ? first.errors : again.errors)
}

/** A time of a request with all its digits. */
export const microsOf = (time: string | undefined): bigint | null => {
  if (time === undefined) return null
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? ''
  const seconds = BigInt(Date.parse(time.replace(/\.\d+/, ''))) * 1000n
  return seconds + BigInt(fraction.padEnd(6, '0').slice(0, 6))
}

/** @throws AppError `syntax` with the place of the mistake, also for a field that nobody knows. */
export const prepare = async (ctx: Ctx, body: FilterBody, nowMs: number): Promise<Question> => {
  const parsed = parsePipeline(body.query)
  if (!parsed.ok) throw syntaxError(parsed.errors)
  const pipeline = withAliases(parsed.pipeline, await aliasMap(ctx.db))
  const [query, hostKeys] = await Promise.all([
    compile(ctx, pipeline, nowMs),
    body.host_ids === undefined ? null : keysOfHosts(ctx, body.host_ids),
  ])
  const filter = { import_ids: body.import_ids ?? null, artifacts: body.artifacts ?? null, host_keys: hostKeys }
  const where = all([...compileFilter(filter, deliveredIds(ctx.events)), query.where])
  const { is_heavy } = query
  const from_micros = microsOf(body.from)
  const to_micros = microsOf(body.to)
  const ends = { from_micros, to_micros, is_heavy, stages: pipeline.stages, stage_fields: query.fields }
  if (from_micros === null && to_micros === null) return { where, rows: where, rows_without_time: null, ...ends }
  return { where, rows: all([inTimeRange(from_micros, to_micros), where]), rows_without_time: all([noTime, where]), ...ends }
}

/** The field that a request names outside of its query. @throws AppError `validation` with the nearest name. */
export const fieldNamed = async (ctx: Ctx, typed: string, parameter: string): Promise<Field> => {
  const aliases = await aliasMap(ctx.db)
  const name = aliased(typed, aliases)
  if (noteField(name) !== null)
    throw invalid(parameter, `${name} is what people wrote about rows: a query can ask for it, and no view can count by it`)
  const key = originalKey(name)
  const originals = key === null ? new Map() : await originalsOf(ctx, [key])
  const field = resolveField(name, originals)
  if (field !== null) return field
  const { message, suggestion } = unknownField(name, [...aliases.keys(), ...(await someNames(ctx.db))])
  throw new AppError('validation', message, {
    details: { errors: [{ field: parameter, message }], ...(suggestion === undefined ? {} : { suggestion }) },
  })
}

/** Runs what answers one request side by side; when one part fails, the others are stopped. */
export const together = async <T extends readonly unknown[]>(
  ctx: Ctx,
  parts: (signal: AbortSignal) => { readonly [K in keyof T]: Promise<T[K]> },
): Promise<T> => {
  const stop = new AbortController()
  try {
    return (await Promise.all(parts(AbortSignal.any([ctx.signal, stop.signal])))) as unknown as T
  } catch (error) {
    stop.abort()
    throw error
  }
}
