import { keyScopes, may, type Grants, type Permission } from '../../../../../shared/domain/permissions.ts'

const words: Readonly<Partial<Record<Permission, string>>> = {
  'tenant.read': 'Read the tenant',
  'users.read': 'Read people',
  'hosts.read': 'Read hosts',
  'hosts.write': 'Add hosts',
  'imports.read': 'Read imports',
  'imports.write': 'Import and steer imports',
  'evidence.read': 'Download evidence',
  search: 'Search',
  'hunt.write': 'Tag, comment and share searches',
  'hunt.manage': 'Change aliases and searches of others',
  'detections.write': 'Triage detections and change indicators',
  'rules.manage': 'Change which rules run',
  'intel.lookup': 'Look up hashes',
  'audit.read': 'Read the audit log',
}

/** The scopes that a person may give to a key, with their words. */
export const scopeOptions = (who: Grants): readonly { scope: Permission; words: string | null }[] =>
  keyScopes.filter((scope) => may(who, scope)).map((scope) => ({ scope, words: words[scope] ?? null }))

/** How many scopes of a key are shown before the rest is counted. */
const mostShown = 3

/** `search, hosts.read and 2 more`. */
export const scopesInShort = (scopes: readonly string[]): string =>
  scopes.length <= mostShown + 1 ? scopes.join(', ') : `${scopes.slice(0, mostShown).join(', ')} and ${scopes.length - mostShown} more`
