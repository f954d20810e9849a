import { expect, it } from 'vitest'
import { isWithin, may, permissions, permissionsOf, roleOf, roles, shownRole, shownRoles } from './permissions.ts'

it('each role may all that the one below it may, and something more', () => {
  for (const [at, role] of roles.entries()) {
    const below = roles[at + 1]
    if (below === undefined) continue
    for (const permission of permissionsOf[below]) expect(permissionsOf[role].has(permission), `${role} ${permission}`).toBe(true)
    expect(permissionsOf[role].size).toBeGreaterThan(permissionsOf[below].size)
  }
})

it('every permission but that of the platform admin is some role’s, and no role has that one', () => {
  expect(permissions.filter((permission) => !permissionsOf.admin.has(permission))).toEqual(['platform.manage'])
  for (const role of roles) {
    expect(may({ role, is_platform_admin: false }, 'platform.manage')).toBe(false)
    expect(may({ role, is_platform_admin: true }, 'platform.manage')).toBe(true)
  }
})

it('running the installation gives no right in a tenant', () => {
  for (const permission of permissions.filter((p) => p !== 'platform.manage'))
    expect(may({ role: 'viewer', is_platform_admin: true }, permission)).toBe(may({ role: 'viewer', is_platform_admin: false }, permission))
})

it('an analyst tags, comments and shares; a lead sees to aliases and to the searches of others; a viewer does neither', () => {
  const mayIn = (permission: 'hunt.write' | 'hunt.manage') => roles.filter((role) => may({ role, is_platform_admin: false }, permission))
  expect(mayIn('hunt.write')).toEqual(['admin', 'lead', 'analyst'])
  expect(mayIn('hunt.manage')).toEqual(['admin', 'lead'])
})

it('nobody gives a role above their own', () => {
  expect(roles.map((given) => roles.filter((own) => isWithin(given, own)))).toEqual([
    ['admin'],
    ['admin', 'lead'],
    ['admin', 'lead', 'analyst'],
    ['admin', 'lead', 'analyst', 'viewer'],
  ])
})

it('the API shows an analyst as the user of its first version, and takes either word', () => {
  expect(roles.map(shownRole)).toEqual([...shownRoles])
  for (const role of roles) expect(roleOf(shownRole(role))).toBe(role)
  expect(roleOf('analyst')).toBe('analyst')
})
