import type { Severity } from '../../../../../shared/domain/detections.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { rulesByIds } from '../../rules/enabled/enabled-rules.ts'
import { type Subject, subjectKey } from './store-matches.ts'

/** What a rule or an indicator says of itself. */
export interface SubjectFacts {
  title: string
  /** Null: it names none. */
  level: Severity | null
  tags: readonly string[]
}

/** By subject. What is stored no longer is not among them: its detections keep what they were called. */
export const factsOf = async (tx: Ctx, changed: readonly (Subject & { facts?: SubjectFacts })[]): Promise<Map<string, SubjectFacts>> => {
  const facts = new Map<string, SubjectFacts>()
  const asked = changed.filter((one) => one.facts === undefined && one.kind !== 'indicator')
  const rules = new Map(
    (
      await rulesByIds(
        tx,
        asked.map((one) => one.subject_id),
      )
    ).map((rule) => [rule.id, rule]),
  )
  for (const one of changed) {
    const rule = rules.get(one.subject_id)
    if (one.facts !== undefined) facts.set(subjectKey(one), one.facts)
    else if (rule !== undefined) facts.set(subjectKey(one), { title: rule.title, level: rule.level, tags: rule.tags })
  }
  return facts
}
