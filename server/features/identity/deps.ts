import type { AuditSource } from '../../platform/audit.ts'
import type { Actor, Caller } from '../../platform/ctx.ts'
import type { Config } from '../../platform/config.ts'
import { AppError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import type { Vault } from '../../platform/vault.ts'
import type { Mail } from '../mail/index.ts'
import type { Hasher } from './credentials/hash.ts'
import type { Throttle } from './credentials/throttle.ts'
import type { Tokens } from './credentials/tokens.ts'
import type { Leaked } from './password/leaked.ts'
import { judgePassword, type PasswordContext } from './password/rule.ts'
import type { Providers } from './sso/provider.ts'
import type { AuthDb } from './store-people.ts'

type IdentityConfig = Pick<
  Config,
  | 'REGISTRATION'
  | 'MIN_PASSWORD_LENGTH'
  | 'PASSWORD_LEAKS'
  | 'ACCESS_TOKEN_EXPIRE_MINUTES'
  | 'REFRESH_TOKEN_EXPIRE_DAYS'
  | 'SESSION_IDLE_MINUTES'
  | 'SESSION_MAX_HOURS'
  | 'ADMIN_SESSION_IDLE_MINUTES'
  | 'ADMIN_SESSION_MAX_HOURS'
  | 'PUBLIC_URL'
  | 'SECRET_KEYS_OLD'
>

export type Who = Pick<Caller, 'tenant' | 'actor'>

/** Sessions as they were read at most 5 s ago; emptied by every change of rights that this process makes. */
export interface SessionCache {
  get: (key: string) => Who | undefined
  set: (key: string, who: Who) => void
  clear: () => void
}

export interface Deps {
  auth: AuthDb
  config: IdentityConfig
  secret: string
  /** Makes what a new tenant needs outside the control plane (its event database). Safe to call twice. */
  createTenantStores: (tenantId: string) => Promise<void>
  log: Log
  now: () => Date
  mail: Mail
  hasher: Hasher
  tokens: Tokens
  throttle: Throttle
  /** For secrets that have to be read again. */
  vault: Vault
  /** Whether a password stood in a breach, by the operator's own list. */
  isLeaked: Leaked
  cache: SessionCache
  /** The conversation with the providers of single sign-on. */
  providers: Providers
}

/** Where a sign-in comes from. */
export interface Origin {
  ip: string
  userAgent: string
  /** For the audit log, where it is not known yet who acts. */
  source: AuditSource
}

interface AcceptContext extends Omit<PasswordContext, 'minLength' | 'isLeaked'> {
  /** Whose fault it is said to be in the request. */
  field?: string
}

/** The hash of a password that the rule takes. @throws AppError validation with every reason. */
export const acceptPassword = async (deps: Deps, password: string, given: AcceptContext): Promise<string> => {
  const { field = 'password', ...context } = given
  const { problems } = await judgePassword(password, { ...context, minLength: deps.config.MIN_PASSWORD_LENGTH, isLeaked: deps.isLeaked })
  if (problems.length > 0)
    throw new AppError('validation', `This password is not taken. ${problems.join(' ')}`, {
      details: { errors: problems.map((message) => ({ field, message })) },
    })
  return await deps.hasher.hash(password)
}

/** The id of the person who acts. @throws AppError forbidden for the product itself, which has no profile. */
export const personOf = (actor: Actor): string => {
  if (actor.user_id === null) throw new AppError('forbidden', 'This needs a person who is signed in.')
  return actor.user_id
}
