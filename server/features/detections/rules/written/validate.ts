import type { validateRule, ValidatedRule } from '../../../../../shared/contract/detect/rules.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { allLists } from '../enabled/store-readings.ts'
import { valuesIn } from '../enabled/readings.ts'
import { documentsOf, type ValuesOf } from '../reading/rule-texts.ts'
import { storedRule, type StoredRule } from '../reading/stored-rule.ts'
import type { SigmaDocument } from '../../sigma/rule.ts'
import { missingRefs } from './store-written.ts'

/** The rules of a text as they would be kept, read with the lists of the tenant; a correlation knows whether its rules are there. */
export const readWritten = async (ctx: Ctx, text: string): Promise<{ rules: StoredRule[]; valuesOf: ValuesOf }> => {
  const valuesOf = valuesIn(await allLists(ctx.db))
  const rules = documentsOf(text, valuesOf).map((one) => storedRule(one, 'written here'))
  const own = new Set(rules.flatMap((rule) => [rule.sigma_id, rule.name?.toLowerCase() ?? null]))
  for (const rule of rules) {
    const missing = await missingRefs(
      ctx.db,
      rule.refers_to.filter((ref) => !own.has(ref)),
    )
    if (missing.length === 0) continue
    const names = missing.map((ref) => `"${ref}"`).join(', ')
    const message = `The correlation refers to ${names}, which no rule here has as its id or name.`
    Object.assign(rule, {
      state: 'not_running',
      reason_codes: ['unknown_rule'],
      reasons: [{ code: 'unknown_rule', message, line: null, column: null }],
    })
  }
  return { rules, valuesOf }
}

const conditionOf = (document: SigmaDocument | null): string | null =>
  document === null || document.kind === 'correlation' ? null : document.condition_text

const shown = (rule: StoredRule, index: number): ValidatedRule => {
  const document = rule.document === null ? null : (JSON.parse(rule.document) as SigmaDocument)
  const { kind, title, sigma_id, status, tags, category, product, service, used_fields, sources, reasons, warnings } = rule
  return {
    index,
    ok: document !== null,
    runs: rule.state === 'runs',
    kind,
    title,
    sigma_id,
    level: document?.about.level ?? null,
    status,
    tags,
    logsource: { category, product, service },
    condition: conditionOf(document),
    used_fields,
    sources,
    placeholders: document?.kind === 'rule' ? [...document.placeholders] : [],
    has_keywords: document !== null && document.kind !== 'correlation' && document.has_keywords,
    reasons,
    warnings,
  }
}

export const validateText = async (ctx: Ctx, text: string): Promise<Reply<typeof validateRule>> => ({
  documents: (await readWritten(ctx, text)).rules.map(shown),
})
