import type { DetectionDetail } from '../../../../../shared/contract/detect/detections.ts'
import { attackTactics } from '../../../../../shared/domain/attack-enterprise.data.ts'
import { episodeGapMs, levelWhereNone } from '../../../../../shared/domain/detections.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { iso } from '../../../../platform/iso-time.ts'
import { shownComment } from '../acts/comments.ts'
import { commentsOf } from '../acts/store-comments.ts'
import { readWeight } from '../risk/weight.ts'
import { type AboutRule, aboutRule } from '../rule-book.ts'
import { type Whole, wholeDetection } from './parts.ts'
import { detectionsNear, seenBefore, type ShownRow, shownDetection } from './store.ts'

const severityParts = async (ctx: Ctx, row: ShownRow): Promise<DetectionDetail['severity_parts']> => {
  const level = row.level ?? levelWhereNone
  const says = row.level === null ? `It names no level, which counts as ${levelWhereNone}` : `The ${row.kind} says ${row.level}`
  const parts = [{ name: 'level', value: level, says }]
  if (row.host_id === null) return parts
  const weight = await readWeight(ctx, row.host_id)
  if (weight.weight === 'normal') return [...parts, { name: 'host', value: 'normal', says: 'A host of normal value changes nothing' }]
  const step = weight.weight === 'high' ? 'one step up' : 'one step down'
  const by = `${weight.set_by ?? ''}${weight.reason === '' ? '' : `: ${weight.reason}`}`
  return [...parts, { name: 'host', value: weight.weight, says: `A host of ${weight.weight} value, ${step} (${by})` }]
}

const episodeOf = async (ctx: Ctx, { row }: Whole): Promise<ShownRow[]> => {
  if (row.host_id === null || row.first_at === null || row.last_at === null) return []
  const asked = { id: row.id, host_id: row.host_id, from: row.first_at, to: row.last_at, gapMs: episodeGapMs, limit: 100 }
  return detectionsNear(ctx.db, asked)
}

const subjectOf = (about: AboutRule | null): DetectionDetail['subject'] => {
  if (about === null) return null
  const { description, author, falsepositives, references, status, logsource, condition, fields } = about
  return { description, author, falsepositives, references, status, logsource, condition, fields }
}

export const getDetection = async (ctx: Ctx, id: string): Promise<DetectionDetail> => {
  const whole = await wholeDetection(ctx, id)
  const { row, merged, silences } = whole
  const [about, episode, before, comments] = [
    await aboutRule(ctx, row),
    await episodeOf(ctx, whole),
    await seenBefore(ctx.db, row),
    await commentsOf(ctx.db, [id]),
  ]
  const tactics = new Set([...row.tactics, ...episode.flatMap((one) => one.tactics)])
  return {
    ...shownDetection(row),
    matched_version: row.subject_version,
    host_key: row.host_key,
    severity_parts: await severityParts(ctx, row),
    subject: subjectOf(about),
    merged_detections: merged.map(shownDetection),
    merged_into: row.merged_into,
    duplicates: before.duplicates,
    comment_list: comments.map(shownComment),
    seen_before: { detections: before.detections, hosts: before.hosts, closed_as: before.closed_as, first_at: iso(before.first_at) },
    episode: episode.map(shownDetection).map((one) => ({
      id: one.id,
      title: one.title,
      severity: one.severity,
      status: one.status,
      first_at: one.first_at,
      tactics: one.tactics,
    })),
    tactics_of_episode: attackTactics.map((tactic) => tactic.shortname).filter((name) => tactics.has(name)),
    exceptions: silences.filter(({ subject }) => subject === null || (subject.kind === row.kind && subject.subject_id === row.subject_id))
      .length,
  }
}
