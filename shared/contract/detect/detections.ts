// The queue of detections: lists, one detection with why it matched, and what people say of it.
import { z } from 'zod'
import { detectionKinds, detectionSorts, detectionStatuses, severities } from '../../domain/detections.ts'
import { rowIdText } from '../notes/annotations.ts'
import { count, paging, time, uuid } from '../paging.ts'
import { route } from '../route.ts'
import { eventRow } from '../search.ts'

const severity = z.enum(severities)
const status = z.enum(detectionStatuses)
const kind = z.enum(detectionKinds)
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

const person = z.object({ id: uuid, name: z.string() })

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

export const listDetections = route({
  method: 'POST',
  path: '/api/detections/list',
  tag: 'detections',
  summary: 'Detections, most severe first or as asked',
  permission: 'search',
  total: true,
  body: z.strictObject({
    filter: detectionFilter.default({}),
    sort: z.enum(detectionSorts).default('severity'),
    order: z.enum(['asc', 'desc']).default('desc'),
    group_by_host: z.boolean().default(false).describe('Detections of one host stand together: the host with the most severe one first'),
    skip: paging.skip,
    limit: paging.limit,
  }),
  response: z.array(detection),
})

const tally = z.array(z.object({ value: z.string(), label: z.string(), detections: count })).describe('The most first, at most 50')
export const countDetections = route({
  method: 'POST',
  path: '/api/detections/counts',
  tag: 'detections',
  summary: 'How many detections there are, by everything that they can be narrowed by; each count leaves its own part of the filter out',
  permission: 'search',
  body: z.strictObject({ filter: detectionFilter.default({}) }),
  response: z.object({
    total: count,
    silenced: count.describe('Detections of which exceptions silence every row'),
    by_status: tally,
    by_severity: tally,
    by_kind: tally,
    by_assignee: tally.describe('`none`: nobody; the label is the name'),
    by_subject: tally,
    by_host: tally,
    by_tactic: tally,
    by_technique: tally,
    distinct: z.object({ subjects: count, hosts: count, techniques: count }).describe('Of the whole filter'),
    views: z
      .object({ open: count, mine: count, unassigned: count, news: count, closed: count })
      .describe('Of all detections, whatever the filter: new or in progress; those of mine; those of nobody; closed with new rows; closed'),
  }),
})

const params = z.strictObject({ detection_id: uuid })

const comment = z
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

export const getDetection = route({
  method: 'GET',
  path: '/api/detections/:detection_id',
  tag: 'detections',
  summary: 'One detection with everything about it but its rows',
  permission: 'search',
  params,
  response: detectionDetail,
})

export const detectionRows = route({
  method: 'GET',
  path: '/api/detections/:detection_id/rows',
  tag: 'detections',
  summary: 'The exact rows of a detection, oldest first',
  permission: 'search',
  params,
  query: z.strictObject({ ...paging, silenced: z.stringbool().default(false).describe('Those that exceptions silence instead') }),
  total: true,
  response: z.array(
    eventRow.extend({
      detail: z.record(z.string(), z.unknown()).describe('What was stored with the match: group and window, or the value'),
      matched_at: time,
    }),
  ),
})

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

export const explainDetection = route({
  method: 'GET',
  path: '/api/detections/:detection_id/explanation',
  tag: 'detections',
  summary: 'Why a row of a detection matched: which field, which value of the row, which value of the rule',
  permission: 'search',
  params,
  query: z.strictObject({ row_id: rowIdText.optional().describe('Left out: the first row') }),
  response: explanation,
})

export const detectionContext = route({
  method: 'GET',
  path: '/api/detections/:detection_id/context',
  tag: 'detections',
  summary: 'What else was on the host within half an hour before and after a row',
  permission: 'search',
  params,
  query: z.strictObject({ at: time.optional().describe('Left out: the first row') }),
  response: z.object({
    from: time.nullable().describe('null: the rows have no time, or no host'),
    to: time.nullable(),
    host_id: uuid.nullable(),
    rows: count.describe('Of the host in that hour'),
    by_artifact: z.array(z.object({ artifact: z.string(), rows: count })).describe('The most first, at most 30'),
    nearest: z.array(eventRow).describe('Nearest in time, oldest first, at most 40; rows of this detection are not among them'),
    detections: z
      .array(z.object({ id: uuid, title: z.string(), severity, status, first_at: time.nullable() }))
      .describe('In that hour on the host'),
  }),
})

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

export const detectionHistory = route({
  method: 'GET',
  path: '/api/detections/:detection_id/history',
  tag: 'detections',
  summary: 'Who did what with a detection, and what came to it; newest first',
  permission: 'search',
  params,
  query: z.strictObject(paging),
  total: true,
  response: z.array(historyEntry),
})

