// What the tabs of a host's page show. Every answer says how many rows stand behind it, exactly, and what it left out.
import { z } from 'zod'
import { count, idParams, paging, time, uuid } from '../paging.ts'
import { route } from '../route.ts'

const params = idParams('host_id')
const timeOrNull = time.nullable()
const rowId = z.string().regex(/^[0-9a-f]{32}$/)
const query = z.string().describe('Finds the rows behind it, in the search language, among those of the host')

export const mostProcesses = 20_000
/** Characters of a command line in the tree; the row has it whole. */
export const longestCommandLine = 1000

export const processSource = z.object({
  source: z.string().describe('"Windows.System.Pslist", or what a record says: "Sysmon 1", "Security 4688"'),
  rows: count,
  row_id: rowId.describe('One of them'),
})
export const hostProcess = z
  .object({
    key: z.string().describe('Process id and start time: what tells one process of a host from another'),
    pid: count,
    parent_pid: count.nullable(),
    parent: z.string().nullable().describe('Key of the parent, where it was collected'),
    orphan: z
      .enum(['not_collected', 'loop'])
      .nullable()
      .describe('A parent is named and not among the processes; or the links went in a circle and this one was cut'),
    name: z.string(),
    executable: z.string(),
    command_line: z.string().describe(`Its first ${longestCommandLine} characters`),
    command_line_length: count,
    user: z.string(),
    guid: z.string().nullable().describe('Process GUID of Sysmon'),
    started_at: timeOrNull,
    ended_at: timeOrNull,
    ended: z
      .enum(['recorded', 'pid_reused'])
      .nullable()
      .describe('Its end was recorded; or a later process got its id, so that it must have ended'),
    first_row_at: timeOrNull.describe('The earliest time of its rows'),
    last_row_at: timeOrNull,
    sources: z.array(processSource),
  })
  .meta({ id: 'HostProcess' })
export type HostProcess = z.infer<typeof hostProcess>

export const hostProcesses = route({
  method: 'GET',
  path: '/api/hosts/:host_id/processes',
  tag: 'hosts',
  summary: 'The processes of a host, from every artifact that knows processes, each once and with its parent',
  permission: 'search',
  params,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(mostProcesses).default(5000).describe('Processes at most, the latest first'),
    before: time.optional().describe('Only what was started, ended or seen before'),
  }),
  response: z.object({
    processes: z.array(hostProcess),
    rows: count.describe('Rows behind these processes'),
    records: count.describe('Different records of processes that the host has before `before`'),
    records_left_out: count.describe('Older ones that were not looked at, by the limit'),
    left_out: count.describe('Processes found in what was looked at and not answered, by the limit'),
    orphans: count,
    sources: z.array(z.object({ source: z.string(), processes: count, rows: count })),
    took_ms: z.number(),
  }),
})

const direction = z.enum(['asc', 'desc'])
const tableQuery = { ...paging, search: z.string().max(200).optional().describe('Part of a value'), order: direction.optional() }
const table = <S extends z.ZodType>(item: S) =>
  z.object({
    items: z.array(item),
    total: count.describe('Entries that match'),
    rows: count.describe('Rows behind all of them'),
    kinds: z.array(z.object({ kind: z.string(), items: count, rows: count })).describe('Of all kinds, whichever was asked for'),
    took_ms: z.number(),
  })
const behind = { rows: count, row_id: rowId.describe('One of the rows'), query, first_at: timeOrNull, last_at: timeOrNull }

export const connection = z.object({
  kind: z.enum(['outbound', 'inbound', 'listening']),
  address: z.string().describe('The other side; of a listening port the address that it listens on'),
  port: count.nullable().describe('The port of the side that was connected to'),
  transport: z.string(),
  state: z.string(),
  process_name: z.string(),
  process_pid: count.nullable(),
  user: z.string(),
  other_hosts: count.nullable().describe('Other hosts of the tenant that have connections to that address'),
  ...behind,
})
export type Connection = z.infer<typeof connection>

export const hostNetwork = route({
  method: 'GET',
  path: '/api/hosts/:host_id/network',
  tag: 'hosts',
  summary: 'With whom a host talks and on which ports it listens',
  permission: 'search',
  params,
  query: z.strictObject({
    ...tableQuery,
    kind: z.enum(['outbound', 'inbound', 'listening', 'connections']).optional().describe('connections: outbound and inbound'),
    sort: z.enum(['address', 'port', 'process', 'user', 'state', 'rows', 'first_at', 'last_at', 'other_hosts']).optional(),
  }),
  response: table(connection),
})

export const mostPeers = 30
export const peer = z.object({
  address: z.string(),
  other_hosts: count,
  rows: count,
  ports: z.array(count).describe('At most 5'),
  ports_total: count,
  processes: z.array(z.string()).describe('At most 5'),
  is_inbound: z.boolean().describe('At least one connection came from there'),
  query,
})
export type Peer = z.infer<typeof peer>
export const hostPeers = route({
  method: 'GET',
  path: '/api/hosts/:host_id/network/peers',
  tag: 'hosts',
  summary: 'The addresses that a host talks to, those that the fewest other hosts know first',
  permission: 'search',
  params,
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(mostPeers).default(mostPeers) }),
  response: z.object({ peers: z.array(peer), total: count, took_ms: z.number() }),
})

