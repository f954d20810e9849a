import type { Severity } from '../../../../../shared/domain/detections.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { type Subject, subjectKey } from './store-matches.ts'

/** What a rule or an indicator says of itself. */
export interface SubjectFacts {
  title: string
  /** Null: it names none. */
  level: Severity | null
  tags: readonly string[]
}

/** By subject. What is stored no longer is not among them: its detections keep what they were called. */
export const factsOf = async (_: Ctx, changed: readonly (Subject & { facts?: SubjectFacts })[]): Promise<Map<string, SubjectFacts>> =>
  new Map(changed.flatMap((one) => (one.facts === undefined ? [] : [[subjectKey(one), one.facts] as const])))
