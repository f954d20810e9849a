// What narrows a list of detections, as SQL. A count by one part leaves that part out, so that what else there is stands beside it.
import { type RawBuilder, sql } from 'kysely'
import { allTechniques, currentTechnique } from '../../../../../shared/domain/attack.ts'
import { type DetectionFilter, severities } from '../../../../../shared/domain/detections.ts'

type Condition = RawBuilder<boolean>

const among = (column: string, values: readonly string[], type: 'text' | 'uuid'): Condition =>
  sql<boolean>`${sql.ref(column)} = any(${[...values]}::${sql.raw(type)}[])`

/** A parent stands for its sub-techniques too, an older id for what took its place. */
const withChildren = (ids: readonly string[]): string[] => {
  const wanted = new Set(ids.map((id) => currentTechnique(id)?.id ?? id.toUpperCase()))
  return [...wanted, ...allTechniques.filter((one) => one.parent_id !== null && wanted.has(one.parent_id)).map((one) => one.id)]
}

const contains = (text: string): string => `%${text.toLowerCase().replace(/[\\%_]/g, String.raw`\$&`)}%`

const hasText = (text: string): Condition => {
  const like = contains(text)
  return sql<boolean>`(lower(d.title) like ${like} or lower(coalesce(h.hostname, d.host_key)) like ${like}
    or lower(array_to_string(d.tags, ' ')) like ${like}
    or exists (select from detection_comments c where c.detection_id = d.id and lower(c.body) like ${like}))`
}

const isOf = (assignees: readonly string[], me: string | null): Condition => {
  const ids = assignees.flatMap((one) => (one === 'me' ? (me === null ? [] : [me]) : one === 'none' ? [] : [one]))
  const nobody = assignees.includes('none') ? sql<boolean>`d.assignee_id is null` : sql<boolean>`false`
  return sql<boolean>`(${nobody} or d.assignee_id = any(${ids}::uuid[]))`
}

const parts: { readonly [K in keyof DetectionFilter]-?: (given: NonNullable<DetectionFilter[K]>, me: string | null) => Condition } = {
  status: (given) => among('d.status', given, 'text'),
  severity: (given) => among('d.severity', given, 'text'),
  kind: (given) => among('d.kind', given, 'text'),
  assignee: isOf,
  subject_id: (given) => among('d.subject_id', given, 'text'),
  host_id: (given) => among('d.host_id', given, 'uuid'),
  tactic: (given) => sql<boolean>`d.tactics && ${given}::text[]`,
  technique: (given) => sql<boolean>`d.techniques && ${withChildren(given)}::text[]`,
  from: (given) => sql<boolean>`d.last_at >= ${given}::timestamptz`,
  to: (given) => sql<boolean>`d.first_at < ${given}::timestamptz`,
  text: hasText,
  news: (given) =>
    given
      ? sql<boolean>`d.closed_rows < d.rows + coalesce((select sum(n.rows) from detections n where n.merged_into = d.id), 0)`
      : sql<boolean>`true`,
  // by `shownOnes`
  silenced: () => sql<boolean>`true`,
}

/** A merged one is shown within the one that it is merged into, one that is silenced whole only where it is asked for. */
export const shownOnes = (silenced: boolean): Condition => {
  const isSilenced = sql<boolean>`(d.rows = 0 and d.silenced_rows > 0
    and not exists (select from detections n where n.merged_into = d.id and n.rows > 0))`
  return silenced ? sql<boolean>`d.merged_into is null and ${isSilenced}` : sql<boolean>`d.merged_into is null and not ${isSilenced}`
}

const partOf = <K extends keyof DetectionFilter>(name: K, filter: DetectionFilter, me: string | null): Condition[] => {
  const given = filter[name]
  return given === undefined ? [] : [(parts[name] as (of: unknown, who: string | null) => Condition)(given, me)]
}

/** Of `detections d` with `hosts h` beside it. */
export const narrowed = (filter: DetectionFilter, me: string | null, leftOut?: keyof DetectionFilter): Condition => {
  const names = (Object.keys(parts) as (keyof DetectionFilter)[]).filter((name) => name !== leftOut)
  const conditions = [shownOnes(filter.silenced === true), ...names.flatMap((name) => partOf(name, filter, me))]
  return sql<boolean>`${sql.join(conditions, sql` and `)}`
}

/** From 1, the least severe. */
export const severityRank = sql<number>`array_position(${sql.lit(`{${severities.join(',')}}`)}::text[], d.severity)`
