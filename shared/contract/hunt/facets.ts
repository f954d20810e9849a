import { z } from 'zod'
import { count } from '../paging.ts'
import { route } from '../route.ts'
import { filter } from '../search.ts'

const facetValue = z.object({ value: z.string(), rows: count, hosts: count })

export const facet = z
  .object({
    field: z.string(),
    rows: count.describe('Rows that have a value'),
    missing: count.describe('Rows that have none; with `rows` all rows of the query'),
    distinct: count.describe('Different values; of a row with several each counts'),
    top: z.array(facetValue).describe('The commonest first'),
    rare: z.array(facetValue).describe('The rarest first'),
  })
  .meta({ id: 'Facet' })
export type Facet = z.infer<typeof facet>

/** So many fields are summed up in one call. */
export const fieldsPerCall = 100

export const facets = route({
  method: 'POST',
  path: '/api/search/facets',
  tag: 'search',
  summary: 'Fields of the rows found: how many rows have each, its commonest and rarest values with their hosts; exact, over all rows',
  permission: 'search',
  body: z.strictObject({
    ...filter,
    fields: z
      .array(z.string().min(1).max(300))
      .max(fieldsPerCall)
      .optional()
      .describe('By default the normalised fields that the rows have, the commonest first'),
    limit: z.number().int().min(1).max(200).default(10).describe('Values of each kind, at most'),
  }),
  response: z.object({ facets: z.array(facet), total: count, took_ms: z.number() }),
})
