import type { AuditRow } from '../../../../shared/contract/audit.ts'
import { auditActions, type AuditOutcome } from '../../../../shared/domain/audit.ts'

export const actWords = (action: string): string => (action in auditActions ? auditActions[action as keyof typeof auditActions] : action)

export const outcomeWords: Readonly<Record<AuditOutcome, string>> = { success: 'Done', denied: 'Denied', failure: 'Failed' }

export const personWords = (row: Pick<AuditRow, 'actor_kind' | 'actor_name'>): string => {
  if (row.actor_name !== '') return row.actor_name
  return row.actor_kind === 'anonymous' ? 'not signed in' : row.actor_kind
}

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** `file: a.zip, size_bytes: 12`: the facts of a row in one line. */
export const factsOf = (details: AuditRow['details']): string =>
  Object.entries(details)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}: ${wordOf(value)}`)
    .join(', ')

/** What an act can be filtered by: groups that have several acts, and each act. */
export const actOptions: readonly { value: string; label: string }[] = [
  { value: '', label: 'Every act' },
  ...[
    ['session.', 'All of sessions'],
    ['user.', 'All of people'],
    ['tenant.', 'All of tenants'],
    ['import.', 'All of imports'],
  ].map(([value = '', label = '']) => ({ value, label })),
  ...Object.entries(auditActions).map(([value, label]) => ({ value, label })),
]
