import { Command } from 'commander'
import type { StackAnswer, StackGroup } from '../../shared/contract/hunt/stack-answer.ts'
import type { Reply } from '../../shared/contract/route.ts'
import type { EventRow, search } from '../../shared/contract/search.ts'
import { type ExportFlags, exportRows, isExport } from './output/export-rows.ts'
import { inTenant, type Pass, passFor, print, tell, withConnection } from './run.ts'
import type { Connection } from './socket/connection.ts'
import { chosen, chosenLine, groupJson, groupLines, rowLine } from './output/search-lines.ts'

interface SearchFlags extends ExportFlags {
  tenant?: string
  user?: string
  from?: string
  to?: string
  sort?: string
  limit: string
  json?: true
}
type SearchReply = Reply<typeof search>

const printRow = (row: EventRow, columns: readonly string[] | null, asJson: boolean): void => {
  if (columns === null) print(asJson ? JSON.stringify(row) : rowLine(row))
  else print(asJson ? JSON.stringify(chosen(row, columns)) : chosenLine(row, columns))
}

const printGroups = (answer: StackAnswer, groups: readonly StackGroup[], asJson: boolean): void => {
  const lines = asJson ? groups.map((group) => groupJson(answer.fields, group)) : groupLines(answer, groups)
  for (const line of lines) print(line)
}

const sumOf = (shown: number, { total, deduplicated, stack, without_time }: SearchReply): string => {
  const untimed = without_time > 0 ? `; ${without_time} more rows have no time and are left out` : ''
  if (stack !== null) {
    const missing = stack.missing > 0 ? `; ${stack.missing} more rows have none of the fields` : ''
    return `${shown} of ${stack.total_groups} groups shown, of ${stack.rows} rows on ${stack.hosts} hosts${missing}${untimed}`
  }
  const alike = deduplicated > 0 ? `; ${deduplicated} more rows are like one of them and are left out` : ''
  return `${shown} of ${total} rows shown${alike}${untimed}`
}

const showRows = async (connection: Connection, pass: Pass, query: string, flags: SearchFlags): Promise<number> => {
  const asJson = flags.json === true
  const wanted = Number(flags.limit) === 0 ? Number.POSITIVE_INFINITY : Number(flags.limit)
  const groups: StackGroup[] = []
  let shown = 0
  let last: SearchReply | null = null
  for (let cursor: string | undefined; shown < wanted; ) {
    const limit = Math.min(1000, wanted - shown)
    const json = { query, from: flags.from, to: flags.to, sort: flags.sort, limit, cursor }
    last = (await connection.call('POST', '/api/search', { token: pass.token, json })).body as SearchReply
    for (const row of last.events) printRow(row, last.columns, asJson)
    groups.push(...(last.stack?.groups ?? []))
    const came = last.events.length + (last.stack?.groups.length ?? 0)
    shown += came
    if (last.next_cursor === null || came === 0) break
    cursor = last.next_cursor
  }
  if (last === null) return 0
  if (last.stack !== null) printGroups(last.stack, groups, asJson)
  tell(sumOf(shown, last))
  return 0
}

export const searchCommand = (): Command =>
  inTenant(
    new Command('search')
      .description('Search all rows of a tenant, or count them by their values')
      .argument('[query]', "the search language, for example 'process_name:psexec* | stack process_name, host_name'", ''),
  )
    .option('--from <time>', 'rows at or after (RFC 3339)')
    .option('--to <time>', 'rows before')
    .option('--sort <field>', 'a field, or -field; newest first otherwise')
    .option('--limit <n>', 'how many rows or groups; 0 for all', '100')
    .option('--json', 'one row or group a line')
    .option('--all', 'all rows or groups as a file: JSONL, or what --format says')
    .option('--format <format>', 'csv, jsonl or parquet; all rows then')
    .option('-o, --output <file>', 'where the file goes; it has this name once it is whole')
    .option('--columns <names>', 'the columns of the file, with commas between them')
    .option('--raw', 'the rows as they came, with where from')
    .action((query: string, flags: SearchFlags) =>
      withConnection(async (connection) => {
        const pass = await passFor(connection, flags)
        if (isExport(flags)) return exportRows(connection, pass, { query, from: flags.from, to: flags.to, sort: flags.sort }, flags)
        return showRows(connection, pass, query, flags)
      }),
    )
