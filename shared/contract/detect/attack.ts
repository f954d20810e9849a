// ATT&CK: what the rules of the tenant cover, with the data that it collects, and what was detected.
import { z } from 'zod'
import { severities } from '../../domain/detections.ts'
import { count, time, uuid } from '../paging.ts'
import { rawRoute, route } from '../route.ts'

const severity = z.enum(severities)
/** `blind`: there are enabled rules, and no row of the sources that any of them needs. */
export const coverageStates = ['none', 'off', 'blind', 'partly', 'covered'] as const
export type CoverageState = (typeof coverageStates)[number]

const coverage = {
  state: z
    .enum(coverageStates)
    .describe(
      'none: no rule; off: rules, none enabled; blind: enabled rules, no row of their sources; partly: some of them have rows; covered: all',
    ),
  rules: count.describe('Stored rules of the technique itself; those of its sub-techniques are theirs'),
  enabled: count,
  running: count.describe('Enabled, and with rows of a source that they need'),
  source_rows: count.describe('Rows of the tenant in the sources that its rules need; a row of two sources counts twice'),
  detections: count,
  open: count,
  worst: severity.nullable().describe('Of the open and confirmed ones'),
}

export const techniqueCoverage = z.object({ id: z.string(), ...coverage }).meta({ id: 'TechniqueCoverage' })
export type TechniqueCoverage = z.infer<typeof techniqueCoverage>

const window = {
  from: time.optional().describe('Detections with a row at this time or later'),
  to: time.optional(),
  host_id: uuid.optional(),
}

export const attackMatrix = route({
  method: 'GET',
  path: '/api/attack',
  tag: 'attack',
  summary: 'Coverage and detections of every technique that has any; names, tactics and parents are in the table of the product',
  permission: 'search',
  query: z.strictObject(window),
  response: z.object({
    version: z.string().describe('Of the table of techniques'),
    notice: z.string(),
    techniques: z.array(techniqueCoverage).describe('Those with a rule or a detection'),
    tactics: z.array(z.object({ id: z.string(), shortname: z.string(), techniques: count, covered: count, detections: count })),
    unknown: z
      .array(z.object({ id: z.string(), rules: count, detections: count }))
      .describe('Ids in tags of rules that the table does not know'),
    without_technique: z.object({ rules: count, detections: count }).describe('That name none'),
    bundle: z.object({ version: z.string(), loaded_at: time, loaded_by: z.string() }).nullable(),
  }),
})

const sourceNeed = z.object({ id: z.string(), title: z.string(), rows: count, last_row_at: time.nullable() })

export const attackTechnique = route({
  method: 'GET',
  path: '/api/attack/techniques/:technique_id',
  tag: 'attack',
  summary: 'One technique: its rules with what they need, its detections, and what a loaded bundle says of it',
  permission: 'search',
  params: z.strictObject({ technique_id: z.string().regex(/^T[A-Z]?\d{4}(\.\d{3})?$/i) }),
  query: z.strictObject(window),
  response: z.object({
    id: z.string(),
    name: z.string(),
    parent_id: z.string().nullable(),
    tactics: z.array(z.string()),
    asked_as: z.string().describe('What was asked for: an older id is answered by the one that took its place'),
    coverage: techniqueCoverage,
    sub_techniques: z.array(techniqueCoverage.extend({ name: z.string() })),
    rules: z
      .array(
        z.object({
          id: z.string(),
          title: z.string(),
          level: severity.nullable(),
          is_enabled: z.boolean(),
          sources: z.array(z.string()).describe('Ids of `sources`; empty: its log source is not mapped'),
          rows: count.describe('Of all of them'),
          detections: count,
        }),
      )
      .describe('Enabled ones first, at most 500'),
    rules_total: count,
    sources: z.array(sourceNeed),
    detections: z
      .array(
        z.object({
          id: uuid,
          title: z.string(),
          severity,
          status: z.string(),
          host_id: uuid.nullable(),
          host_name: z.string(),
          last_at: time.nullable(),
        }),
      )
      .describe('Newest first, at most 100'),
    detections_total: count,
    description: z.string().nullable().describe('null: no bundle is loaded'),
    groups: z.array(z.object({ id: z.string(), name: z.string() })),
    software: z.array(z.object({ id: z.string(), name: z.string(), type: z.string() })),
    url: z.string(),
  }),
})

export const attackLayer = rawRoute({
  method: 'GET',
  path: '/api/attack/layer',
  tag: 'attack',
  summary: 'The matrix as a layer of ATT&CK Navigator (format 4.5)',
  permission: 'search',
  query: z.strictObject({ ...window, show: z.enum(['coverage', 'detections']).default('coverage') }),
  produces: ['application/json'],
})

export const bundleBytes = 100_000_000
const bundle = z.object({
  version: z.string(),
  file_name: z.string(),
  loaded_at: time,
  loaded_by: z.string(),
  techniques: count,
  groups: count,
  software: count,
  uses: count,
  skipped: count.describe('Objects of other kinds, revoked ones and such without an ATT&CK id'),
  unknown: z.array(z.string()).describe('Techniques that the table of the product does not have, at most 100'),
})
export type LoadedBundle = z.infer<typeof bundle>

export const getBundle = route({
  method: 'GET',
  path: '/api/attack/bundle',
  tag: 'attack',
  summary: 'The full ATT&CK bundle that was loaded for the installation',
  permission: 'search',
  response: z.object({ bundle: bundle.nullable() }),
})
export const loadBundle = rawRoute({
  method: 'POST',
  path: '/api/attack/bundle',
  tag: 'attack',
  summary: `Load a full ATT&CK bundle (STIX 2.1, at most ${bundleBytes / 1_000_000} MB) for descriptions, groups and software`,
  permission: 'platform.manage',
  query: z.strictObject({ file_name: z.string().max(200).default('') }),
  consumes: ['application/json'],
  produces: ['application/json'],
  response: z.object({ bundle }),
})
export const removeBundle = route({
  method: 'DELETE',
  path: '/api/attack/bundle',
  tag: 'attack',
  summary: 'Forget the loaded bundle',
  permission: 'platform.manage',
  status: 204,
  response: z.null(),
})
