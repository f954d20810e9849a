import type { AuditRow } from '../../../../shared/contract/audit.ts'
import { auditActions, type AuditOutcome } from '../../../../shared/domain/audit.ts'

export const actWords = (action: string): string => (action in auditActions ? auditActions[action as keyof typeof auditActions] : action)

export const outcomeWords: Readonly<Record<AuditOutcome, string>> = { success: 'Done', denied: 'Denied', failure: 'Failed' }

/** The key by which a program acted for the person. */
const keyName = ({ api_key: key }: AuditRow['details']): string | null => {
  const name = typeof key === 'object' && key !== null && 'name' in key ? key.name : null
  return typeof name === 'string' ? name : null
}

export const personWords = (row: Pick<AuditRow, 'actor_kind' | 'actor_name' | 'details'>): string => {
  const key = keyName(row.details)
  if (row.actor_name !== '') return key === null ? row.actor_name : `${row.actor_name}, by the key ${key}`
  return row.actor_kind === 'anonymous' ? 'not signed in' : row.actor_kind
}

const fileOf = (value: unknown): string | null => {
  const file = typeof value === 'object' && value !== null && 'file' in value ? value.file : null
  return typeof file === 'string' ? file : null
}

/** Of files, their names: the rest of them stands in the opened row. */
const wordOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  const files = Array.isArray(value) ? value.map(fileOf) : []
  return files.length > 0 && files.every((file) => file !== null) ? files.join(', ') : (JSON.stringify(value) ?? '')
}

/** `file: a.zip, size_bytes: 12`: the facts of a row in one line. */
export const factsOf = (details: AuditRow['details']): string =>
  Object.entries(details)
    .filter(([name, value]) => value !== null && value !== '' && !(name === 'api_key' && keyName(details) !== null))
    .map(([name, value]) => `${name}: ${wordOf(value)}`)
    .join(', ')

/** What an act can be filtered by: groups that have several acts, and each act. */
export const actOptions: readonly { value: string; label: string }[] = [
  { value: '', label: 'Every act' },
  ...[
    ['session.', 'All of sessions'],
    ['key.', 'All of API keys'],
    ['user.', 'All of people'],
    ['tenant.', 'All of tenants'],
    ['import.', 'All of imports'],
  ].map(([value = '', label = '']) => ({ value, label })),
  ...Object.entries(auditActions).map(([value, label]) => ({ value, label })),
]
