// Correlations over what is stored: anew over all matches of the rules that they refer to, for a window may reach across imports.
import type { Ctx } from '../../../../platform/ctx.ts'
import { newSecret } from '../../../../platform/ids.ts'
import type { LoadedRule } from '../../rules/enabled/enabled-rules.ts'
import type { CorrelationRule } from '../../sigma/rule.ts'
import { fieldsNeeded } from '../../correlate/correlate.ts'
import { keysOf } from '../../sources/keys.ts'
import { sourcesOf } from '../../sources/sources.ts'
import type { Matcher } from '../matcher.ts'
import { baseRows, correlationMatches, dropCorrelation } from './store.ts'
import { type Match, storeMatches } from '../store-rows.ts'

type Loaded = LoadedRule & { document: CorrelationRule }

const isCorrelation = (rule: LoadedRule): rule is Loaded => rule.document.kind === 'correlation'

/** Ids and names, without regard to case, to the stored rule. */
const namesOf = (rules: readonly LoadedRule[]): [string, string][] =>
  rules.flatMap(({ id, sigma_id, document }) =>
    [sigma_id, document.about.name].flatMap((name): [string, string][] => (name === null ? [] : [[name.toLowerCase(), id]])),
  )

/** The rules below a correlation, through others that it refers to. */
const basesOf = (
  of: Loaded,
  byId: ReadonlyMap<string, LoadedRule>,
  resolve: (name: string) => string | null,
  seen = new Set<string>(),
): Set<string> => {
  for (const reference of of.document.rules) {
    const id = resolve(reference)
    if (id === null || seen.has(id)) continue
    seen.add(id)
    const rule = byId.get(id)
    if (rule !== undefined && isCorrelation(rule)) basesOf(rule, byId, resolve, seen)
  }
  return seen
}

/** Under which names fields may stand in a row: as the sources of a rule say, and whatever ends so. */
const keysFor = (rules: readonly LoadedRule[], needed: ReadonlyMap<string, ReadonlySet<string>>): { keys: string[]; endings: string[] } => {
  const fields = new Set([...needed.values()].flatMap((one) => [...one]))
  const keys = rules.flatMap((rule) => {
    if (rule.document.kind !== 'rule') return []
    const own = [...(needed.get(rule.id) ?? [])]
    return sourcesOf(rule.document.logsource).flatMap((source) => own.flatMap((field) => keysOf(source, field, null).map(({ key }) => key)))
  })
  return { keys: [...new Set([...keys, ...fields])], endings: [...fields].map((field) => `.${field}`) }
}

const asMatches = (rules: ReadonlyMap<string, Loaded>, alerts: Awaited<ReturnType<Matcher['correlate']>>['alerts']): Match[] =>
  alerts.flatMap(({ correlation, group, from, to, value, row_ids }) => {
    const rule = rules.get(correlation)
    const detail = JSON.stringify({ group, from: new Date(from / 1000).toISOString(), to: new Date(to / 1000).toISOString(), value })
    return rule === undefined
      ? []
      : row_ids.map((row_id): Match => ({ kind: 'correlation', subject_id: correlation, version: rule.version, row_id, detail }))
  })

const keyOf = ({ row_id, detail }: { row_id: string; detail: string }): string => `${row_id}${detail}`

/** Writes what has changed of one correlation. True when something has. */
const keep = async (ctx: Ctx, id: string, now: readonly Match[]): Promise<boolean> => {
  const before = new Set((await correlationMatches(ctx.events, id, ctx.signal)).map(keyOf))
  if (before.size === now.length && now.every((one) => before.has(keyOf(one)))) return false
  if (before.size > 0) await dropCorrelation(ctx.events, id)
  await storeMatches(ctx.events, now, { within: null, token: newSecret(), signal: ctx.signal })
  return true
}

/**
 * Runs the correlations that refer to any of `changed`, or that `isNew`.
 * @returns ids of those whose alerts are others than before, and how many rows those alerts have
 */
export const runCorrelations = async (
  ctx: Ctx,
  matcher: Matcher,
  o: { rules: readonly LoadedRule[]; changed: ReadonlySet<string>; isNew: (rule: LoadedRule) => boolean },
): Promise<{ changed: string[]; matches: number }> => {
  const byId = new Map(o.rules.map((rule) => [rule.id, rule]))
  const names = new Map(namesOf(o.rules))
  const resolve = (name: string): string | null => names.get(name.toLowerCase()) ?? null
  const all = o.rules.filter(isCorrelation)
  const bases = new Map(all.map((one) => [one.id, basesOf(one, byId, resolve)]))
  const due = all.filter((one) => o.isNew(one) || [...(bases.get(one.id) ?? [])].some((id) => o.changed.has(id)))
  if (due.length === 0) return { changed: [], matches: 0 }
  const ids = new Set(due.flatMap((one) => [one.id, ...(bases.get(one.id) ?? [])]))
  const below = o.rules.filter((rule) => ids.has(rule.id))
  const correlations = below.filter(isCorrelation).map(({ id, document }) => ({ key: id, rule: document }))
  const needed = fieldsNeeded(correlations, resolve)
  const matches = await baseRows(
    ctx.events,
    below.filter((rule) => !isCorrelation(rule)).map(({ id }) => id),
    keysFor(below, needed),
    ctx.signal,
  )
  const found = await matcher.correlate({ ask: { correlations, names: [...names] }, matches })
  for (const { key, reason } of found.skipped) ctx.log.warn({ rule_id: key, reason }, 'a correlation was not run')
  const dueById = new Map(due.map((one) => [one.id, one]))
  const made = asMatches(dueById, found.alerts)
  const changed: string[] = []
  for (const { id } of due)
    if (
      await keep(
        ctx,
        id,
        made.filter((one) => one.subject_id === id),
      )
    )
      changed.push(id)
  return { changed, matches: made.length }
}
