// What is said of a detection, wherever one is shown.
import { z } from 'zod'
import { detectionKinds, detectionStatuses, severities } from '../../domain/detections.ts'
import { rowIdText } from '../notes/annotations.ts'
import { count, time, uuid } from '../paging.ts'

export const severity = z.enum(severities)
export const status = z.enum(detectionStatuses)
export const kind = z.enum(detectionKinds)
const idText = z.string().min(1).max(200)
const several = <S extends z.ZodType>(of: S) => z.array(of).max(100).optional()

export const detectionsPerCall = 1000
export const detectionCommentLength = 10_000

export const detectionFilter = z
  .strictObject({
    status: several(status),
    severity: several(severity),
    kind: several(kind),
    assignee: several(z.union([uuid, z.literal('none'), z.literal('me')])).describe('Ids of people, `none`, or `me`'),
    subject_id: several(idText).describe('Rules or indicators'),
    host_id: several(uuid),
    tactic: several(z.string().max(60)).describe('Short names: `credential-access`'),
    technique: several(z.string().max(20)).describe('A parent finds its sub-techniques too'),
    from: time.optional().describe('The last row at this time or later'),
    to: time.optional().describe('The first row before this time'),
    text: z.string().max(200).optional().describe('Part of the title, the host name, a tag or a comment'),
    news: z.boolean().optional().describe('Closed, and rows came since'),
    silenced: z.boolean().optional().describe('Those of which exceptions silence every row, instead of the others'),
  })
  .meta({ id: 'DetectionFilter' })

export const person = z.object({ id: uuid, name: z.string() })

export const detection = z
  .object({
    id: uuid,
    kind,
    subject_id: z.string().describe('The rule or the indicator'),
    title: z.string(),
    level: severity.nullable().describe('Of the rule; null: it names none, and counts as medium'),
    severity: severity.describe('The level, one step up on a host of high weight and one down on one of low weight'),
    status,
    host_id: uuid.nullable().describe('null: of several hosts, or of a host that is not known'),
    host_name: z.string(),
    host_weight: z.enum(['low', 'normal', 'high']),
    tags: z.array(z.string()),
    techniques: z.array(z.string()).describe('ATT&CK ids as they are called now'),
    tactics: z.array(z.string()),
    rows: count,
    silenced_rows: count.describe('Matched too, and silenced by exceptions; not among `rows`'),
    new_rows: count.describe('Came since it was closed; 0 of one that is open'),
    first_at: time.nullable().describe('null: the rows have no time'),
    last_at: time.nullable(),
    import_id: uuid.nullable().describe('Of rows without a time: those of one import are one episode'),
    assignee: person.nullable(),
    comments: count,
    merged: count.describe('Other detections that are merged into this one; their rows are among `rows`'),
    duplicate_of: uuid.nullable(),
    closed_at: time.nullable(),
    created_at: time,
    matched_at: time.describe('When the newest match was found'),
    updated_at: time,
    version: z.number().int().describe('Send it with what you do: it is refused when somebody did something meanwhile'),
  })
  .meta({ id: 'Detection' })
export type Detection = z.infer<typeof detection>

export const comment = z
  .object({
    id: uuid,
    detection_id: uuid,
    body: z.string(),
    author_id: uuid.nullable(),
    author: z.string(),
    created_at: time,
    edited_at: time.nullable(),
  })
  .meta({ id: 'DetectionComment' })
export type DetectionComment = z.infer<typeof comment>

const part = z.object({ name: z.string(), value: z.string(), says: z.string() })

export const detectionDetail = detection
  .extend({
    matched_version: z.number().int().describe('The newest version of the rule that matched'),
    host_key: z.string(),
    severity_parts: z.array(part).describe('What the severity is made of, in sentences'),
    subject: z
      .object({
        description: z.string(),
        author: z.string().nullable(),
        falsepositives: z.array(z.string()),
        references: z.array(z.string()),
        status: z.string().nullable(),
        logsource: z.string(),
        condition: z.string().describe('As the rule has it'),
        fields: z.array(z.string()).describe('That the author wants shown'),
      })
      .nullable()
      .describe('null: the rule or the indicator is stored no longer'),
    merged_detections: z.array(detection),
    merged_into: uuid.nullable(),
    duplicates: count.describe('Others that are called duplicates of this one'),
    comment_list: z.array(comment).describe('Oldest first'),
    seen_before: z
      .object({
        detections: count.describe('Of the same rule, this one among them'),
        hosts: count,
        closed_as: z.array(z.object({ status, detections: count })),
        first_at: time.nullable(),
      })
      .describe('What came of this rule before'),
    episode: z
      .array(z.object({ id: uuid, title: z.string(), severity, status, first_at: time.nullable(), tactics: z.array(z.string()) }))
      .describe('Other detections of the host within four hours of this one, oldest first, at most 100'),
    tactics_of_episode: z.array(z.string()),
    exceptions: count.describe('Exceptions that silence rows of this rule now'),
  })
  .meta({ id: 'DetectionDetail' })
