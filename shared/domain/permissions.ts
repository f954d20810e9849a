/** What one may do in a tenant. Everything a route can ask for stands here. */
export const permissions = [
  'tenant.read',
  'tenant.manage',
  'users.read',
  'users.manage',
  'hosts.read',
  'hosts.write',
  'imports.read',
  'imports.write',
  'evidence.read',
  'search',
  'intel.lookup',
  'audit.read',
  'platform.manage', // not in any tenant role: only the platform admin has it
] as const
export type Permission = (typeof permissions)[number]

/** `user` and `admin` are the original's; finer roles stand beside them. */
export const roles = ['admin', 'user', 'viewer'] as const
export type Role = (typeof roles)[number]

const viewer: readonly Permission[] = ['tenant.read', 'hosts.read', 'imports.read', 'search']
const user: readonly Permission[] = [...viewer, 'hosts.write', 'imports.write', 'evidence.read', 'intel.lookup']

export const permissionsOf: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(viewer),
  user: new Set(user),
  admin: new Set([...user, 'tenant.manage', 'users.read', 'users.manage', 'audit.read']),
}

const forPeopleOnly: ReadonlySet<Permission> = new Set(['tenant.manage', 'users.manage', 'platform.manage'])
/** What an API key may be allowed. People, their ways in and the tenant itself are the work of a person. */
export const keyScopes: readonly Permission[] = permissions.filter((permission) => !forPeopleOnly.has(permission))

export interface Grants {
  role: Role
  is_platform_admin: boolean
  /** Of an API key: these alone, and no more than the role allows. */
  scopes?: readonly Permission[]
}

export const may = (who: Grants, permission: Permission): boolean => {
  if (who.scopes !== undefined && !who.scopes.includes(permission)) return false
  return permission === 'platform.manage' ? who.is_platform_admin : permissionsOf[who.role].has(permission)
}
