// Rows and groups as lines of a terminal.
import type { StackAnswer, StackGroup } from '../../../shared/contract/hunt/stack-answer.ts'
import type { EventRow } from '../../../shared/contract/search.ts'

// Evidence on a terminal: control and direction characters would move the cursor or the text.
export const safe = (value: string): string =>
  value.replaceAll(/\p{C}/gu, (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)

export const rowLine = (row: EventRow): string => {
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

type Cell = string | number | readonly string[] | null

const ofRow = (row: EventRow, name: string): Cell => {
  const { ecs: _ecs, fields: _fields, ...own } = row
  return name in own ? own[name as keyof typeof own] : null
}

/** The columns that `| fields` asks for: of the row itself, normalised, or the artifact's own. */
export const chosen = (row: EventRow, columns: readonly string[]): Record<string, Cell> =>
  Object.fromEntries(
    columns.map((name) => {
      const values = row.fields[name.replace(/^raw\./, '')]
      const value = name.startsWith('raw.') ? null : (ofRow(row, name) ?? row.ecs[name] ?? null)
      return [name, value ?? (values?.length === 1 ? (values[0] ?? null) : (values ?? null))]
    }),
  )

export const chosenLine = (row: EventRow, columns: readonly string[]): string =>
  Object.values(chosen(row, columns))
    .map((cell) => (cell === null ? '-' : safe(typeof cell === 'object' ? cell.join(', ') : String(cell))))
    .join('\t')

/** A value may be a whole command line: its column stays readable, and --json has all of it. */
const widest = 60
const cut = (text: string): string => (text.length > widest ? `${text.slice(0, widest - 1)}…` : text)
const timeOf = (time: string | null): string => (time === null ? '-' : time.replace(/\.\d+Z$/, 'Z'))

/** The groups of a stack as lines of columns, their heads first. */
export const groupLines = ({ fields, fleet }: Pick<StackAnswer, 'fields' | 'fleet'>, groups: readonly StackGroup[]): string[] => {
  const heads = ['rows', `hosts of ${fleet}`, 'first seen', 'last seen', ...fields.map(safe)]
  const rows = groups.map((group) => [
    String(group.rows),
    String(group.hosts),
    timeOf(group.first_seen),
    timeOf(group.last_seen),
    ...group.values.map((value) => (value === null ? '-' : cut(safe(value)))),
  ])
  const table = [heads, ...rows]
  const widths = heads.map((_, at) => Math.max(...table.map((cells) => cells[at]?.length ?? 0)))
  const pad = (cell: string, at: number): string => (at < 2 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))
  return table.map((cells) => cells.map(pad).join('  ').trimEnd())
}

/** A group with its values by the names of their fields. */
export const groupJson = (fields: readonly string[], { values, ...group }: StackGroup): string =>
  JSON.stringify({ values: Object.fromEntries(fields.map((name, at) => [name, values[at] ?? null])), ...group })
