// What silences matches, and the value lists that placeholders are filled from.
import { z } from 'zod'
import { count, idParams, nothing, time, uuid } from '../paging.ts'
import { route } from '../route.ts'

const tag = 'rules'

export const ruleException = z
  .object({
    id: uuid,
    subject_kind: z.enum(['rule', 'correlation', 'indicator']).nullable().describe('null: of everything that matches'),
    subject_id: z.string().nullable(),
    subject_title: z.string().nullable(),
    query: z.string().describe('In the search language: rows that it finds are silenced'),
    reason: z.string(),
    owner_id: uuid.nullable(),
    owner: z.string(),
    expires_at: time.nullable(),
    state: z.enum(['holds', 'expired', 'unreadable']).describe('unreadable: its query names what is no more, and it silences nothing'),
    silenced_rows: count.nullable().describe('null: not counted yet'),
    counted_at: time.nullable(),
    created_at: time,
    changed_by: z.string(),
    changed_at: time,
  })
  .meta({ id: 'RuleException' })
export type RuleException = z.infer<typeof ruleException>

const fields = {
  subject_kind: z.enum(['rule', 'correlation', 'indicator']).nullable().default(null),
  subject_id: z.string().min(1).max(200).nullable().default(null),
  query: z.string().trim().min(1).max(10_000),
  reason: z.string().trim().min(1).max(2000),
  expires_at: time.nullable().default(null),
}
const params = idParams('exception_id')

export const listExceptions = route({
  method: 'GET',
  path: '/api/rules/exceptions',
  tag,
  summary: 'What silences matches, the newest first; expired ones too',
  permission: 'search',
  query: z.strictObject({ subject_id: z.string().max(200).optional() }),
  response: z.object({ exceptions: z.array(ruleException), expired: count }),
})

export const createException = route({
  method: 'POST',
  path: '/api/rules/exceptions',
  tag,
  summary: 'Silences rows that a query finds, for one rule or indicator or for all',
  permission: 'rules.manage',
  body: z.strictObject(fields),
  response: ruleException,
  status: 201,
})

export const changeException = route({
  method: 'PUT',
  path: '/api/rules/exceptions/:exception_id',
  tag,
  summary: 'Changes an exception',
  permission: 'rules.manage',
  params,
  body: z.strictObject(fields),
  response: ruleException,
})

export const deleteException = route({
  method: 'DELETE',
  path: '/api/rules/exceptions/:exception_id',
  tag,
  summary: 'Ends an exception: what it silenced counts again',
  permission: 'rules.manage',
  params,
  response: nothing,
  status: 204,
})

const listName = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,100}$/)
  .describe('Without percent signs')
export const valueList = z
  .object({
    name: z.string(),
    description: z.string(),
    values: z.array(z.string()),
    used_by: count.describe('Rules that name it'),
    changed_by: z.string(),
    changed_at: time,
  })
  .meta({ id: 'ValueList' })
export type ValueList = z.infer<typeof valueList>

export const listValueLists = route({
  method: 'GET',
  path: '/api/rules/value-lists',
  tag,
  summary: 'The value lists of the tenant, and the placeholders of its rules that have none',
  permission: 'search',
  response: z.object({
    lists: z.array(valueList),
    missing: z.array(z.object({ name: z.string(), rules: count })).describe('These rules do not run'),
  }),
})

export const setValueList = route({
  method: 'PUT',
  path: '/api/rules/value-lists',
  tag,
  summary: 'Makes or changes a value list; rules that need it are read anew',
  permission: 'rules.manage',
  body: z.strictObject({
    name: listName,
    values: z.array(z.string().min(1).max(1000)).max(10_000),
    description: z.string().max(2000).default(''),
  }),
  response: valueList,
})

export const deleteValueList = route({
  method: 'DELETE',
  path: '/api/rules/value-lists/:list_name',
  tag,
  summary: 'Removes a value list; rules that need it do not run',
  permission: 'rules.manage',
  params: z.strictObject({ list_name: listName }),
  response: nothing,
  status: 204,
})
