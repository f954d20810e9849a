// What a stack answers, apart from its routes: a search with `| stack` answers it too.
import { z } from 'zod'
import { count, time } from '../paging.ts'

export const stackFieldsMost = 5
/** Columns of a group's small picture. */
export const sparkBars = 14

export const groupValues = z
  .array(z.string().nullable())
  .min(1)
  .max(stackFieldsMost)
  .describe('One for each field, in their order; null where the rows have none')

export const stackOrder = z.enum(['rare', 'top', 'newest'])
export const stackGroup = z
  .object({
    values: groupValues,
    rows: count,
    hosts: count.describe('Different hosts among its rows; a host with several keys is one'),
    share: z.number().describe('hosts / fleet'),
    first_seen: time.nullable().describe('The earliest time of its rows; null when none has a time'),
    last_seen: time.nullable(),
    spark: z.array(count).describe(`Rows in each of the ${sparkBars} bars of the answer's \`spark\``),
    is_new: z.boolean().optional().describe('Not in the baseline; only where one is named'),
  })
  .meta({ id: 'StackGroup' })
export type StackGroup = z.infer<typeof stackGroup>

const groupsByHosts = z.object({ from: count, to: count.nullable(), groups: count })

export const stackAnswer = z
  .object({
    fields: z.array(z.string()),
    order: stackOrder,
    by_host: z.boolean(),
    groups: z.array(stackGroup),
    total_groups: count.describe('Groups that `having` and `only_new` leave'),
    stops_after: count.nullable().describe('The number in `| stack ... rare 10`: so many of them are given'),
    new_groups: count.nullable().describe('Groups that are not in the baseline, whatever `having` says'),
    rows: count.describe('Rows with a value of at least one field. A row with several values counts in each of their groups'),
    missing: count.describe('Rows that the query finds and that have none of the fields: they are in no group'),
    hosts: count,
    fleet: count.describe('Hosts of the tenant that have rows'),
    by_hosts: z.array(groupsByHosts).describe('How many groups are on how many hosts, whatever `having` says'),
    spark: z
      .object({ from: time, to: time, bar_ms: z.number() })
      .nullable()
      .describe('What the small pictures cover: the time range of the query, else from the first row to the last; null without any time'),
    next_cursor: z.string().nullable(),
    took_ms: z.number(),
  })
  .meta({ id: 'Stack' })
export type StackAnswer = z.infer<typeof stackAnswer>
