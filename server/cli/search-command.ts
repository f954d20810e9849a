import { Command } from 'commander'
import type { EventRow } from '../../shared/contract/search.ts'
import { inTenant, passFor, print, tell, withConnection } from './run.ts'

interface SearchFlags {
  tenant?: string
  user?: string
  from?: string
  to?: string
  sort?: string
  limit: string
  json?: true
}
interface SearchReply {
  events: EventRow[]
  total: number
  without_time: number
  next_cursor: string | null
  took_ms: number
}

// Evidence on a terminal: control and direction characters would move the cursor or the text.
const safe = (value: string): string => value.replaceAll(/\p{C}/gu, (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)

const line = (row: EventRow): string => {
  const { process_name, process_command_line, file_path, message, service_name, registry_path, url_full } = row.ecs
  const what = [process_name, process_command_line ?? file_path ?? registry_path ?? url_full ?? service_name ?? message]
    .filter((v) => v !== undefined)
    .join('  ')
  const said =
    what === ''
      ? Object.entries(row.fields)
          .slice(0, 6)
          .map(([k, v]) => `${k}=${v.join('|')}`)
          .join('  ')
      : what
  return [
    row.timestamp ?? '-',
    row.host_name || '-',
    row.artifact + (row.artifact_source === null ? '' : `/${row.artifact_source}`),
    safe(said),
  ].join('\t')
}

export const searchCommand = (): Command =>
  inTenant(
    new Command('search')
      .description('Search all rows of a tenant')
      .argument('[query]', "the search language, for example 'process_name:psexec* AND host_name:FIN*'", ''),
  )
    .option('--from <time>', 'rows at or after (RFC 3339)')
    .option('--to <time>', 'rows before')
    .option('--sort <field>', 'a field, or -field; newest first otherwise')
    .option('--limit <n>', 'how many rows; 0 for all', '100')
    .option('--json', 'one row a line')
    .action((query: string, flags: SearchFlags) =>
      withConnection(async (connection) => {
        const pass = await passFor(connection, flags)
        const wanted = Number(flags.limit) === 0 ? Number.POSITIVE_INFINITY : Number(flags.limit)
        let shown = 0
        let total = 0
        let withoutTime = 0
        for (let cursor: string | undefined; shown < wanted; ) {
          const limit = Math.min(1000, wanted - shown)
          const json = { query, from: flags.from, to: flags.to, sort: flags.sort, limit, cursor }
          const reply = (await connection.call('POST', '/api/search', { token: pass.token, json })).body as SearchReply
          for (const row of reply.events) print(flags.json ? JSON.stringify(row) : line(row))
          shown += reply.events.length
          total = reply.total
          withoutTime = reply.without_time
          if (reply.next_cursor === null || reply.events.length === 0) break
          cursor = reply.next_cursor
        }
        tell(`${shown} of ${total} rows shown${withoutTime > 0 ? `; ${withoutTime} more have no time and are left out` : ''}`)
        return 0
      }),
    )
