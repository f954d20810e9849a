import type { DetectionSource } from '../../../../../shared/contract/detect/sources.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import type * as contract from '../../../../../shared/contract/detect/sources.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { AppError } from '../../../../platform/errors.ts'
import type { DetectionRule, LogSource } from '../../sigma/rule.ts'
import { fitOf } from '../fit.ts'
import { readsOf, renamedOf } from '../in-words.ts'
import { keysOf } from '../keys.ts'
import type { Source } from '../source.ts'
import { allSources, asksFields, sourceById, sourcesOf, sourcesOfClass, unmappedReason } from '../sources.ts'
import { type Counted, namesInSome, rowsByClass, rowsByFields } from './store.ts'

/** A rule that the tenant runs. */
export interface RunRule {
  id: string
  title: string
  document: DetectionRule
}

const nothing: Counted = { rows: 0, first_ms: null, last_ms: null, stored_ms: 0 }
const least = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b))
const most = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b))
const added = (a: Counted, b: Counted): Counted => ({
  rows: a.rows + b.rows,
  first_ms: least(a.first_ms, b.first_ms),
  last_ms: most(a.last_ms, b.last_ms),
  stored_ms: Math.max(a.stored_ms, b.stored_ms),
})

type ByClass = Awaited<ReturnType<typeof rowsByClass>>

const ofClasses = (classes: ByClass, source: Source): Counted =>
  classes.reduce((sum, { of, counted }) => (sourcesOfClass(of).includes(source) ? added(sum, counted) : sum), nothing)

/** Rows of the tenant in each source, exactly; by id, sources without rows left out. */
export const rowsOfSources = async (ctx: Ctx): Promise<ReadonlyMap<string, Counted>> => {
  const classes = await rowsByClass(ctx.events, ctx.signal)
  const found = new Set(classes.flatMap(({ of }) => sourcesOfClass(of)))
  const asked = [...found].filter(asksFields)
  const toAsk = classes.map(({ of }) => of).filter((of) => sourcesOfClass(of).some(asksFields))
  const answers = await rowsByFields(ctx.events, asked, toAsk, ctx.signal)
  const counted = [...found].map((source): [string, Counted] => [
    source.id,
    asksFields(source) ? (answers[asked.indexOf(source)] ?? nothing) : ofClasses(classes, source),
  ])
  return new Map(counted.filter(([, { rows }]) => rows > 0))
}

const rowsOfSource = async (ctx: Ctx, source: Source): Promise<Counted> => {
  const classes = await rowsByClass(ctx.events, ctx.signal)
  if (!asksFields(source)) return ofClasses(classes, source)
  const toAsk = classes.map(({ of }) => of).filter((of) => sourcesOfClass(of).includes(source))
  return (await rowsByFields(ctx.events, [source], toAsk, ctx.signal))[0] ?? nothing
}

const time = (ms: number | null | undefined): string | null => (ms == null ? null : new Date(ms).toISOString())

const shownOf = (source: Source, counted: Counted, rules: readonly RunRule[]): DetectionSource => ({
  id: source.id,
  title: source.title,
  kind: source.kind,
  product: source.product || null,
  category: source.category,
  service: source.service,
  reads: source.rows.map(readsOf),
  renamed: renamedOf(source),
  note: source.note,
  rows: counted.rows,
  first_row_at: time(counted.first_ms),
  last_row_at: time(counted.last_ms),
  last_stored_at: counted.rows === 0 ? null : time(counted.stored_ms),
  rules: rules.length,
  rules_run: rules.filter(({ document }) => fitOf(source, document, null).runs).length,
})

const bySource = (rules: readonly RunRule[]): Map<string, RunRule[]> => {
  const found = new Map<string, RunRule[]>()
  for (const rule of rules)
    for (const { id } of sourcesOf(rule.document.logsource)) {
      const list = found.get(id)
      if (list === undefined) found.set(id, [rule])
      else list.push(rule)
    }
  return found
}

type Unmapped = Reply<typeof contract.listDetectionSources>['unmapped'][number]

const unmappedOf = (logsources: readonly LogSource[]): Unmapped[] => {
  const found = new Map<string, Unmapped>()
  for (const logsource of logsources) {
    if (sourcesOf(logsource).length > 0) continue
    const { product, category, service } = logsource
    const key = JSON.stringify([product, category, service])
    const rules = (found.get(key)?.rules ?? 0) + 1
    found.set(key, { product, category, service, reason: unmappedReason(logsource), rules })
  }
  return [...found.values()].sort((a, b) => b.rules - a.rules)
}

/** `chosen`: log sources of all rules that are turned on, also of those that do not run for want of a source. */
export const listSources = async (
  ctx: Ctx,
  rules: readonly RunRule[],
  chosen: readonly LogSource[],
): Promise<Reply<typeof contract.listDetectionSources>> => {
  const begun = performance.now()
  const counted = await rowsOfSources(ctx)
  const own = bySource(rules)
  return {
    sources: allSources.map((source) => shownOf(source, counted.get(source.id) ?? nothing, own.get(source.id) ?? [])),
    unmapped: unmappedOf(chosen),
    took_ms: Math.round(performance.now() - begun),
  }
}

const rowsLookedAt = 2000
const mostNotRun = 200

/** @throws AppError not_found */
export const readSource = async (ctx: Ctx, id: string, rules: readonly RunRule[]): Promise<Reply<typeof contract.getDetectionSource>> => {
  const source = sourceById(id)
  if (source === null) throw new AppError('not_found', 'There is no such log source.')
  const own = bySource(rules).get(id) ?? []
  const [counted, some] = await Promise.all([rowsOfSource(ctx, source), namesInSome(ctx.events, source, rowsLookedAt, ctx.signal)])
  const uses = new Map<string, number>()
  for (const { document } of own) for (const field of document.used_fields) uses.set(field, (uses.get(field) ?? 0) + 1)
  const fields = [...uses].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const notRun = own.map((rule) => ({ rule, fit: fitOf(source, rule.document, null) })).filter(({ fit }) => !fit.runs)
  return {
    ...shownOf(source, counted, own),
    rows_looked_at: some.rows,
    fields: fields.map(([field, count]) => {
      const keys = source.lacks.includes(field) ? [] : keysOf(source, field, some.names).map(({ key }) => key)
      return { field, rules: count, keys: [...new Set(keys)], is_lacking: some.rows > 0 && keys.length === 0 }
    }),
    not_run: notRun.slice(0, mostNotRun).map(({ rule, fit }) => ({
      id: rule.id,
      title: rule.title,
      needs: [...(fit.loose.length > 0 ? fit.loose : fit.missing)],
    })),
  }
}
