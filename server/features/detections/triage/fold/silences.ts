import type { Ctx } from '../../../../platform/ctx.ts'
import { exceptionsFor } from '../../rules/upkeep/exceptions-for.ts'
import type { Silence, Subject } from './store-matches.ts'
import { subjectKey } from './store-matches.ts'

/** The exceptions that hold now and concern these subjects, as conditions on rows. Read them with the subjects locked. */
export const silencesOf = async (tx: Ctx, subjects: readonly Subject[]): Promise<Silence[]> => {
  const asked = new Set(subjects.map(subjectKey))
  const held = await exceptionsFor(tx)
  return held
    .filter(({ subject }) => subject === null || asked.has(subjectKey(subject)))
    .map(({ subject, condition }) => ({ subject, condition }))
}
