// A query whole: the filter that finds rows, and the stages behind it that say what is made of them.
import { faultOr, parseFilter, sizeFault } from './parse.ts'
import { checkOrder } from './pipes/order.ts'
import { parseStages } from './pipes/parse-stage.ts'
import { printStage } from './pipes/print-stage.ts'
import { stageTokens } from './pipes/scan.ts'
import type { Stage } from './pipes/stage.ts'
import { printQuery } from './print.ts'
import { filterTokens } from './tokens.ts'
import { withStage } from './pipes/with-stage.ts'
import type { Query, QueryFault } from './tree.ts'

export interface Pipeline {
  filter: Query
  stages: readonly Stage[]
}
export type ParsedPipeline = { ok: true; pipeline: Pipeline } | { ok: false; errors: QueryFault[] }

/** A filter with its stages, or what is wrong and where. Never throws, whatever the text; linear in its length. */
export const parsePipeline = (text: string): ParsedPipeline => {
  const tooLong = sizeFault(text)
  if (tooLong !== null) return { ok: false, errors: [tooLong] }
  const { tokens, pipeAt } = filterTokens(text)
  return faultOr(() => {
    const filter = parseFilter(tokens, pipeAt ?? text.length, pipeAt !== null)
    const stages = pipeAt === null ? [] : parseStages(stageTokens(text, pipeAt), text.length)
    checkOrder(text, stages)
    return { pipeline: { filter, stages } }
  })
}

/** The query's text; parsing it gives the same pipeline (its spans aside). */
export const printPipeline = ({ filter, stages }: Pipeline): string =>
  [printQuery(filter), ...stages.map((stage) => `| ${printStage(stage)}`)].filter((part) => part !== '').join(' ')

/** The text before the first pipe and the text from it on: together they are the whole. */
export const splitQuery = (text: string): { filter: string; pipes: string } => {
  const at = filterTokens(text).pipeAt ?? text.length
  return { filter: text.slice(0, at), pipes: text.slice(at) }
}
export type { CountOp, SortKey, StackOrder, Stage, StageKind } from './pipes/stage.ts'
export { printStage, withStage }
