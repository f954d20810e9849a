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
  'hunt.write', // what colleagues see too: tags, comments, shared searches, baselines
  'hunt.manage', // what changes what a query means, or somebody else's work
  'detections.write', // triage, and indicators
  'rules.manage', // which rules run, and what silences them
  'intel.lookup',
  'audit.read',
  'platform.manage', // not in any tenant role: only the platform admin has it
] as const
export type Permission = (typeof permissions)[number]

/** From the most to the least: nobody gives a role above their own. */
export const roles = ['admin', 'lead', 'analyst', 'viewer'] as const
export type Role = (typeof roles)[number]

/** Who has what, a line for each role. A role has all of the one below it too. */
const table: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['tenant.read', 'hosts.read', 'imports.read', 'search'],
  analyst: ['hosts.write', 'imports.write', 'evidence.read', 'hunt.write', 'detections.write', 'intel.lookup'],
  lead: ['users.read', 'hunt.manage', 'rules.manage'],
  admin: ['tenant.manage', 'users.manage', 'audit.read'],
}

const rankOf = (role: Role): number => roles.length - roles.indexOf(role)

/** Whether `role` is not above `own`. */
export const isWithin = (role: Role, own: Role): boolean => rankOf(role) <= rankOf(own)

const allOf = (role: Role): ReadonlySet<Permission> => new Set(roles.filter((one) => isWithin(one, role)).flatMap((one) => table[one]))

export const permissionsOf: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  admin: allOf('admin'),
  lead: allOf('lead'),
  analyst: allOf('analyst'),
  viewer: allOf('viewer'),
}

/** The API says `user` where the product says analyst, as the first version of it did; it takes both words. */
export const shownRoles = ['admin', 'lead', 'user', 'viewer'] as const
export type ShownRole = (typeof shownRoles)[number]
export type GivenRole = Role | ShownRole

export const shownRole = (role: Role): ShownRole => (role === 'analyst' ? 'user' : role)
export const roleOf = (given: GivenRole): Role => (given === 'user' ? 'analyst' : given)

const forPeopleOnly: ReadonlySet<Permission> = new Set(['tenant.manage', 'users.manage', 'platform.manage'])
/** What an API key may be allowed. People, their ways in and the tenant itself are the work of a person. */
export const keyScopes: readonly Permission[] = permissions.filter((permission) => !forPeopleOnly.has(permission))

export interface Grants {
  role: GivenRole
  is_platform_admin: boolean
  /** Of an API key: these alone, and no more than the role allows. */
  scopes?: readonly Permission[]
}

export const may = (who: Grants, permission: Permission): boolean => {
  if (who.scopes !== undefined && !who.scopes.includes(permission)) return false
  return permission === 'platform.manage' ? who.is_platform_admin : permissionsOf[roleOf(who.role)].has(permission)
}
