// Why a rule that reads well is run on no row at all: said on the rule, for a rule that never finds anything looks like a quiet network.
import type { DetectionRule } from '../sigma/rule.ts'
import { fitOf } from './fit.ts'
import { sourcesOf, unmappedReason } from './sources.ts'

/** A sentence; null when rows of some source go to the rule. */
export const whyNotRun = (rule: DetectionRule): string | null => {
  const { category, product, service } = rule.logsource
  const named = [product, category, service].filter((part) => part !== null).join(' / ')
  const sources = sourcesOf(rule.logsource)
  if (sources.length === 0) return `No row here is of the log source ${named}. ${unmappedReason(rule.logsource)}`
  const fits = sources.map((source) => fitOf(source, rule, null))
  if (fits.some(({ runs }) => runs)) return null
  const missing = [...new Set(fits.flatMap((fit) => fit.missing))]
  const titles = sources.map(({ title }) => title).join('; ')
  return `The only rows here of the log source ${named} (${titles}) lack ${missing.join(', ')}: without that the rule could find nothing, or would find everything.`
}
