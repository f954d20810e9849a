// What speaks for looking at a host: a list of facts with their numbers and the way to what they count. They are not added up,
// for three weak reasons are not one strong one.
import type { hostRisk as riskRoute } from '../../../../../shared/contract/detect/detection-views.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { attackTactics } from '../../../../../shared/domain/attack-enterprise.data.ts'
import { type DetectionStatus, episodeGapMs, severities, type Severity } from '../../../../../shared/domain/detections.ts'
import { printValue } from '../../../../../shared/query/print.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { keysOfHosts } from '../../../hosts/index.ts'
import type { WeightOfHost } from '../../../../../shared/contract/detect/detection-views.ts'
import { detectionsOfHost, type HostDetection, lastMatchAt, type RareNames, rareNames } from './store.ts'
import { countEnabled } from '../rule-book.ts'
import { readWeight } from './weight.ts'

type Risk = Reply<typeof riskRoute>
type Part = Risk['parts'][number]

const open: readonly DetectionStatus[] = ['new', 'in_progress']
const isOpen = (one: HostDetection): boolean => one.status === 'new' || one.status === 'in_progress'
const isConfirmed = (one: HostDetection): boolean => one.status === 'true_positive'

const titles = (of: readonly HostDetection[]): string => {
  const names = [...new Set(of.map((one) => one.title))]
  return names.length > 3 ? `${names.slice(0, 3).join('; ')}; and ${names.length - 3} more` : names.join('; ')
}
const counted = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

const bySeverity = (host: string, kind: 'open' | 'confirmed', of: readonly HostDetection[]): Part[] =>
  [...severities].reverse().flatMap((severity) => {
    const these = of.filter((one) => one.severity === severity)
    if (these.length === 0) return []
    const state = kind === 'open' ? 'not settled yet' : 'confirmed by a person'
    return [
      {
        kind,
        says: `${counted(these.length, `${severity} detection`)} ${state}: ${titles(these)}`,
        severity,
        count: these.length,
        filter: { host_id: [host], severity: [severity], status: kind === 'open' ? [...open] : ['true_positive' as const] },
        query: null,
      },
    ]
  })

const tacticNames = new Map(attackTactics.map((tactic) => [tactic.shortname, tactic.name]))

const techniquesPart = (host: string, of: readonly HostDetection[]): Part[] => {
  const techniques = new Set(of.flatMap((one) => one.techniques))
  const tactics = attackTactics.map((tactic) => tactic.shortname).filter((name) => of.some((one) => one.tactics.includes(name)))
  if (tactics.length < 2) return []
  const named = tactics.map((name) => tacticNames.get(name) ?? name).join(', ')
  return [
    {
      kind: 'techniques',
      says: `${counted(techniques.size, 'technique')} of ${tactics.length} tactics in these: ${named}`,
      severity: null,
      count: techniques.size,
      filter: { host_id: [host], status: [...open, 'true_positive'] },
      query: null,
    },
  ]
}

/** The most detections of which each begins within four hours of what came before. */
export const largestCluster = (of: readonly HostDetection[]): { from: number; to: number; detections: number } | null => {
  const timed = of
    .flatMap((one) => (one.first_ms === null || one.last_ms === null ? [] : [{ from: one.first_ms, to: one.last_ms }]))
    .sort((a, b) => a.from - b.from)
  let best: { from: number; to: number; detections: number } | null = null
  let now: { from: number; to: number; detections: number } | null = null
  for (const { from, to } of timed) {
    if (now !== null && from - now.to <= episodeGapMs) now = { from: now.from, to: Math.max(now.to, to), detections: now.detections + 1 }
    else now = { from, to, detections: 1 }
    if (best === null || now.detections > best.detections) best = now
  }
  return best
}

const minute = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')

const episodePart = (host: string, of: readonly HostDetection[]): Part[] => {
  const cluster = largestCluster(of)
  if (cluster === null || cluster.detections < 2) return []
  return [
    {
      kind: 'episode',
      says: `${cluster.detections} of them in one episode, ${minute(cluster.from)} to ${minute(cluster.to)} UTC`,
      severity: null,
      count: cluster.detections,
      filter: {
        host_id: [host],
        status: [...open, 'true_positive'],
        from: new Date(cluster.from).toISOString(),
        to: new Date(cluster.to + 1).toISOString(),
      },
      query: null,
    },
  ]
}

/** With fewer hosts than this everything is rare. */
const fewHosts = 5

const rarePart = (rare: RareNames): Part[] => {
  if (rare.alone === 0 || rare.hosts < fewHosts) return []
  return [
    {
      kind: 'rare',
      says: `${rare.alone} of its ${counted(rare.distinct, 'process name')} are on no other of ${rare.hosts} hosts: ${rare.names.slice(0, 5).join(', ')}${rare.alone > 5 ? ', …' : ''}`,
      severity: null,
      count: rare.alone,
      filter: null,
      query: `process_name:(${rare.names.map(printValue).join(' OR ')})`,
    },
  ]
}

const weightPart = (weight: WeightOfHost): Part[] => {
  if (weight.weight === 'normal') return []
  const step = weight.weight === 'high' ? 'one step more severe' : 'one step less severe'
  const why = weight.reason === '' ? '' : `: ${weight.reason}`
  return [
    {
      kind: 'weight',
      says: `A host of ${weight.weight} value, so that its detections are ${step}${why} (${weight.set_by ?? ''})`,
      severity: null,
      count: 1,
      filter: null,
      query: null,
    },
  ]
}

export const hostRisk = async (ctx: Ctx, hostId: string): Promise<Risk> => {
  const weight = await readWeight(ctx, hostId)
  const keys = await keysOfHosts(ctx, [hostId])
  const [all, rare, last, rules] = await Promise.all([
    detectionsOfHost(ctx.db, hostId),
    rareNames(ctx.events, keys, ctx.signal),
    lastMatchAt(ctx.events, keys, ctx.signal),
    countEnabled(ctx),
  ])
  const [opened, confirmed] = [all.filter(isOpen), all.filter(isConfirmed)]
  const counts = (severity: Severity) => {
    const of = (list: readonly HostDetection[]): number => list.filter((one) => one.severity === severity).length
    return { severity, open: of(opened), confirmed: of(confirmed), dismissed: of(all) - of(opened) - of(confirmed) }
  }
  const weighty = [...confirmed, ...opened]
  return {
    host_id: hostId,
    weight,
    worst: all.find((one) => isOpen(one) || isConfirmed(one))?.severity ?? null,
    detections: { open: opened.length, confirmed: confirmed.length, dismissed: all.length - weighty.length, total: all.length },
    by_severity: [...severities].reverse().map(counts),
    parts: [
      ...bySeverity(hostId, 'confirmed', confirmed),
      ...bySeverity(hostId, 'open', opened),
      ...techniquesPart(hostId, weighty),
      ...episodePart(hostId, weighty),
      ...rarePart(rare),
      ...weightPart(weight),
    ],
    looked_at: { rows: rare.rows, rules, last_match_at: last },
  }
}
