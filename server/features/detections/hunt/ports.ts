// What hunts need of other rooms, joined to them in the composition root.
import type { Ctx } from '../../../platform/ctx.ts'
import type { DetectionRule, SigmaDocument } from '../sigma/rule.ts'

export interface LoadedRule {
  /** Of the stored rule. */
  id: string
  version: number
  title: string
  document: SigmaDocument
}

export interface HuntPorts {
  /** All that is enabled in the tenant; the hash changes with every one of them. */
  enabledRules: (ctx: Ctx) => Promise<{ set_hash: string; rules: readonly LoadedRule[] }>
  /** Those that a person names, enabled or not. */
  rulesByIds: (ctx: Ctx, ids: readonly string[]) => Promise<readonly LoadedRule[]>
  /** The matches of these subjects have changed. */
  foldMatches: (ctx: Ctx, changed: readonly { kind: 'rule' | 'correlation'; subject_id: string }[]) => Promise<unknown>
}

/** A rule as it is handed to the matcher. */
export interface RunnableRule {
  key: string
  rule: DetectionRule
}