export const persistenceEntry = z.object({
  kind: z.enum(['service', 'task', 'autorun', 'registry', 'wmi', 'startup', 'cron']),
  name: z.string(),
  program: z.string(),
  command_line: z.string(),
  location: z.string(),
  user: z.string(),
  state: z.string(),
  signer: z.string(),
  is_trusted: z.boolean().nullable().describe('What the signature check said; null where none was made'),
  sha256: z.string(),
  artifacts: z.array(z.string()).describe('Where it was seen, at most 10'),
  ...behind,
})
export type PersistenceEntry = z.infer<typeof persistenceEntry>
export const hostPersistence = route({
  method: 'GET',
  path: '/api/hosts/:host_id/persistence',
  tag: 'hosts',
  summary: 'What starts by itself on a host: services, tasks, autoruns, WMI, startup items, cron',
  permission: 'search',
  params,
  query: z.strictObject({
    ...tableQuery,
    kind: z.enum(['service', 'task', 'autorun', 'registry', 'wmi', 'startup', 'cron']).optional(),
    sort: z.enum(['kind', 'name', 'program', 'user', 'signer', 'rows', 'first_at', 'last_at']).optional(),
  }),
  response: table(persistenceEntry),
})

export const logon = z.object({
  kind: z.enum(['logon', 'failed', 'logoff', 'explicit', 'privileges', 'kerberos', 'other']),
  event_code: z.string(),
  logon_type: z.string().describe('As Windows numbers it'),
  user: z.string(),
  domain: z.string(),
  source: z.string().describe('Address that it came from'),
  workstation: z.string(),
  ...behind,
})
export type Logon = z.infer<typeof logon>
export const hostLogons = route({
  method: 'GET',
  path: '/api/hosts/:host_id/logons',
  tag: 'hosts',
  summary: 'Who signed in to a host, how, from where, how often',
  permission: 'search',
  params,
  query: z.strictObject({
    ...tableQuery,
    kind: z.enum(['logon', 'failed', 'logoff', 'explicit', 'privileges', 'kerberos', 'other']).optional(),
    sort: z.enum(['kind', 'user', 'logon_type', 'source', 'rows', 'first_at', 'last_at']).optional(),
  }),
  response: table(logon),
})

export const software = z.object({
  kind: z.string().describe('The artifact that lists it'),
  name: z.string(),
  version: z.string(),
  publisher: z.string(),
  location: z.string(),
  ...behind,
})
export type Software = z.infer<typeof software>
export const hostSoftware = route({
  method: 'GET',
  path: '/api/hosts/:host_id/software',
  tag: 'hosts',
  summary: 'Programs and packages installed on a host',
  permission: 'search',
  params,
  query: z.strictObject({
    ...tableQuery,
    kind: z.string().max(300).optional(),
    sort: z.enum(['name', 'version', 'publisher', 'rows', 'first_at', 'last_at']).optional(),
  }),
  response: table(software),
})

export const collected = z.object({
  artifact: z.string(),
  rows: count,
  time_from: timeOrNull,
  time_to: timeOrNull.describe('The newest time of its rows'),
  last_import_at: time,
  newest_at: time.describe(
    'How new it is: the newest time of its rows, or when they arrived where they have no time or one that had not come yet',
  ),
  is_dated: z.boolean().describe('false: its rows have no time, and it is as new as its import'),
})
export type Collected = z.infer<typeof collected>
export const hostOverview = route({
  method: 'GET',
  path: '/api/hosts/:host_id/overview',
  tag: 'hosts',
  summary: 'What is known of a host in numbers, and what was never collected from it',
  permission: 'hosts.read',
  params,
  response: z.object({
    counts: z.object({ processes: count, persistence: count, network: count, logons: count, software: count }),
    is_processes_whole: z.boolean().describe('false: there are more processes than were counted'),
    rows: count,
    domains: z.array(z.string()),
    users: z.array(z.object({ name: z.string(), logons: count, last_at: timeOrNull })).describe('Who signed in, at most 50'),
    users_total: count,
    artifacts: z.array(collected),
    never: z.array(z.object({ artifact: z.string(), hosts: count })).describe('Artifacts that other hosts of the tenant have'),
    took_ms: z.number(),
  }),
})

export const coverageRow = z.object({
  id: uuid,
  hostname: z.string(),
  os: z.string().nullable(),
  rows: count,
  artifacts: count.describe('Different ones, of those asked about'),
  newest_at: timeOrNull,
  cells: z.array(
    z.object({
      at: count.describe('Place in `artifacts`'),
      rows: count,
      newest_at: time,
      is_dated: z.boolean().describe('false: its rows have no time, and it is as new as its import'),
    }),
  ),
})
export type CoverageRow = z.infer<typeof coverageRow>
export const hostCoverage = route({
  method: 'GET',
  path: '/api/hosts/coverage',
  tag: 'hosts',
  summary: 'Which artifacts every host has, how many rows and how new; what is missing is not there',
  permission: 'hosts.read',
  query: z.strictObject({
    ...paging,
    limit: z.coerce.number().int().min(1).max(200).default(100),
    search: z.string().max(200).optional().describe('Part of a host name, address, client id or user'),
    artifact: z.string().max(200).optional().describe('Part of the name of an artifact: only these columns'),
    sort: z
      .string()
      .max(400)
      .default('hostname')
      .describe('hostname, rows, newest, artifacts (how many it has), or artifact:NAME (how new that one is)'),
    order: direction.default('asc'),
  }),
  response: z.object({
    artifacts: z.array(z.object({ artifact: z.string(), hosts: count, rows: count })),
    hosts: z.array(coverageRow),
    total: count.describe('Hosts that match'),
    took_ms: z.number(),
  }),
})
