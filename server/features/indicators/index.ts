import type { Ctx } from '../../platform/ctx.ts'
import { failMatch, type FoldMatches, type ImportMatched, matchImports, runMatch } from './runs.ts'

export { indicatorJobKind } from './runs.ts'

export interface Indicators {
  fold: FoldMatches
  /** The job of that kind, about a run. */
  run: (ctx: Ctx, runId: string) => Promise<void>
  /** Told when the job is given up. */
  fail: (ctx: Ctx, runId: string, reason: string) => Promise<void>
  /** After the rows of imports are stored, within their job. It fails no import: it says why it did not look, and puts in a job that does. */
  matchImports: (ctx: Ctx, importIds: readonly string[]) => Promise<ImportMatched>
}

export const createIndicators = ({ foldMatches }: { foldMatches: FoldMatches }): Indicators => ({
  fold: foldMatches,
  run: (ctx, runId) => runMatch(ctx, runId, foldMatches),
  fail: failMatch,
  matchImports: (ctx, importIds) => matchImports(ctx, importIds, foldMatches),
})