export type DetectionDetail = z.infer<typeof detectionDetail>

/** A place in a value, in characters. */
const highlight = z.object({ start: count, end: count })
const explainedValue = z.object({
  field: z.string().describe('Of the row'),
  value: z.string(),
  value_length: count.describe('In characters; longer values are cut to 4,000'),
  hits: z.array(highlight),
})
export interface ExplainedNode {
  kind: 'and' | 'or' | 'not' | 'field' | 'keyword' | 'constant'
  held: boolean
  selection?: string | undefined
  key?: string | undefined
  wanted?: string | undefined
  absent?: boolean | undefined
  found?: z.infer<typeof explainedValue>[] | undefined
  of?: ExplainedNode[] | undefined
  left_out?: number | undefined
}
const explainedNode: z.ZodType<ExplainedNode> = z
  .object({
    kind: z.enum(['and', 'or', 'not', 'field', 'keyword', 'constant']),
    held: z.boolean().describe('Whether it is true of the row'),
    selection: z.string().optional().describe('Of a field or keyword: where it stands in the rule'),
    key: z.string().optional().describe('`CommandLine|contains|all`'),
    wanted: z.string().optional().describe('The value of the rule'),
    absent: z.boolean().optional().describe('The row has no such field'),
    found: z.array(explainedValue).optional().describe('What the row has there; with its hits where it is held'),
    get of() {
      return z.array(explainedNode).optional()
    },
    left_out: count.optional().describe('Alternatives that did not hold and are not listed'),
  })
  .meta({ id: 'ExplainedNode' })

export const explanation = z
  .object({
    row_id: rowIdText,
    held: z.boolean().describe('false: the rule was changed since, and does not match this row any more'),
    reason: z
      .string()
      .nullable()
      .describe('Why there is no tree: the rule is gone, the row is gone, a correlation or an indicator has none'),
    title: z.string(),
    logsource: z.string().describe('The source by which the rule came to this row'),
    condition: z.string(),
    selections: z.array(z.object({ name: z.string(), held: z.boolean() })).describe('In the order of the rule'),
    tree: explainedNode.nullable(),
    values: z.array(explainedValue).describe('Every value of the row that made it match, once each'),
  })
  .meta({ id: 'Explanation' })
export type DetectionExplanation = z.infer<typeof explanation>

export const historyEntry = z
  .object({
    id: uuid,
    act_id: uuid.describe('One act can concern many detections'),
    what: z.enum([
      'raised',
      'more_rows',
      'fewer_rows',
      'severity',
      'triage',
      'merge',
      'unmerge',
      'split',
      'joined',
      'comment',
      'undo',
      'silenced',
    ]),
    facts: z
      .record(z.string(), z.unknown())
      .describe('`{ status: { from, to } }`, `{ assignee: { from, to } }`, `{ rows, came }`, `{ into }`, ...'),
    by: z.string(),
    by_id: uuid.nullable().describe('null: the product itself'),
    at: time,
    can_undo: z.boolean(),
    undone_at: time.nullable(),
  })
  .meta({ id: 'DetectionHistoryEntry' })
export type HistoryEntry = z.infer<typeof historyEntry>

/** What an act did. With a detection that somebody changed meanwhile nothing is done at all: 409, and `detail` says what changed. */
export const acted = z
  .object({
    act_id: uuid.nullable().describe('To be undone by; null: nothing was to be changed'),
    changed: count,
    unchanged: count.describe('Were so already'),
    detections: z.array(z.object({ id: uuid, version: z.number().int(), status })),
  })
  .meta({ id: 'DetectionAct' })
export type DetectionAct = z.infer<typeof acted>
