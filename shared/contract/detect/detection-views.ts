// Filters of the queue that people keep, and what a host is worth: the two things around the queue that are written by hand.
import { z } from 'zod'
import { hostWeights, severities } from '../../domain/detections.ts'
import { count, idParams, time, uuid } from '../paging.ts'
import { route } from '../route.ts'
import { detectionFilter } from './detection-shapes.ts'

export const viewsPerPerson = 200

const view = z
  .object({
    id: uuid,
    name: z.string(),
    filter: detectionFilter,
    is_shared: z.boolean(),
    owner: z.string(),
    is_mine: z.boolean(),
    detections: count.describe('That it shows now'),
    created_at: time,
  })
  .meta({ id: 'DetectionView' })
export type DetectionView = z.infer<typeof view>

const fields = {
  name: z.string().trim().min(1).max(100),
  filter: detectionFilter,
  is_shared: z.boolean().default(false).describe('With everybody of the tenant: needs `hunt.write`'),
}

export const listDetectionViews = route({
  method: 'GET',
  path: '/api/detection-views',
  tag: 'detections',
  summary: 'My views of the queue and those that are shared',
  permission: 'search',
  response: z.array(view),
})
export const saveDetectionView = route({
  method: 'POST',
  path: '/api/detection-views',
  tag: 'detections',
  summary: 'Keep a view of the queue',
  permission: 'search',
  body: z.strictObject(fields),
  status: 201,
  response: view,
})
export const changeDetectionView = route({
  method: 'PUT',
  path: '/api/detection-views/:view_id',
  tag: 'detections',
  summary: 'Change a view: its owner, or for a shared one who has `hunt.manage`',
  permission: 'search',
  params: idParams('view_id'),
  body: z.strictObject(fields),
  response: view,
})
export const deleteDetectionView = route({
  method: 'DELETE',
  path: '/api/detection-views/:view_id',
  tag: 'detections',
  summary: 'Delete a view: its owner, or for a shared one who has `hunt.manage`',
  permission: 'search',
  params: idParams('view_id'),
  status: 204,
  response: z.null(),
})

const weight = z.enum(hostWeights)
const hostWeight = z
  .object({
    host_id: uuid,
    weight,
    reason: z.string(),
    set_by: z.string().nullable().describe('null: nobody said anything, and it is a normal one'),
    set_at: time.nullable(),
  })
  .meta({ id: 'HostWeight' })
export type WeightOfHost = z.infer<typeof hostWeight>

export const setHostWeight = route({
  method: 'PUT',
  path: '/api/hosts/:host_id/weight',
  tag: 'detections',
  summary: 'Say what a host is worth: it moves the severity of its detections, those that are closed too, by one step',
  permission: 'detections.write',
  params: idParams('host_id'),
  body: z.strictObject({ weight, reason: z.string().trim().max(500).default('') }),
  response: hostWeight.extend({ detections: count.describe('Whose severity moved') }),
})

const severity = z.enum(severities)
export const riskParts = ['open', 'confirmed', 'techniques', 'episode', 'rare', 'weight'] as const

export const hostRisk = route({
  method: 'GET',
  path: '/api/hosts/:host_id/risk',
  tag: 'detections',
  summary: 'What speaks for looking at a host, part by part; there is no number that they are melted into',
  permission: 'search',
  params: idParams('host_id'),
  response: z.object({
    host_id: uuid,
    weight: hostWeight,
    worst: severity.nullable().describe('The most severe detection that is open or confirmed; null: there is none'),
    detections: z.object({ open: count, confirmed: count, dismissed: count, total: count }).describe('They add up'),
    by_severity: z.array(z.object({ severity, open: count, confirmed: count, dismissed: count })).describe('Most severe first'),
    parts: z
      .array(
        z.object({
          kind: z.enum(riskParts),
          says: z.string().describe('A sentence with its numbers'),
          severity: severity.nullable(),
          count,
          filter: detectionFilter.nullable().describe('The detections that it counts'),
          query: z.string().nullable().describe('The rows that it counts, in the search language'),
        }),
      )
      .describe('What weighs most first; empty: nothing was found, and `looked_at` says in what'),
    looked_at: z.object({ rows: count, rules: count.describe('That run in the tenant'), last_match_at: time.nullable() }),
  }),
})
