import { csvLine, jsonLine } from '../../platform/safe-text.ts'
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

export const csvHead = csvLine(exportColumns)
export const csvRow = (row: AuditRow): string => csvLine(exportColumns.map((column) => textOf(row, column)))
export const jsonRow = (row: AuditRow): string => jsonLine(Object.fromEntries(exportColumns.map((column) => [column, row[column]])))
