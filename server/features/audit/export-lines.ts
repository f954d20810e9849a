// The rows as files. A cell of CSV that a spreadsheet would take for a formula gets an apostrophe; who wants the very
// characters takes JSONL.
import type { AuditRow } from './store.ts'

export const exportColumns = [
  'tenant_id',
  'seq',
  'at',
  'actor_kind',
  'actor_id',
  'actor_name',
  'action',
  'object_type',
  'object_id',
  'outcome',
  'address',
  'user_agent',
  'request_id',
  'details',
  'prev_hash',
  'hash',
] as const satisfies readonly (keyof AuditRow)[]

const textOf = (row: AuditRow, column: (typeof exportColumns)[number]): string => {
  const value = row[column]
  if (value === null) return ''
  return value instanceof Date ? value.toISOString() : String(value)
}

/** RFC 4180, with what begins a formula in any of the known spreadsheets made text. */
export const csvCell = (text: string): string => {
  const inert = /^[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n\0]/.test(text) ? `'${text}` : text
  return /[",\r\n\0]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

export const csvHead = `${exportColumns.join(',')}\r\n`
export const csvLine = (row: AuditRow): string => `${exportColumns.map((column) => csvCell(textOf(row, column))).join(',')}\r\n`

const unprinted = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** One line whatever is in it: what a terminal or a viewer would obey is written as its escape. */
export const jsonLine = (row: AuditRow): string => {
  const text = JSON.stringify(Object.fromEntries(exportColumns.map((column) => [column, row[column]])))
  return `${text.replaceAll(unprinted, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`
}
