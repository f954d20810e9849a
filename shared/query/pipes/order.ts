import { SyntaxFault } from '../tree.ts'
import { type Stage, stageKinds, stageRules } from './stage.ts'

const endOf = (stage: Stage): number => stage.at.position + stage.at.length
const placeOf = (stage: Stage): string => `(character ${stage.at.position + 1})`

const results = { groups: 'a stack shows groups', moments: 'a timeline shows moments', rows: 'it is about rows' } as const

const mixed = (stage: Stage, before: Stage): never => {
  const { of } = stageRules[before.kind]
  const fitting = stageKinds.filter((kind) => stageRules[kind].of === of && (kind === 'where' || kind !== before.kind))
  const why = stageRules[stage.kind].of === 'rows' ? results[of] : results[stageRules[stage.kind].of]
  throw new SyntaxFault({
    ...stage.at,
    message: `${stage.kind} does not go with ${before.kind}, for ${why} ${placeOf(stage)}.`,
    expected: [...fitting, 'the end'],
  })
}

/** The stage put before the ones that must follow it. */
const moved = (text: string, stages: readonly Stage[], stage: Stage, from: Stage): never => {
  const last = stages[stages.indexOf(stage) - 1] ?? from
  const position = from.at.position
  throw new SyntaxFault({
    position,
    length: endOf(stage) - position,
    message: `${stage.kind} goes before ${from.kind} ${placeOf(stage)}.`,
    expected: [stage.kind],
    suggestion: `${text.slice(stage.at.position, endOf(stage))} | ${text.slice(position, endOf(last))}`,
  })
}

/** Which stages may stand together, and in what order. @throws SyntaxFault */
export const checkOrder = (text: string, stages: readonly Stage[]): void => {
  stages.forEach((stage, at) => {
    const before = stages.slice(0, at)
    const other = before.find((one) => stageRules[one.kind].of !== stageRules[stage.kind].of)
    if (other !== undefined) mixed(stage, other)
    const twin = stage.kind === 'where' ? undefined : before.find((one) => one.kind === stage.kind)
    if (twin !== undefined)
      throw new SyntaxFault({
        ...stage.at,
        message: `There is a second ${stage.kind} ${placeOf(stage)}: a query has one.`,
        expected: ['the end'],
      })
    const later = before.find((one) => stageRules[one.kind].rank > stageRules[stage.kind].rank)
    if (later !== undefined) moved(text, stages, stage, later)
  })
  const where = stages.find((stage) => stage.kind === 'where')
  if (where !== undefined && !stages.some((stage) => stage.kind === 'stack'))
    throw new SyntaxFault({
      ...where.at,
      message: `where asks about the groups of a stack, and there is no stack before it ${placeOf(where)}; a condition on rows goes before the first |.`,
      expected: ['stack'],
    })
}
