import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPerson, roleFor, usernamesOf } from './claims.ts'

const said = { iss: 'https://id.example', sub: '42' }

describe('what a provider says', () => {
  it('is believed of an address of e-mail only when it says that it has verified it, as a boolean', () => {
    const emailOf = (more: Record<string, unknown>) => readPerson({ ...said, ...more }, 'groups').email
    expect(emailOf({ email: 'ann@home.example', email_verified: true })).toBe('ann@home.example')
    for (const email_verified of [false, 'true', 1, undefined, null])
      expect(emailOf({ email: 'ann@home.example', email_verified })).toBeNull()
    for (const email of ['ann', ['ann@home.example'], `${'x'.repeat(260)}@home.example`, '', 'a b@c'])
      expect(emailOf({ email, email_verified: true })).toBeNull()
  })
  it('names groups as a list, as one, on a path or under a name with dots', () => {
    const groupsOf = (claims: Record<string, unknown>, path: string) => readPerson({ ...said, ...claims }, path).groups
    expect(groupsOf({ groups: ['a', 3, null, 'b'] }, 'groups')).toEqual(['a', 'b'])
    expect(groupsOf({ groups: 'a' }, 'groups')).toEqual(['a'])
    expect(groupsOf({ realm_access: { roles: ['r'] } }, 'realm_access.roles')).toEqual(['r'])
    expect(groupsOf({ 'https://home.example/groups': ['g'] }, 'https://home.example/groups')).toEqual(['g'])
    expect(groupsOf({}, 'groups')).toEqual([])
    for (const path of ['__proto__', 'constructor.name', 'toString']) expect(groupsOf({}, path)).toEqual([])
  })
})

describe('the role', () => {
  const role_map = [
    { group: 'hunters', role: 'analyst' as const },
    { group: 'chiefs', role: 'admin' as const },
  ]
  it('is the highest that a group gives, else the default, else none', () => {
    expect(roleFor({ role_map, default_role: 'viewer' }, ['hunters', 'chiefs'])).toBe('admin')
    expect(roleFor({ role_map, default_role: 'viewer' }, ['hunters'])).toBe('analyst')
    expect(roleFor({ role_map, default_role: 'viewer' }, ['others'])).toBe('viewer')
    expect(roleFor({ role_map, default_role: null }, ['Hunters', ''])).toBeNull()
  })
})

describe('a user name', () => {
  it('is always one that the product takes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (names) => {
        const [first = '', second = ''] = usernamesOf(names)
        for (const name of [first, second]) expect(name).toMatch(/^[\p{L}\p{N}._@+-]{1,64}$/u)
        expect(second).not.toBe(first)
      }),
    )
  })
  it('is made of the best that there is', () => {
    expect(usernamesOf(['Ann Smith', 'ann@home.example'])[0]).toBe('AnnSmith')
    expect(usernamesOf(['  ', '🦖', 'ann@home.example']).slice(0, 2)).toEqual(['ann@home.example', 'ann@home.example-2'])
    expect(usernamesOf([])[0]).toBe('person')
  })
})
