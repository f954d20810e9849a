// What a provider says of a person, read as what it is: words of another party. Pure.
import { type Role, roles } from '../../../../shared/domain/permissions.ts'

export interface ProvedPerson {
  issuer: string
  subject: string
  /** Only when the provider says that it has verified it. */
  email: string | null
  full_name: string | null
  /** What a user name could be made of, best first. */
  names: readonly string[]
  groups: readonly string[]
  /** When the provider itself asked who it is, as far as it says. */
  asked_at: Date | null
}

export interface RoleRules {
  role_map: readonly { group: string; role: Role }[]
  default_role: Role | null
}

type Claims = Readonly<Record<string, unknown>>

const mostGroups = 1000
const longest = 254

const textOf = (value: unknown): string | null => {
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' || text.length > longest ? null : text
}

/** `groups`, or a path such as `realm_access.roles`; a name that has dots in it is looked for as it is first. */
const at = (claims: Claims, path: string): unknown => {
  if (Object.hasOwn(claims, path)) return claims[path]
  let found: unknown = claims
  for (const part of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined
    found = (found as Claims)[part]
  }
  return found
}

const groupsOf = (claims: Claims, path: string): string[] => {
  const value = at(claims, path)
  const list = Array.isArray(value) ? value.slice(0, mostGroups) : [value]
  return list.filter((group) => typeof group === 'string')
}

/** Whether the groups are among these claims, so that the provider need not be asked for more. */
export const namesGroups = (claims: Claims, path: string): boolean => at(claims, path) !== undefined

export const readPerson = (claims: Claims & { iss: string; sub: string }, groupsClaim: string): ProvedPerson => {
  const email = claims.email_verified === true ? textOf(claims.email) : null
  const isAddress = email !== null && /^[^\s@]+@[^\s@]+$/.test(email)
  const names = [claims.preferred_username, claims.nickname, claims.email, claims.name, claims.sub].flatMap((name) => textOf(name) ?? [])
  return {
    issuer: claims.iss,
    subject: claims.sub,
    email: isAddress ? email : null,
    full_name: textOf(claims.name)?.slice(0, 200) ?? null,
    names,
    groups: groupsOf(claims, groupsClaim),
    asked_at: typeof claims.auth_time === 'number' ? new Date(claims.auth_time * 1000) : null,
  }
}

/** The highest role that one of the groups gives, else the one for people of none; null: nobody who has a role here. */
export const roleFor = ({ role_map, default_role }: RoleRules, groups: readonly string[]): Role | null => {
  const given = new Set(role_map.filter(({ group }) => groups.includes(group)).map(({ role }) => role))
  return roles.find((role) => given.has(role)) ?? default_role
}

const longestUsername = 60

/** User names to try, one after the other: the provider's own words as far as ours may be made of them. */
export const usernamesOf = (names: readonly string[]): string[] => {
  const plain = names
    .map((name) =>
      name
        .normalize('NFC')
        .replaceAll(/[^\p{L}\p{N}._@+-]/gu, '')
        .slice(0, longestUsername),
    )
    .filter((name) => name !== '')
  const [base = 'person'] = plain
  return [base, ...Array.from({ length: 98 }, (_, n) => `${base}-${n + 2}`)]
}
