import type { ShownRole } from '../../../../../shared/domain/permissions.ts'

export const roleOptions: readonly { value: ShownRole; label: string }[] = [
  { value: 'viewer', label: 'Viewer: reads and searches' },
  { value: 'user', label: 'Analyst: also imports' },
  { value: 'lead', label: 'Lead: also sees the people' },
  { value: 'admin', label: 'Admin: also manages people' },
]

export const roleName: Readonly<Record<ShownRole, string>> = { viewer: 'Viewer', user: 'Analyst', lead: 'Lead', admin: 'Admin' }
