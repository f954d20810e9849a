// Rules: lists, one rule with its versions, and rules that are written in the app.
import { z } from 'zod'
import { count, idParams, nothing, paging, time, uuid } from '../paging.ts'
import { route } from '../route.ts'
import { diffLine, logSourceShape, ruleFilter, ruleKinds, ruleLevels, ruleReason, ruleRow, ruleTextLength } from './rule-shapes.ts'

const text = z.string().min(1).max(ruleTextLength).describe('One Sigma document as YAML')
const tag = 'rules'
const params = idParams('rule_id')

export const listRules = route({
  method: 'POST',
  path: '/api/rules/list',
  tag,
  summary: 'Rules, by title or as asked',
  permission: 'search',
  total: true,
  body: z.strictObject({
    filter: ruleFilter.default({}),
    sort: z.enum(['title', 'level', 'changed_at', 'detections']).default('title'),
    order: z.enum(['asc', 'desc']).default('asc'),
    skip: paging.skip,
    limit: paging.limit,
  }),
  response: z.array(ruleRow),
})

const tally = z
  .array(z.object({ value: z.string(), label: z.string(), rules: count, enabled: count }))
  .describe('The most first, at most 100')
export const countRules = route({
  method: 'POST',
  path: '/api/rules/counts',
  tag,
  summary: 'How many rules there are, run and are enabled, and the reasons of those that do not run',
  permission: 'search',
  body: z.strictObject({ filter: ruleFilter.default({}) }),
  response: z.object({
    total: count,
    runs: count,
    not_running: count,
    enabled: count.describe('Chosen, and they run'),
    blind: count.describe('Chosen, and they do not run'),
    by_reason: z.array(z.object({ code: z.string(), rules: count, example: z.string().describe('Of one of them') })),
    by_level: tally,
    by_status: tally,
    by_pack: tally,
    by_kind: tally,
    by_logsource: tally,
    by_tag: tally,
  }),
})

export const ruleDetail = ruleRow
  .extend({
    text: z.string(),
    path: z.string().describe('In its pack'),
    description: z.string(),
    license: z.string().nullable().describe('Its own, or that of its pack'),
    references: z.array(z.string()),
    falsepositives: z.array(z.string()),
    related: z.array(z.object({ id: z.string(), type: z.string() })),
    condition: z.string().nullable().describe('As it is run; null where it could not be read'),
    used_fields: z.array(z.string()),
    sources: z.array(z.string()).describe('Ids of the map of log sources by which its rows are found'),
    placeholders: z.array(z.string()).describe('Filled from value lists'),
    reasons: z.array(ruleReason),
    warnings: z.array(ruleReason),
    filters: z.array(z.object({ id: uuid, title: z.string(), condition: z.string() })).describe('Enabled filters that are joined to it'),
    enabled_because: z.string().describe('In a sentence'),
    versions: count,
    created_at: time,
    created_by: z.string(),
  })
  .meta({ id: 'RuleDetail' })
export type RuleDetail = z.infer<typeof ruleDetail>

export const getRule = route({
  method: 'GET',
  path: '/api/rules/by-id/:rule_id',
  tag,
  summary: 'One rule with its text, and what was understood of it',
  permission: 'search',
  params,
  response: ruleDetail,
})

export const listRuleVersions = route({
  method: 'GET',
  path: '/api/rules/by-id/:rule_id/versions',
  tag,
  summary: 'Every version of a rule, the newest first, with its difference to the one before',
  permission: 'search',
  params,
  response: z.object({
    versions: z.array(
      z.object({
        version: z.number().int(),
        is_current: z.boolean(),
        title: z.string(),
        state: z.enum(['runs', 'not_running']),
        text: z.string(),
        diff: z.array(diffLine).describe('Empty of the first'),
        changed_by: z.string(),
        changed_at: time,
      }),
    ),
  }),
})

export const validatedDocument = z
  .object({
    index: count,
    ok: z.boolean(),
    runs: z.boolean(),
    kind: z.enum(ruleKinds),
    title: z.string(),
    sigma_id: z.string().nullable(),
    level: z.enum(ruleLevels).nullable(),
    status: z.string().nullable(),
    tags: z.array(z.string()),
    logsource: logSourceShape,
    condition: z.string().nullable().describe('As it would be run'),
    used_fields: z.array(z.string()),
    sources: z.array(z.string()),
    placeholders: z.array(z.string()),
    has_keywords: z.boolean(),
    reasons: z.array(ruleReason).describe('Why it does not run'),
    warnings: z.array(ruleReason),
  })
  .meta({ id: 'ValidatedRule' })
export type ValidatedRule = z.infer<typeof validatedDocument>

export const validateRule = route({
  method: 'POST',
  path: '/api/rules/validate',
  tag,
  summary: 'What would be understood of a text, without keeping it',
  permission: 'search',
  body: z.strictObject({ text: z.string().max(ruleTextLength) }),
  response: z.object({ documents: z.array(validatedDocument) }),
})

export const createRule = route({
  method: 'POST',
  path: '/api/rules',
  tag,
  summary: 'Writes a rule of the tenant; one that does not run is kept and says why',
  permission: 'rules.manage',
  body: z.strictObject({
    text,
    is_on: z.boolean().default(true),
    derived_from: uuid.optional().describe('The rule that it was copied from'),
  }),
  response: ruleDetail,
  status: 201,
})

export const changeRule = route({
  method: 'PUT',
  path: '/api/rules/by-id/:rule_id',
  tag,
  summary: 'Changes a rule that was written here; rules of packs are copied first',
  permission: 'rules.manage',
  params,
  body: z.strictObject({ text, version: z.number().int().describe('That the change was made on; 409 when there is a newer one') }),
  response: ruleDetail,
})

export const deleteRule = route({
  method: 'DELETE',
  path: '/api/rules/by-id/:rule_id',
  tag,
  summary: 'Deletes a rule that was written here; its versions and detections stay',
  permission: 'rules.manage',
  params,
  response: nothing,
  status: 204,
})

export const switchRules = route({
  method: 'POST',
  path: '/api/rules/switch',
  tag,
  summary: 'Turns single rules on or off, whatever is chosen of their packs; null: as their packs say',
  permission: 'rules.manage',
  body: z.strictObject({
    filter: ruleFilter.describe('All rules that it finds; `ids` for some'),
    is_on: z.boolean().nullable(),
  }),
  response: z.object({ rules: count }),
})
