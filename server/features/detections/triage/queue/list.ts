import type { countDetections as countRoute, listDetections as listRoute } from '../../../../../shared/contract/detect/detections.ts'
import type { Parsed, Reply } from '../../../../../shared/contract/route.ts'
import { attackTactics } from '../../../../../shared/domain/attack-enterprise.data.ts'
import { currentTechnique } from '../../../../../shared/domain/attack.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { detectionsPage, shownDetection } from './store.ts'
import { countAll } from './store-counts.ts'

export const listDetections = async (
  ctx: Ctx,
  body: Parsed<typeof listRoute>['body'],
): Promise<{ items: Reply<typeof listRoute>; total: number }> => {
  const { rows, total } = await detectionsPage(ctx.db, body, ctx.actor.user_id)
  return { items: rows.map(shownDetection), total }
}

const tacticNames = new Map(attackTactics.map((tactic) => [tactic.shortname, tactic.name]))

export const countDetections = async (ctx: Ctx, body: Parsed<typeof countRoute>['body']): Promise<Reply<typeof countRoute>> => {
  const { tallies, sums, views } = await countAll(ctx.db, body.filter, ctx.actor.user_id)
  const { total = 0, silenced = 0, subjects = 0, hosts = 0, techniques = 0 } = sums ?? {}
  return {
    total,
    silenced,
    ...tallies,
    by_tactic: tallies.by_tactic.map((one) => ({ ...one, label: tacticNames.get(one.value) ?? one.value })),
    by_technique: tallies.by_technique.map((one) => ({ ...one, label: currentTechnique(one.value)?.name ?? one.value })),
    distinct: { subjects, hosts, techniques },
    views: views ?? { open: 0, mine: 0, unassigned: 0, news: 0, closed: 0 },
  }
}
