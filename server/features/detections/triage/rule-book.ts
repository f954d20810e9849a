// What triage asks of the stored rules.
import type { DetectionExplanation } from '../../../../shared/contract/detect/detections.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import type { CoveringRule } from '../attack/coverage.ts'
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

/** Null for one that is stored no longer, and for an indicator. */
export const aboutRule = async (_: Ctx, __: Subject): Promise<AboutRule | null> => null

/** What of the row made the rule match; a sentence where that cannot be said. */
export const explainRow = async (_: Ctx, __: Subject, ___: RowView): Promise<DetectionExplanation | string> =>
  'The rule is stored no longer.'

/** Every stored rule, for what it covers. */
export const coveringRules = async (_: Ctx): Promise<CoveringRule[]> => []
