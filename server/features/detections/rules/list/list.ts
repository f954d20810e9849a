import type * as contract from '../../../../../shared/contract/detect/rules.ts'
import type { Parsed, Reply } from '../../../../../shared/contract/route.ts'
import type { RuleRow } from '../../../../../shared/contract/detect/rule-shapes.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { notFound } from '../../../../platform/errors.ts'
import { iso } from '../../../../platform/iso-time.ts'
import { recordAudit } from '../../../audit/index.ts'
import { readWithLists } from '../enabled/readings.ts'
import { applyFilters, filterConcerns } from '../../sigma/link.ts'
import { lineDiff } from '../reading/line-diff.ts'
import type { FilterRule, SigmaDocument } from '../../sigma/rule.ts'
import {
  type DetailRow,
  detailRow,
  enabledFilters,
  listedRows,
  type ListedRow,
  ruleCounts,
  setOverrides,
  versionRows,
} from './store-list.ts'

type ListRulesReply = { total: number; items: RuleRow[] }

const shown = (ctx: Ctx, row: ListedRow): RuleRow => {
  const { category, product, service, pack_id, pack_name, pack_kind, is_platform, is_chosen, ...rest } = row
  const is_written = pack_kind === 'written'
  return {
    ...rest,
    logsource: { category, product, service },
    pack: { id: pack_id, name: pack_name, is_platform, is_written },
    is_enabled: is_chosen,
    may_edit: is_written && !is_platform && ctx.can('rules.manage'),
    changed_at: iso(row.changed_at),
  }
}

export const listRules = async (ctx: Ctx, body: Parsed<typeof contract.listRules>['body']): Promise<ListRulesReply> => {
  const { total, rows } = await listedRows(ctx.db, await readWithLists(ctx.db), body)
  return { total, items: rows.map((row) => shown(ctx, row)) }
}

export const countRules = async (
  ctx: Ctx,
  body: Parsed<typeof contract.countRules>['body'],
): Promise<Reply<typeof contract.countRules>> => {
  const { tallies, ...counts } = await ruleCounts(ctx.db, await readWithLists(ctx.db), body.filter)
  return {
    ...counts,
    by_level: tallies.level,
    by_status: tallies.status,
    by_pack: tallies.pack,
    by_kind: tallies.kind,
    by_logsource: tallies.logsource,
    by_tag: tallies.tag,
  }
}

const because = (row: DetailRow): string => {
  if (row.override !== null) return row.override ? 'It was turned on for itself.' : 'It was turned off for itself.'
  if (!row.pack_is_on) return `The pack "${row.pack_name}" is off.`
  if (!row.has_choice) return `The pack "${row.pack_name}" is on unless somebody chooses otherwise.`
  return row.is_chosen
    ? `It is among what is chosen of the pack "${row.pack_name}".`
    : `It is not among what is chosen of the pack "${row.pack_name}".`
}

const conditionOf = (document: SigmaDocument | null, filters: readonly FilterRule[]): string | null => {
  if (document === null) return null
  if (document.kind === 'rule') return applyFilters(document, filters).condition_text
  if (document.kind === 'filter') return document.condition_text
  const counts = document.conditions.map(({ compare, value }) => `${compare} ${value}`).join(' and ')
  return `${document.type} of ${document.rules.join(', ')} within ${document.timespan_s} s${counts === '' ? '' : `: ${counts}`}`
}

/** The enabled filters that concern a rule. */
const filtersOf = async (ctx: Ctx, lists: string, document: SigmaDocument | null) =>
  document?.kind !== 'rule'
    ? []
    : (await enabledFilters(ctx.db, lists))
        .map((filter) => ({ ...filter, read: JSON.parse(filter.document) as FilterRule }))
        .filter(({ read }) => filterConcerns(read, document))

const saidOfItself = (document: SigmaDocument | null) => ({
  description: document?.about.description ?? '',
  references: [...(document?.about.references ?? [])],
  falsepositives: [...(document?.about.falsepositives ?? [])],
  related: [...(document?.about.related ?? [])],
  placeholders: document?.kind === 'rule' ? [...document.placeholders] : [],
})

export const getRule = async (ctx: Ctx, id: string): Promise<Reply<typeof contract.getRule>> => {
  const lists = await readWithLists(ctx.db)
  const row = await detailRow(ctx.db, lists, id)
  if (row === undefined) throw notFound('rule')
  const { text, path, license, used_fields, sources, reasons, warnings, versions } = row
  const document = row.document === null ? null : (JSON.parse(row.document) as SigmaDocument)
  const joined = await filtersOf(ctx, lists, document)
  const filters = joined.map(({ read }) => read)
  return {
    ...shown(ctx, row),
    ...saidOfItself(document),
    text,
    path,
    license,
    used_fields,
    sources,
    reasons,
    warnings,
    versions,
    condition: conditionOf(document, filters),
    filters: joined.map(({ id: filterId, title, read }) => ({ id: filterId, title, condition: read.condition_text })),
    enabled_because: because(row),
    created_at: iso(row.created_at),
    created_by: row.changed_by,
  }
}

export const listRuleVersions = async (ctx: Ctx, id: string): Promise<Reply<typeof contract.listRuleVersions>> => {
  const current = await detailRow(ctx.db, await readWithLists(ctx.db), id)
  const rows = await versionRows(ctx.db, id)
  if (rows.length === 0) throw notFound('rule')
  return {
    versions: rows.map((row, at) => ({
      version: row.version,
      is_current: row.version === current?.version,
      title: row.title,
      state: row.state,
      text: row.text,
      diff: lineDiff(rows[at + 1]?.text ?? row.text, row.text),
      changed_by: row.created_by_name,
      changed_at: iso(row.created_at),
    })),
  }
}

export const switchRules = (ctx: Ctx, body: Parsed<typeof contract.switchRules>['body']): Promise<Reply<typeof contract.switchRules>> =>
  ctx.inTx(async (tx) => {
    const o = { ...body, by: tx.actor.username, at: tx.now() }
    const rules = await setOverrides(tx.db, await readWithLists(tx.db), o)
    const details = {
      rules,
      is_on: body.is_on,
      filter: body.filter.ids === undefined ? body.filter : { ids: body.filter.ids.slice(0, 20) },
    }
    await recordAudit(tx, { action: 'rules.switch', object_type: 'rule', details })
    return { rules }
  })
