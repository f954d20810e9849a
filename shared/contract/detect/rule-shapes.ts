// What is said of a rule, wherever one is shown.
import { z } from 'zod'
import { count, time, uuid } from '../paging.ts'

export const ruleLevels = ['informational', 'low', 'medium', 'high', 'critical'] as const
export const ruleKinds = ['rule', 'correlation', 'filter', 'unread'] as const
export const ruleReasonCodes = [
  'yaml',
  'no_title',
  'no_logsource',
  'no_detection',
  'no_condition',
  'condition',
  'unknown_selection',
  'unknown_modifier',
  'modifier',
  'value',
  'regex',
  'placeholder',
  'taxonomy',
  'pipe_condition',
  'correlation',
  'unknown_rule',
  'unmapped_logsource',
  'too_large',
] as const
/** A YAML text that is written or pasted; a file of a pack may be as long. */
export const ruleTextLength = 500_000

export const ruleReason = z
  .object({
    code: z.string().describe(ruleReasonCodes.join(', ')),
    message: z.string().describe('A sentence: what is wrong and what to do'),
    line: z.number().int().nullable().describe('From 1, in the text of the rule'),
    column: z.number().int().nullable(),
  })
  .meta({ id: 'RuleReason' })
export type RuleReason = z.infer<typeof ruleReason>

export const logSourceShape = z.object({
  category: z.string().nullable(),
  product: z.string().nullable(),
  service: z.string().nullable(),
})

export const diffLine = z
  .object({ op: z.enum(['same', 'added', 'removed', 'skipped']), text: z.string().describe('skipped: how many equal lines are left out') })
  .meta({ id: 'DiffLine' })
export type DiffLine = z.infer<typeof diffLine>

export const ruleRow = z
  .object({
    id: uuid,
    version: z.number().int(),
    kind: z.enum(ruleKinds),
    sigma_id: z.string().nullable(),
    title: z.string(),
    level: z.enum(ruleLevels).nullable(),
    status: z.string().nullable(),
    author: z.string().nullable(),
    logsource: logSourceShape,
    tags: z.array(z.string()),
    pack: z.object({ id: uuid, name: z.string(), is_platform: z.boolean(), is_written: z.boolean() }),
    state: z.enum(['runs', 'not_running']),
    reason_codes: z.array(z.string()).describe('Why it does not run; empty of one that does'),
    is_enabled: z.boolean().describe('It is chosen; one that is and does not run is blind'),
    override: z.boolean().nullable().describe('Chosen for this rule alone; null: as its pack says'),
    may_edit: z.boolean(),
    derived_from: uuid.nullable(),
    detections: count,
    exceptions: count.describe('That hold now, of this rule alone'),
    changed_at: time,
  })
  .meta({ id: 'Rule' })
export type RuleRow = z.infer<typeof ruleRow>

const several = <S extends z.ZodType>(of: S) => z.array(of).max(100).optional()
export const ruleFilter = z
  .strictObject({
    text: z.string().max(200).optional().describe('Part of the title, the id, the author, a tag or the text of the rule'),
    level: several(z.enum([...ruleLevels, 'none'])),
    status: several(z.string().max(40)).describe('As rules say; `none`: says none'),
    state: z.enum(['runs', 'not_running']).optional(),
    reason: several(z.string().max(40)),
    kind: several(z.enum(ruleKinds)),
    enabled: z.boolean().optional(),
    overridden: z.boolean().optional(),
    pack_id: several(uuid),
    tag: several(z.string().max(100)),
    logsource: several(z.string().max(300)).describe('`product/category/service`, each `*` for any: `windows/process_creation/*`'),
    source: several(z.string().max(100)).describe('Ids of the map of log sources'),
    has_detections: z.boolean().optional(),
    ids: z.array(uuid).max(1000).optional(),
  })
  .meta({ id: 'RuleFilter' })
export type RuleFilter = z.infer<typeof ruleFilter>

export const ruleChoice = z
  .strictObject({
    is_on: z.boolean(),
    levels: z
      .array(z.enum([...ruleLevels, 'none']))
      .nullable()
      .describe('null: any'),
    statuses: z.array(z.string().max(40)).max(20).nullable(),
    logsources: z.array(z.string().max(300)).max(200).nullable().describe('`product/category/service`, `*` for any'),
    not_logsources: z.array(z.string().max(300)).max(200),
    tags: z.array(z.string().max(100)).max(500).nullable().describe('At least one of them'),
    not_tags: z.array(z.string().max(100)).max(500),
  })
  .meta({ id: 'RuleChoice' })
export type RuleChoice = z.infer<typeof ruleChoice>
