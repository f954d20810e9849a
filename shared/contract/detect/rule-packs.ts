// Packs of rules: how they come in, what is new in them, what is run of them, and those of the whole installation.
import { z } from 'zod'
import { count, idParams, nothing, paging, time, uuid } from '../paging.ts'
import { rawRoute, route } from '../route.ts'
import { diffLine, ruleChoice, ruleTextLength } from './rule-shapes.ts'

const tag = 'rules'
const pack_id = idParams('pack_id')
const rule_import_id = idParams('rule_import_id')
const packName = z.string().trim().min(1).max(100)

export const rulePack = z
  .object({
    id: uuid,
    name: z.string(),
    description: z.string(),
    kind: z.enum(['starter', 'written', 'imported']),
    is_platform: z.boolean().describe('Of the whole installation: read only here'),
    is_canary: z.boolean().describe('This tenant has its next version before the others'),
    version: z.number().int().describe('That this tenant has'),
    content_hash: z.string().nullable(),
    source: z.string().nullable().describe('A file name, an address, `pasted`'),
    source_url: z.string().nullable(),
    license: z.string().nullable(),
    imported_by: z.string(),
    imported_at: time,
    rules: count,
    runs: count,
    enabled: count.describe('Chosen, and they run'),
    choice: ruleChoice,
    is_default_choice: z.boolean().describe('Nobody of the tenant has chosen yet'),
  })
  .meta({ id: 'RulePack' })
export type RulePack = z.infer<typeof rulePack>

export const listRulePacks = route({
  method: 'GET',
  path: '/api/rules/packs',
  tag,
  summary: 'Packs that this tenant has',
  permission: 'search',
  response: z.object({ packs: z.array(rulePack) }),
})

export const getRulePack = route({
  method: 'GET',
  path: '/api/rules/packs/:pack_id',
  tag,
  summary: 'One pack with its licence and where each of its versions came from',
  permission: 'search',
  params: pack_id,
  response: rulePack.extend({
    license_text: z.string().nullable(),
    versions: z.array(
      z.object({
        version: z.number().int(),
        content_hash: z.string(),
        source: z.string(),
        license: z.string().nullable(),
        files: count,
        rules: count,
        added: count,
        changed: count,
        gone: count,
        imported_by: z.string(),
        imported_at: time,
      }),
    ),
  }),
})

export const changeRulePack = route({
  method: 'PATCH',
  path: '/api/rules/packs/:pack_id',
  tag,
  summary: 'Names a pack of the tenant anew',
  permission: 'rules.manage',
  params: pack_id,
  body: z.strictObject({ name: packName.optional(), description: z.string().max(2000).optional() }),
  response: rulePack,
})

export const deleteRulePack = route({
  method: 'DELETE',
  path: '/api/rules/packs/:pack_id',
  tag,
  summary: 'Removes a pack of the tenant with all versions of its rules',
  permission: 'rules.manage',
  params: pack_id,
  response: nothing,
  status: 204,
})

export const chooseRules = route({
  method: 'PUT',
  path: '/api/rules/packs/:pack_id/choice',
  tag,
  summary: 'What is run of a pack: on or off, by level, status, log source and tag',
  permission: 'rules.manage',
  params: pack_id,
  body: ruleChoice,
  response: rulePack,
})

export const ruleImport = z
  .object({
    id: uuid,
    pack_id: uuid.nullable().describe('null: it makes a new pack, and has not yet'),
    pack_name: z.string(),
    source: z.string(),
    source_url: z.string().nullable(),
    license: z.string().nullable(),
    state: z.enum(['queued', 'reading', 'ready', 'applied', 'discarded', 'failed']).describe('ready: waits for `apply` or `discard`'),
    error: z.string().nullable(),
    size_bytes: count,
    files: count,
    files_read: count,
    skipped: count.describe('Files that are no rules'),
    skips: z.array(z.object({ path: z.string(), why: z.string() })).describe('The first 100 of them that look as if they were'),
    rules: count,
    added: count,
    changed: count,
    unchanged: count,
    gone: count,
    not_running: count,
    created_by: z.string(),
    created_at: time,
    ended_at: time.nullable(),
  })
  .meta({ id: 'RuleImport' })
export type RuleImport = z.infer<typeof ruleImport>

const importOptions = {
  pack_id: uuid.optional().describe('The pack that this is a newer version of'),
  pack_name: packName.optional().describe('Of a new pack; else it is named after the source'),
  apply: z.boolean().optional().describe('Without waiting for `apply`; true of a new pack unless said, false of an update'),
  is_on: z.boolean().default(false).describe('Of a new pack: its rules are enabled at once'),
}

