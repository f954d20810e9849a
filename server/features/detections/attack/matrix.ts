import type { attackMatrix as matrixRoute, attackTechnique as techniqueRoute } from '../../../../shared/contract/detect/attack.ts'
import type { Parsed, Reply } from '../../../../shared/contract/route.ts'
import { attackLicense, attackNotice, attackTactics, attackVersion } from '../../../../shared/domain/attack-enterprise.data.ts'
import { allTechniques, currentTechnique } from '../../../../shared/domain/attack.ts'
import type { Ctx, TenantDb } from '../../../platform/ctx.ts'
import { notFound } from '../../../platform/errors.ts'
import { iso } from '../../../platform/iso-time.ts'
import { sourceById } from '../sources/sources.ts'
import { coveringRules } from '../triage/rule-book.ts'
import { bundleOf, type BundleFacts, techniqueFacts } from './store-bundle.ts'
import { type Coverage, coverageOf, type CoveringRule, noCoverage } from './coverage.ts'
import { navigatorLayer } from './layer.ts'
import { rememberedRows } from './remembered-rows.ts'
import { detectedBy, type Detected, detectionsOfTechniques, type Window } from './store.ts'

export interface AttackDeps {
  /** The tables of the installation itself: a loaded bundle is for everybody. */
  platform: TenantDb
}

type Sources = Awaited<ReturnType<typeof rememberedRows>>

interface Looked {
  rules: CoveringRule[]
  rows: Sources
  detected: Detected
  coverage: Coverage
}

const look = async (ctx: Ctx, window: Window): Promise<Looked> => {
  const [rules, rows, detected] = await Promise.all([coveringRules(ctx), rememberedRows(ctx), detectedBy(ctx.db, window)])
  return { rules, rows, detected, coverage: coverageOf(rules, rows, detected.techniques) }
}

const isCovered = (state: string): boolean => state === 'covered' || state === 'partly'

const shownBundle = (bundle: BundleFacts | null) =>
  bundle === null ? null : { version: bundle.version, loaded_at: bundle.loaded_at, loaded_by: bundle.loaded_by }

export const attackMatrix = async (deps: AttackDeps, ctx: Ctx, query: Window): Promise<Reply<typeof matrixRoute>> => {
  const { coverage, detected } = await look(ctx, query)
  return {
    version: attackVersion,
    notice: `${attackNotice} ${attackLicense}`,
    techniques: [...coverage.techniques.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    tactics: attackTactics.map(({ id, shortname }) => {
      const of = allTechniques.filter((one) => one.tactics.includes(shortname))
      const covered = of.filter((one) => isCovered(coverage.techniques.get(one.id)?.state ?? 'none')).length
      return { id, shortname, techniques: of.length, covered, detections: detected.tactics.get(shortname) ?? 0 }
    }),
    unknown: [...coverage.unknown].map(([id, counts]) => ({ id, ...counts })),
    without_technique: { rules: coverage.without, detections: detected.without },
    bundle: shownBundle(await bundleOf(deps.platform)),
  }
}

export const attackLayer = async (ctx: Ctx, query: Window & { show: 'coverage' | 'detections' }): Promise<object> => {
  const { coverage } = await look(ctx, query)
  const named = { tenant: ctx.tenant.name, at: iso(ctx.now()), version: /\d+$/.exec(attackVersion)?.[0] ?? attackVersion }
  return navigatorLayer([...coverage.techniques.values()], { ...named, show: query.show })
}

const rulesShown = 500

type Technique = Reply<typeof techniqueRoute>

const rulesOf = (looked: Looked, id: string, bySubject: ReadonlyMap<string, number>): Technique['rules'] => {
  const ofTechnique = looked.rules.filter((rule) => coverageOf([rule], new Map(), []).techniques.has(id))
  return ofTechnique
    .sort((a, b) => Number(b.is_enabled) - Number(a.is_enabled) || a.title.localeCompare(b.title))
    .map(({ id: rule, title, level, is_enabled, sources }) => ({
      id: rule,
      title,
      level,
      is_enabled,
      sources: [...sources],
      rows: sources.reduce((sum, source) => sum + (looked.rows.get(source)?.rows ?? 0), 0),
      detections: bySubject.get(rule) ?? 0,
    }))
}

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

const needs = (rules: Technique['rules'], rows: Sources): Technique['sources'] =>
  [...new Set(rules.flatMap((rule) => rule.sources))].sort().map((id) => ({
    id,
    title: sourceById(id)?.title ?? id,
    rows: rows.get(id)?.rows ?? 0,
    last_row_at: timeOf(rows.get(id)?.last_ms ?? null),
  }))

/** @throws AppError not_found for an id that never was, or was taken out */
export const attackTechnique = async (
  deps: AttackDeps,
  ctx: Ctx,
  o: { id: string; query: Parsed<typeof techniqueRoute>['query'] },
): Promise<Technique> => {
  const technique = currentTechnique(o.id)
  if (technique === null) throw notFound('technique')
  const looked = await look(ctx, o.query)
  const found = await detectionsOfTechniques(ctx.db, { ...o.query, techniques: [technique.id], limit: 100 })
  const rules = rulesOf(looked, technique.id, found.by_subject)
  const facts = await techniqueFacts(deps.platform, technique.id)
  const covered = (id: string) => looked.coverage.techniques.get(id) ?? noCoverage(id)
  return {
    id: technique.id,
    name: technique.name,
    parent_id: technique.parent_id,
    tactics: [...technique.tactics],
    asked_as: o.id.toUpperCase(),
    coverage: covered(technique.id),
    sub_techniques: allTechniques.filter((one) => one.parent_id === technique.id).map((one) => ({ ...covered(one.id), name: one.name })),
    rules: rules.slice(0, rulesShown),
    rules_total: rules.length,
    sources: needs(rules, looked.rows),
    detections: found.rows.map((row) => ({ ...row, last_at: iso(row.last_at) })),
    detections_total: found.total,
    description: facts?.description ?? null,
    groups: facts?.groups ?? [],
    software: facts?.software ?? [],
    url: `https://attack.mitre.org/techniques/${technique.id.replace('.', '/')}`,
  }
}
