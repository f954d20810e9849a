// How many hosts of the whole tenant have a value: a number that stands beside every value, whatever is searched.
import { z } from 'zod'
import { count, time } from '../paging.ts'
import { route } from '../route.ts'

/** So many values are asked about in one call. */
export const valuesPerCall = 200
/** Longer values are not looked up: no two hosts share them. */
export const longestValue = 8192

export const askedValue = z.strictObject({ field: z.string().min(1).max(300), value: z.string().min(1).max(longestValue) })
export type AskedValue = z.infer<typeof askedValue>

export const prevalenceOfValue = z
  .object({
    field: z.string(),
    value: z.string(),
    hosts: count.describe('Different hosts of the tenant with the value; rows of no host are of none'),
    rows: count,
    first_seen: time.nullable().describe('The earliest time of those rows; null when none has a time'),
    last_seen: time.nullable(),
  })
  .meta({ id: 'Prevalence' })
export type PrevalenceOfValue = z.infer<typeof prevalenceOfValue>

export const prevalence = route({
  method: 'POST',
  path: '/api/prevalence',
  tag: 'search',
  summary: 'On how many hosts of the tenant values were seen, and since when; exact, over all rows',
  permission: 'search',
  body: z.strictObject({ values: z.array(askedValue).max(valuesPerCall) }),
  response: z.object({
    prevalence: z.array(prevalenceOfValue).describe('One for each value that was asked about, in any case of letters as a query finds it'),
    fleet: count.describe('Hosts of the tenant that have rows'),
    took_ms: z.number(),
  }),
})