export const importRules = route({
  method: 'POST',
  path: '/api/rules/imports',
  tag,
  summary: 'Imports rules from an address or from a text; a job reads them',
  permission: 'rules.manage',
  body: z.strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional()
      .describe('A ZIP or YAML file; this or `text`'),
    text: z.string().min(1).max(ruleTextLength).optional(),
    ...importOptions,
  }),
  response: ruleImport,
  status: 202,
})

export const importRuleFiles = rawRoute({
  method: 'POST',
  path: '/api/rules/imports/files',
  tag,
  summary: 'Imports rules from files in the field `files`: a ZIP, YAML files, or a folder of them; fields pack_id, pack_name, apply, is_on',
  permission: 'rules.manage',
  consumes: ['multipart/form-data'],
  response: ruleImport,
  status: 202,
})

export const listRuleImports = route({
  method: 'GET',
  path: '/api/rules/imports',
  tag,
  summary: 'Imports of rules, the newest first',
  permission: 'search',
  total: true,
  query: z.strictObject(paging),
  response: z.array(ruleImport),
})

export const getRuleImport = route({
  method: 'GET',
  path: '/api/rules/imports/:rule_import_id',
  tag,
  summary: 'How far an import of rules is',
  permission: 'search',
  params: rule_import_id,
  response: ruleImport,
})

export const ruleChange = z
  .object({
    change: z.enum(['added', 'changed', 'gone', 'unchanged']),
    rule_id: uuid,
    title: z.string(),
    path: z.string(),
    level: z.string().nullable(),
    state: z.enum(['runs', 'not_running']),
    reason_codes: z.array(z.string()),
    has_override: z.boolean().describe('Somebody turned it on or off: that stays'),
    diff: z.array(diffLine).describe('Of changed ones'),
  })
  .meta({ id: 'RuleChange' })
export type RuleChange = z.infer<typeof ruleChange>

export const listRuleChanges = route({
  method: 'GET',
  path: '/api/rules/imports/:rule_import_id/changes',
  tag,
  summary: 'What an import that is ready would change',
  permission: 'search',
  params: rule_import_id,
  query: z.strictObject({ change: z.enum(['added', 'changed', 'gone', 'unchanged']).optional(), ...paging }),
  total: true,
  response: z.array(ruleChange),
})

const decision = { tag, permission: 'rules.manage', params: rule_import_id, response: ruleImport } as const
export const applyRuleImport = route({
  method: 'POST',
  path: '/api/rules/imports/:rule_import_id/apply',
  summary: 'Puts an import that is ready in place',
  ...decision,
})
export const discardRuleImport = route({
  method: 'POST',
  path: '/api/rules/imports/:rule_import_id/discard',
  summary: 'Gives an import up',
  ...decision,
})

const platformPack = z.object({
  id: uuid,
  name: z.string(),
  kind: z.enum(['starter', 'written', 'imported']),
  newest: z.number().int(),
  canary_version: z.number().int().nullable().describe('That canary tenants have; null: none of their own'),
  version: z.number().int().nullable().describe('That all others have; null: none'),
  is_on_by_default: z.boolean(),
  license: z.string().nullable(),
  rules: count,
  updated_at: time,
})
const platformState = z.object({ packs: z.array(platformPack), canaries: z.array(uuid).describe('Tenants') }).meta({ id: 'PlatformRules' })
export type PlatformRules = z.infer<typeof platformState>
const platform = { tag, permission: 'platform.manage', response: platformState } as const

export const getPlatformRules = route({
  method: 'GET',
  path: '/api/platform/rules',
  summary: 'Packs of the installation, and its rings',
  ...platform,
})

export const publishRulePack = route({
  method: 'POST',
  path: '/api/platform/rules/publish',
  summary: 'Makes what a pack of this tenant holds now the next version of the pack of that name of the installation',
  body: z.strictObject({
    pack_id: uuid.describe('Of the tenant that one is in'),
    ring: z.enum(['canary', 'all']).default('canary'),
    is_on_by_default: z.boolean().default(false),
  }),
  ...platform,
})

export const setRuleRings = route({
  method: 'PUT',
  path: '/api/platform/rules/packs/:pack_id/rings',
  summary: 'Which version the canary tenants have, and which all the others; an older one goes back',
  params: pack_id,
  body: z.strictObject({
    canary_version: z.number().int().min(1).nullable(),
    version: z.number().int().min(1).nullable(),
    is_on_by_default: z.boolean(),
  }),
  ...platform,
})

export const setRuleCanaries = route({
  method: 'PUT',
  path: '/api/platform/rules/canaries',
  summary: 'Says which tenants are canaries',
  body: z.strictObject({ tenants: z.array(uuid).max(1000) }),
  ...platform,
})
