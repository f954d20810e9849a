import { attackOfTags } from '../../../../../shared/domain/attack.ts'
import { type Severity, severities, severityOn } from '../../../../../shared/domain/detections.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { newId } from '../../../../platform/ids.ts'
import { resolveHostKeys } from '../../../hosts/index.ts'
import { planEpisodes } from './episodes.ts'
import { silencesOf } from './silences.ts'
import {
  cutsOf,
  detectionsOf,
  type Facts,
  type Folded,
  foldedOf,
  type Happened,
  type KnownDetection,
  lockSubjects,
  weightsOf,
} from './store.ts'
import { episodesOf, hostKeysOf, type Subject, subjectKey, type SubjectEpisode } from './store-matches.ts'
import { applyFold, type FoldWrites } from './store-apply.ts'
import { factsOf, type SubjectFacts } from './subjects.ts'

/** What of the matches has changed. Of an indicator its room knows the facts; those of rules are looked up. */
export interface Changed extends Subject {
  facts?: SubjectFacts
}

export interface Folds {
  made: number
  grown: number
  shrunk: number
  removed: number
  /** How many of the new ones are how severe, and some of them by name, the most severe first: for whoever is to be told. */
  raised: Readonly<Record<Severity, number>>
  worst: { id: string; severity: Severity; title: string }[]
}

const named = 20

/** Each batch is one transaction, and waits for nothing but folds of the same subjects. */
const subjectsPerBatch = 50

const entryOf = (was: KnownDetection, now: Folded): Happened[] => {
  const entries: Happened[] = []
  if (was.severity !== now.severity)
    entries.push({ detection_id: was.id, what: 'severity', facts: { severity: { from: was.severity, to: now.severity } } })
  const facts = { before: was.rows, rows: now.rows, silenced_rows: now.silenced_rows }
  if (now.silenced_rows > was.silenced_rows && now.rows <= was.rows) entries.push({ detection_id: was.id, what: 'silenced', facts })
  else if (now.rows > was.rows)
    entries.push({ detection_id: was.id, what: 'more_rows', facts: { ...facts, since_closed: was.closed_rows !== null } })
  else if (now.rows < was.rows) entries.push({ detection_id: was.id, what: 'fewer_rows', facts })
  return entries
}

const raised = (one: Folded): Happened => ({
  detection_id: one.id,
  what: 'raised',
  facts: { rows: one.rows, silenced_rows: one.silenced_rows, severity: one.severity },
})

/** What is to be written of one subject. Adds to `writes`. */
const planSubject = (
  writes: FoldWrites,
  existing: readonly KnownDetection[],
  episodes: SubjectEpisode[],
  factsFor: (hostRef: string) => Facts,
): void => {
  const known = new Map(existing.map((one) => [one.id, one]))
  const plan = planEpisodes(existing, episodes)
  const folded = (id: string, episode: SubjectEpisode): Folded => foldedOf(id, episode, factsFor(episode.host_ref))
  for (const episode of plan.made) {
    const made = folded(newId(), episode as SubjectEpisode)
    writes.made.push(made)
    writes.happened.push(raised(made))
  }
  for (const { from, episode } of plan.apart) {
    const made = folded(newId(), episode as SubjectEpisode)
    writes.made.push(made)
    writes.inherited.push({ id: made.id, from })
    writes.happened.push({ detection_id: made.id, what: 'raised', facts: { rows: made.rows, apart_from: from } })
  }
  for (const { id, episode, joined } of plan.kept) {
    const now = folded(id, episode as SubjectEpisode)
    writes.kept.push(now)
    const was = known.get(id)
    if (was !== undefined) writes.happened.push(...entryOf(was, now))
    for (const one of joined) {
      writes.joined.push({ id: one, into: id })
      const other = known.get(one)
      writes.happened.push({ detection_id: id, what: 'joined', facts: { title: other?.title, status: other?.status, rows: other?.rows } })
    }
  }
  writes.gone.push(...plan.gone)
  writes.emptied.push(...plan.emptied)
  for (const id of plan.emptied)
    writes.happened.push({ detection_id: id, what: 'fewer_rows', facts: { before: known.get(id)?.rows ?? 0, rows: 0 } })
}

