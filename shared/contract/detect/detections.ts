// The queue of detections: lists, one detection with why it matched, and what people say of it.
import { z } from 'zod'
import { detectionSorts } from '../../domain/detections.ts'
import { rowIdText } from '../notes/annotations.ts'
import { count, paging, time, uuid } from '../paging.ts'
import { route } from '../route.ts'
import { eventRow } from '../search.ts'
import {
  acted,
  comment,
  detection,
  detectionCommentLength,
  detectionDetail,
  detectionFilter,
  detectionsPerCall,
  explanation,
  historyEntry,
  kind,
  person,
  severity,
  status,
} from './detection-shapes.ts'

export type {
  Detection,
  DetectionAct,
  DetectionComment,
  DetectionDetail,
  DetectionExplanation,
  ExplainedNode,
  HistoryEntry,
} from './detection-shapes.ts'

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
