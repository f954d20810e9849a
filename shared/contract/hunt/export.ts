// All rows of a query as one file, streamed. What tells that a file is whole is in docs/export.md.
import { z } from 'zod'
import { uuid } from '../paging.ts'
import { rawRoute } from '../route.ts'
import { filter } from '../search.ts'

export const exportFormats = ['csv', 'jsonl', 'parquet'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const exportShapes = ['normalised', 'raw'] as const

/** How many rows the file holds: sent behind its last byte. */
export const rowsTrailer = 'x-rows'

/** The name of the last line that `end_line` asks for; in CSV the number of rows is the next cell. */
export const endLineName = 'end_of_export'

export const exportSearch = rawRoute({
  method: 'POST',
  path: '/api/search/export',
  tag: 'search',
  summary:
    'All rows of a query, or all groups where it ends in `| stack`, as a file without a limit: `X-Total-Count` says how many there are, the trailer `X-Rows` how many the file holds',
  permission: 'search',
  body: z.strictObject({
    ...filter,
    sort: z.string().max(300).optional().describe('As of a search: a field, `-field` or `field:desc`; by default newest first'),
    format: z.enum(exportFormats),
    shape: z
      .enum(exportShapes)
      .default('normalised')
      .describe('`raw`: the text of each row as it stood in its file, with where it came from; `normalised`: its fields'),
    fields: z
      .array(z.string().min(1).max(300))
      .min(1)
      .max(500)
      .optional()
      .describe('The columns, in this order; without them all fields that any of the rows has'),
    baseline_id: uuid.optional().describe('Of a query that ends in `| stack`: marks the groups that this baseline does not hold'),
    only_new: z.boolean().default(false).describe('Only the groups that are not in the baseline'),
    bom: z.boolean().default(false).describe('Of CSV: begin with a byte order mark, which some spreadsheets need to see UTF-8'),
    end_line: z
      .boolean()
      .default(false)
      .describe('Of CSV and JSONL: a last line that tells how many rows came before it, for who stands behind a proxy that drops trailers'),
  }),
  consumes: ['application/json'],
  produces: ['text/csv', 'application/x-ndjson', 'application/vnd.apache.parquet'],
})
