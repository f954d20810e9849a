// What hunts and detections know of rules.
import { createHash } from 'node:crypto'
import type { Ctx } from '../../../../platform/ctx.ts'
import type { CorrelationRule, DetectionRule, FilterRule, Level, SigmaDocument } from '../../sigma/rule.ts'
import { readWithLists } from './readings.ts'
import { type CoverageRow, coverageRows, type EnabledRow, enabledMark, enabledRows, rowsById } from './store-enabled.ts'
import { applyFilters } from '../../sigma/link.ts'

export interface LoadedRule {
  /** Of the stored rule. */
  id: string
  version: number
  /** Changes with anything that changes what the rule finds, or whether it raises. */
  mark: string
  sigma_id: string | null
  title: string
  level: Level | null
  tags: readonly string[]
  /** With the filters that are enabled for it. */
  document: DetectionRule | CorrelationRule
  /** False: it is run for correlations alone, and its matches are no detections. */
  raises: boolean
}

const parsed = (row: EnabledRow): SigmaDocument => JSON.parse(row.document) as SigmaDocument

/** Rules that correlations of their own pack refer to, all of which say that those do not raise by themselves. */
const quietRules = (rows: readonly { row: EnabledRow; document: SigmaDocument }[]): ReadonlySet<string> => {
  const quiet = new Map<string, boolean>()
  for (const { row, document } of rows) {
    if (document.kind !== 'correlation' || !row.is_chosen) continue
    for (const ref of document.rules) {
      const key = `${row.pack_id} ${ref.toLowerCase()}`
      quiet.set(key, !document.generate && quiet.get(key) !== false)
    }
  }
  const names = (row: EnabledRow): string[] => [row.sigma_id, row.name].flatMap((name) => (name === null ? [] : [name.toLowerCase()]))
  return new Set(rows.flatMap(({ row }) => (names(row).some((name) => quiet.get(`${row.pack_id} ${name}`) === true) ? [row.id] : [])))
}

const markOf = (raises: boolean, document: object): string =>
  createHash('sha256')
    .update(`${raises} ${JSON.stringify(document)}`)
    .digest('base64url')
    .slice(0, 22)

const loaded = (rows: readonly EnabledRow[]): LoadedRule[] => {
  const all = rows.map((row) => ({ row, document: parsed(row) }))
  const filters = all.flatMap(({ row, document }): FilterRule[] => (document.kind === 'filter' && row.is_chosen ? [document] : []))
  const quiet = quietRules(all)
  return all.flatMap(({ row, document }): LoadedRule[] => {
    if (document.kind === 'filter') return []
    const { id, version, sigma_id, title, level, tags } = row
    const filtered = document.kind === 'rule' ? applyFilters(document, filters) : document
    const raises = row.is_chosen && !quiet.has(id)
    return [{ id, version, mark: markOf(raises, filtered), sigma_id, title, level, tags, document: filtered, raises }]
  })
}

/** Cheap: what `enabledRules` would say its set is. */
export const enabledSetHash = async (ctx: Ctx): Promise<string> => enabledMark(ctx.db, await readWithLists(ctx.db))

/** Every rule that is to be run: chosen ones, and those that correlations among them need. `set_hash` changes exactly when they do. */
export const enabledRules = async (ctx: Ctx): Promise<{ set_hash: string; rules: readonly LoadedRule[] }> => {
  const lists = await readWithLists(ctx.db)
  const set_hash = await enabledMark(ctx.db, lists)
  return { set_hash, rules: loaded(await enabledRows(ctx.db, lists)) }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether they are enabled or not, and also of packs and rules that are no more in use; filters are not joined. */
export const rulesByIds = async (ctx: Ctx, ids: readonly string[]): Promise<readonly LoadedRule[]> => {
  const asked = ids.filter((id) => uuid.test(id))
  return asked.length === 0 ? [] : loaded(await rowsById(ctx.db, await readWithLists(ctx.db), asked))
}

/** Every rule and correlation of the tenant, enabled or not, without its document. */
export const coveringRows = async (ctx: Ctx): Promise<CoverageRow[]> => coverageRows(ctx.db, await readWithLists(ctx.db))
