import type { Role } from '../../../../../shared/domain/permissions.ts'

export const roleOptions: readonly { value: Role; label: string }[] = [
  { value: 'viewer', label: 'Viewer: reads and searches' },
  { value: 'user', label: 'User: also imports' },
  { value: 'admin', label: 'Admin: also manages people' },
]

export const roleName: Readonly<Record<Role, string>> = { viewer: 'Viewer', user: 'User', admin: 'Admin' }
