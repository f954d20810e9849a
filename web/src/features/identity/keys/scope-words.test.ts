import { describe, expect, it } from 'vitest'
import { scopeOptions, scopesInShort } from './scope-words.ts'

describe('scopes', () => {
  it('are offered as far as the role goes, and never those that are for people alone', () => {
    const of = (role: 'admin' | 'viewer') => scopeOptions({ role, is_platform_admin: true }).map((option) => option.scope)
    expect(of('admin')).toContain('audit.read')
    expect(of('viewer')).toContain('search')
    expect(of('viewer')).not.toContain('imports.write')
    for (const scope of ['users.manage', 'tenant.manage', 'platform.manage']) expect(of('admin')).not.toContain(scope)
  })
  it('are written out as long as they are few, and counted with a number else', () => {
    expect(scopesInShort(['a', 'b', 'c', 'd'])).toBe('a, b, c, d')
    expect(scopesInShort(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more')
  })
})
