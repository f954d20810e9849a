// The column "Name and path": the one thing that a row is about, what it did, and where it lies.
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { ecsText, type FieldValue } from './row-values.ts'

export interface RowSummary {
  name: FieldValue | null
  /** What stands between name and path: arguments, the other side of a connection. */
  args: FieldValue | null
  path: FieldValue | null
  /** The path without the name that stands before it already. */
  folder: string
}

const names = [
  'process_name',
  'file_name',
  'service_name',
  'dns_question_name',
  'url_domain',
  'user_target_name',
  'rule_name',
  'destination_domain',
  'process_command_line',
  'event_code',
] as const
const paths = ['file_path', 'process_executable', 'registry_path', 'url_full', 'message', 'event_provider', 'registry_data'] as const

const firstOf = (row: EventRow, fields: readonly string[]): FieldValue | null => {
  for (const field of fields) {
    const value = ecsText(row, field)
    if (value !== '') return { field, value }
  }
  return null
}

const bare = (program: string): string => program.toLowerCase().replace(/\.exe$/, '')

/**
 * What follows the program in a command line: `"C:\a b\c.exe" -k net` gives `-k net` where the row is about `c.exe`. A line that
 * begins with anything else is shown whole: that it does may be what one looks for.
 */
export const argumentsOf = (commandLine: string, name: string): string => {
  const line = commandLine.trim()
  const found = /^(?:"([^"]*)"|(\S+))(?=\s|$)/.exec(line)
  const program = (found?.[1] ?? found?.[2] ?? '').split(/[\\/]/).at(-1) ?? ''
  return bare(program) === bare(name) ? line.slice(found?.[0].length ?? 0).trim() : line
}

/** The folder of a path when its last part is the name. */
export const folderOf = (path: string, name: string): string => {
  const cut = path.length - name.length - 1
  const separator = path[cut]
  return cut > 0 && (separator === '\\' || separator === '/') && path.slice(cut + 1).toLowerCase() === name.toLowerCase()
    ? path.slice(0, cut)
    : path
}

const connection = (row: EventRow): FieldValue | null => {
  const ip = ecsText(row, 'destination_ip')
  return ip === '' || ip === '0.0.0.0' || ip === '::' ? null : { field: 'destination_ip', value: ip }
}

const argsOf = (row: EventRow, name: string): FieldValue | null => {
  const args = argumentsOf(ecsText(row, 'process_command_line'), name)
  if (args !== '') return { field: 'process_command_line', value: args }
  return connection(row) ?? firstOf(row, ['source_ip', 'user_name'])
}

const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/

/** A row that no normalised field describes shows its first columns. */
const fallback = (row: EventRow): RowSummary => {
  // Time and host stand in columns of their own already.
  const isSaid = (value: string) => value === '' || value === row.host_name || isTime.test(value)
  const found = Object.entries(row.fields).flatMap(([field, values]) =>
    values[0] !== undefined && !isSaid(values[0]) ? [{ field, value: values[0] }] : [],
  )
  const [name = null, args = null, path = null] = found
  return { name, args, path, folder: path?.value ?? '' }
}

/** A visit is about its address, not about the file in which the browser keeps it. */
const visitOf = (row: EventRow): RowSummary | null => {
  const url = ecsText(row, 'url_full')
  if (url === '' || ecsText(row, 'event_category') !== 'web') return null
  return { name: firstOf(row, ['url_domain']), args: firstOf(row, ['user_name']), path: { field: 'url_full', value: url }, folder: url }
}

const programOf = (row: EventRow): RowSummary | null => {
  const name = firstOf(row, names)
  const path = firstOf(row, paths)
  if (name === null && path === null) return null
  const called = name?.value ?? ''
  const args = argsOf(row, called)
  return { name, args: args?.value === name?.value ? null : args, path, folder: folderOf(path?.value ?? '', called) }
}

export const summaryOf = (row: EventRow): RowSummary => visitOf(row) ?? programOf(row) ?? fallback(row)

/** What the detail calls the row. */
export const titleOf = (row: EventRow): string => {
  const { name, path } = summaryOf(row)
  return name?.value ?? path?.value ?? row.artifact
}
