import type { Reply } from '../../../shared/contract/route.ts'
import type * as contract from '../../../shared/contract/search.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { always } from './compile/patterns.ts'
import { resolveHostKeys } from '../hosts/index.ts'
import { together } from './question.ts'
import { type ArtifactSum, arrivedByDay, hostKeys, sumArtifacts } from './store-overview.ts'
import { timeEnds } from './store-views.ts'
import { isoOfMicros } from './answer/times.ts'

const daysShown = 30
const dayMs = 86_400_000

export const overview = async (ctx: Ctx): Promise<Reply<typeof contract.overview>> => {
  const now = ctx.now().getTime()
  const days = Array.from({ length: daysShown }, (_, i) => new Date(now - (daysShown - 1 - i) * dayMs))
  const first = days[0] ?? new Date(now)
  const [artifacts, keys, ends, arrived] = await together<
    [ArtifactSum[], string[], Awaited<ReturnType<typeof timeEnds>>, Map<string, number>]
  >(ctx, (signal) => [
    sumArtifacts(ctx.events, signal),
    hostKeys(ctx.events, signal),
    timeEnds(ctx.events, always, signal),
    arrivedByDay(ctx.events, first, signal),
  ])
  const hostIds = await resolveHostKeys(ctx, keys)
  return {
    rows: artifacts.reduce((sum, a) => sum + a.rows, 0),
    hosts: new Set(keys.map((key) => hostIds.get(key) ?? key)).size,
    time_from: ends === null ? null : isoOfMicros(ends.from_micros),
    time_to: ends === null ? null : isoOfMicros(ends.to_micros),
    artifacts: artifacts.map(({ artifact, rows, hosts, last_micros }) => ({
      artifact,
      rows,
      hosts,
      last_ingested_at: isoOfMicros(last_micros),
    })),
    arrived: days.map((day) => {
      const date = day.toISOString().slice(0, 10)
      return { day: date, rows: arrived.get(date) ?? 0 }
    }),
  }
}