const grouped = <T extends Subject>(items: readonly T[]): Map<string, T[]> => {
  const found = new Map<string, T[]>()
  for (const item of items) {
    const there = found.get(subjectKey(item))
    if (there === undefined) found.set(subjectKey(item), [item])
    else there.push(item)
  }
  return found
}

const hostRefsOf = async (tx: Ctx, subjects: readonly Subject[]): Promise<Map<string, string>> => {
  const keys = await hostKeysOf(tx.events, subjects, tx.signal)
  const ids = await resolveHostKeys(tx, keys)
  return new Map([...ids].map(([key, id]) => [key, `h:${id}`]))
}

const foldBatch = async (tx: Ctx, changed: readonly Changed[]): Promise<FoldWrites> => {
  await lockSubjects(tx.db, changed)
  const hosts = await hostRefsOf(tx, changed)
  const [existing, cuts, facts, silences] = [
    grouped(await detectionsOf(tx.db, changed, hosts)),
    await cutsOf(tx.db, changed, hosts),
    await factsOf(tx, changed),
    await silencesOf(tx, changed),
  ]
  const episodes = grouped(await episodesOf(tx.events, { subjects: changed, hosts, cuts, silences, signal: tx.signal }))
  const weights = await weightsOf(tx.db, [...new Set([...hosts.values()].map((ref) => ref.slice(2)))])
  const writes: FoldWrites = { made: [], kept: [], inherited: [], joined: [], gone: [], emptied: [], happened: [] }
  for (const subject of changed) {
    const key = subjectKey(subject)
    const there = existing.get(key) ?? []
    const about = facts.get(key) ?? {
      title: there[0]?.title ?? subject.subject_id,
      level: there[0]?.level ?? null,
      tags: there[0]?.tags ?? [],
    }
    const attack = attackOfTags(about.tags)
    planSubject(writes, there, episodes.get(key) ?? [], (hostRef) => ({
      title: about.title,
      level: about.level,
      severity: severityOn(about.level, weights.get(hostRef.slice(2)) ?? 'normal'),
      tags: [...about.tags],
      techniques: attack.techniques,
      tactics: attack.tactics,
    }))
  }
  await applyFold(tx.db, writes, tx.now())
  return writes
}

const mostSevereFirst = (a: { severity: Severity }, b: { severity: Severity }): number =>
  severities.indexOf(b.severity) - severities.indexOf(a.severity)

const distinct = (changed: readonly Changed[]): Changed[] => [...new Map(changed.map((one) => [subjectKey(one), one])).values()]

/**
 * Makes detections of the matches of these rules and indicators as they stand in the store now: new ones, more or fewer rows, or
 * none any more. What people said stays, and nothing is reopened. Repeated, it changes nothing.
 */
export const foldMatches = async (ctx: Ctx, changed: readonly Changed[]): Promise<Folds> => {
  const sums = { made: 0, grown: 0, shrunk: 0, removed: 0 }
  const raised = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 }
  let worst: Folds['worst'] = []
  const subjects = distinct(changed)
  for (let at = 0; at < subjects.length; at += subjectsPerBatch) {
    ctx.signal.throwIfAborted()
    const { made, happened, gone, joined } = await ctx.inTx((tx) => foldBatch(tx, subjects.slice(at, at + subjectsPerBatch)))
    sums.made += made.length
    sums.grown += happened.filter((one) => one.what === 'more_rows').length
    sums.shrunk += happened.filter((one) => one.what === 'fewer_rows').length
    sums.removed += gone.length + joined.length
    for (const { severity } of made) raised[severity]++
    worst = [...worst, ...made.map(({ id, severity, title }) => ({ id, severity, title }))].sort(mostSevereFirst).slice(0, named)
  }
  return { ...sums, raised, worst }
}
