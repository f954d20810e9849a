import { z } from 'zod'
import { count, idParams, paging, time, uuid } from './paging.ts'
import { route } from './route.ts'

export const host = z
  .object({
    id: uuid,
    hostname: z.string(),
    fqdn: z.string().nullable(),
    ip_address: z.string().nullable(),
    os: z.string().nullable().describe('windows, linux, macos, or what the export said'),
    os_version: z.string().nullable(),
    architecture: z.string().nullable(),
    tenant_id: uuid,
    client_ids: z.array(z.string()),
    ip_addresses: z.array(z.string()),
    mac_addresses: z.array(z.string()),
    users_seen: z.array(z.string()),
    labels: z.array(z.string()),
    host_metadata: z.record(z.string(), z.unknown()),
    rows: count.describe('Rows stored from this host'),
    created_at: time,
    first_seen: time.nullable(),
    last_seen: time.nullable(),
  })
  .meta({ id: 'Host' })
export type Host = z.infer<typeof host>

export const listHosts = route({
  method: 'GET',
  path: '/api/hosts',
  tag: 'hosts',
  summary: 'The hosts of the tenant',
  permission: 'hosts.read',
  query: z.strictObject({
    ...paging,
    search: z.string().max(200).optional().describe('Part of a host name, address, client id or user'),
    sort: z.enum(['hostname', 'last_seen', 'rows', 'os']).optional(),
    order: z.enum(['asc', 'desc']).optional(),
  }),
  response: z.array(host),
  total: true,
})
/** A list holds up to 1,000 hosts, each with its metadata. */
const mostMetadata = 16_384

export const createHost = route({
  method: 'POST',
  path: '/api/hosts',
  tag: 'hosts',
  summary: 'Add a host by hand',
  permission: 'hosts.write',
  status: 201,
  body: z.strictObject({
    hostname: z.string().trim().min(1).max(253),
    ip_address: z.union([z.ipv4(), z.ipv6()]).optional(),
    os: z.string().trim().max(100).optional(),
    host_metadata: z
      .record(z.string().max(200), z.unknown())
      .refine((metadata) => JSON.stringify(metadata).length <= mostMetadata, `Use at most ${mostMetadata} characters, written as JSON`)
      .optional()
      .describe(`At most ${mostMetadata} characters, written as JSON`),
  }),
  response: host,
})
export const getHost = route({
  method: 'GET',
  path: '/api/hosts/:host_id',
  tag: 'hosts',
  summary: 'One host',
  permission: 'hosts.read',
  params: idParams('host_id'),
  response: host,
})
export const hostArtifacts = route({
  method: 'GET',
  path: '/api/hosts/:host_id/artifacts',
  tag: 'hosts',
  summary: 'What was collected from a host, and how old it is',
  permission: 'hosts.read',
  params: idParams('host_id'),
  response: z.array(
    z.object({ artifact: z.string(), rows: count, time_from: time.nullable(), time_to: time.nullable(), last_import_at: time }),
  ),
})
