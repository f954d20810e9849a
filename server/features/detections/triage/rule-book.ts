// What triage and the page of ATT&CK ask of the stored rules.
import type { DetectionExplanation } from '../../../../shared/contract/detect/detections.ts'
import type { Severity } from '../../../../shared/domain/detections.ts'
import { severities } from '../../../../shared/domain/detections.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import type { CoveringRule } from '../attack/coverage.ts'
import { explain } from '../match/explain.ts'
import { coveringRows, type LoadedRule, rulesByIds } from '../rules/enabled/enabled-rules.ts'
import type { LogSource } from '../sigma/rule.ts'
import type { RowView } from '../sources/row-view.ts'
import type { Subject } from './fold/store-matches.ts'

export interface AboutRule {
  description: string
  author: string | null
  falsepositives: string[]
  references: string[]
  status: string | null
  logsource: string
  condition: string
  fields: string[]
}

const sourceText = ({ product, category, service }: LogSource): string =>
  [product, category, service].filter((part) => part !== null).join(' / ')

const ruleOf = async (ctx: Ctx, of: Subject): Promise<LoadedRule | undefined> =>
  of.kind === 'indicator' ? undefined : (await rulesByIds(ctx, [of.subject_id]))[0]

/** Null for one that is stored no longer, and for an indicator. */
export const aboutRule = async (ctx: Ctx, of: Subject): Promise<AboutRule | null> => {
  const rule = await ruleOf(ctx, of)
  if (rule === undefined) return null
  const { document } = rule
  const { description, author, falsepositives, references, status, fields } = document.about
  const isRule = document.kind === 'rule'
  return {
    description,
    author,
    falsepositives: [...falsepositives],
    references: [...references],
    status,
    logsource: isRule ? sourceText(document.logsource) : '',
    condition: isRule ? document.condition_text : document.type,
    fields: [...fields],
  }
}

type Explained = Omit<DetectionExplanation, 'row_id' | 'title' | 'reason'>

/** What of the row made the rule match; a sentence where that cannot be said. */
export const explainRow = async (ctx: Ctx, of: Subject, row: RowView): Promise<Explained | string> => {
  const rule = await ruleOf(ctx, of)
  if (rule === undefined) return 'The rule is stored no longer.'
  if (rule.document.kind === 'correlation') return 'A correlation: it matched by what other rules found together, not by this row alone.'
  const why = explain(rule.document, row)
  if (why === null) return 'The rule is read by other log sources now, and does not look at this row any more.'
  return {
    held: why.held,
    logsource: why.logsource,
    condition: why.condition,
    selections: why.selections,
    tree: why.tree as Explained['tree'],
    values: why.values as Explained['values'],
  }
}

const levelOf = (level: string | null): Severity | null => severities.find((one) => one === level) ?? null

/** Every stored rule, for what it covers. A correlation needs what the rules need that it refers to. */
export const coveringRules = async (ctx: Ctx): Promise<CoveringRule[]> => {
  const rows = await coveringRows(ctx)
  const named = new Map<string, string[]>()
  for (const { sigma_id, name, sources } of rows)
    for (const key of [sigma_id, name]) if (key !== null) named.set(key.toLowerCase(), sources)
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    level: levelOf(row.level),
    tags: row.tags,
    is_enabled: row.is_enabled,
    sources:
      row.state !== 'runs'
        ? []
        : row.kind === 'rule'
          ? row.sources
          : [...new Set(row.refers_to.flatMap((ref) => named.get(ref.toLowerCase()) ?? []))],
  }))
}

export const countEnabled = async (ctx: Ctx): Promise<number> =>
  (await coveringRows(ctx)).filter((row) => row.is_enabled && row.state === 'runs').length