const named = z
  .array(z.strictObject({ id: uuid, version: z.number().int().optional().describe('Left out: whatever somebody else did meanwhile') }))
  .min(1)
  .max(detectionsPerCall)

/** What an act did. With a detection that somebody changed meanwhile nothing is done at all: 409, and `detail` says what changed. */
const acted = z
  .object({
    act_id: uuid.nullable().describe('To be undone by; null: nothing was to be changed'),
    changed: count,
    unchanged: count.describe('Were so already'),
    detections: z.array(z.object({ id: uuid, version: z.number().int(), status })),
  })
  .meta({ id: 'DetectionAct' })
export type DetectionAct = z.infer<typeof acted>

export const triageDetections = route({
  method: 'POST',
  path: '/api/detections/triage',
  tag: 'detections',
  summary: 'Say what up to 1,000 detections are, and whose; all of it or nothing',
  permission: 'detections.write',
  body: z.strictObject({
    detections: named,
    status: status.optional(),
    assignee_id: z
      .union([uuid, z.literal('me'), z.null()])
      .optional()
      .describe('null: nobody'),
    duplicate_of: uuid.optional().describe('With the status `duplicate`'),
    comment: z.string().trim().min(1).max(detectionCommentLength).optional().describe('Written about each of them'),
  }),
  response: acted,
})

export const undoAct = route({
  method: 'POST',
  path: '/api/detections/acts/:act_id/undo',
  tag: 'detections',
  summary: 'Undo an act: every detection that nobody touched since is as it was before',
  permission: 'detections.write',
  params: z.strictObject({ act_id: uuid }),
  response: acted.extend({ skipped: count.describe('Somebody did something with them since: they stay as they are') }),
})

export const mergeDetections = route({
  method: 'POST',
  path: '/api/detections/merge',
  tag: 'detections',
  summary: 'Put detections together under one of them; a link that can be undone',
  permission: 'detections.write',
  body: z.strictObject({ into: z.strictObject({ id: uuid, version: z.number().int().optional() }), detections: named }),
  response: acted,
})

export const splitDetection = route({
  method: 'POST',
  path: '/api/detections/:detection_id/split',
  tag: 'detections',
  summary: 'Take a merged detection out again, or divide one at a time: rows from then on are of a new one',
  permission: 'detections.write',
  params,
  body: z.strictObject({
    version: z.number().int().optional(),
    at: time.optional().describe('To the millisecond'),
    take_out: uuid.optional().describe('One that is merged into it'),
  }),
  response: acted.extend({ made: uuid.nullable().describe('The detection that stands alone now') }),
})

const commentBody = z.strictObject({ body: z.string().trim().min(1).max(detectionCommentLength) })
export const commentDetection = route({
  method: 'POST',
  path: '/api/detections/:detection_id/comments',
  tag: 'detections',
  summary: 'Write a comment about a detection',
  permission: 'detections.write',
  params,
  body: commentBody,
  status: 201,
  response: comment,
})
const commentParams = z.strictObject({ detection_comment_id: uuid })
export const editDetectionComment = route({
  method: 'PUT',
  path: '/api/detections/comments/:detection_comment_id',
  tag: 'detections',
  summary: 'Change one of my own comments',
  permission: 'detections.write',
  params: commentParams,
  body: commentBody,
  response: comment,
})
export const deleteDetectionComment = route({
  method: 'DELETE',
  path: '/api/detections/comments/:detection_comment_id',
  tag: 'detections',
  summary: 'Delete one of my own comments',
  permission: 'detections.write',
  params: commentParams,
  status: 204,
  response: z.null(),
})

export const listAssignees = route({
  method: 'GET',
  path: '/api/detections/assignees',
  tag: 'detections',
  summary: 'People of the tenant who may be given detections',
  permission: 'search',
  response: z.array(person),
})

/** Each clause is a query of the search language that this row's value passes. */
export const draftException = route({
  method: 'GET',
  path: '/api/detections/:detection_id/exception-draft',
  tag: 'detections',
  summary: 'An exception to begin from: what silences the rule on this host, and on values that made it match',
  permission: 'search',
  params,
  query: z.strictObject({ row_id: rowIdText.optional() }),
  response: z.object({
    subject_kind: kind,
    rule_id: z.string().nullable().describe('The rule or the indicator; null: no exception can be made, and `reason` says why'),
    reason: z.string().nullable(),
    title: z.string(),
    query: z.string().describe('All of the clauses'),
    clauses: z.array(z.object({ says: z.string(), query: z.string() })),
    host: z.object({ id: uuid, name: z.string(), query: z.string() }).nullable(),
  }),
})
