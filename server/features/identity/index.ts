// People, their way in, and what they may do. Everything that other rooms, the command line and the transport need.
import type { User } from '../../../shared/contract/identity.ts'
import type { Permission } from '../../../shared/domain/permissions.ts'
import { notFound } from '../../platform/errors.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Outbound } from '../../platform/outbound/outbound.ts'
import { createVault } from '../../platform/vault.ts'
import { createHasher } from './credentials/hash.ts'
import { keepTries, triesKey } from './credentials/keep-tries.ts'
import { createThrottle } from './credentials/throttle.ts'
import { createTokens } from './credentials/tokens.ts'
import type { Deps, Who } from './deps.ts'
import { makeLinkByOperator, type OperatorLink } from './account/operator-link.ts'
import { resetFactorByOperator } from './factors/oversight.ts'
import { type Resealed, resealSecrets } from './factors/reseal.ts'
import { authenticateKey, isKey } from './keys/keys.ts'
import { answerAsk } from './mailed/ask-reset.ts'
import { createUserByOperator, type OperatorUser, operatorSource, setupCode } from './register.ts'
import { type Seat, seatsOf } from './membership/seats.ts'
import { createLeaked } from './password/leaked.ts'
import { createProviders } from './sso/provider.ts'
import { openProviders } from './sso/store-providers.ts'
import { actorFor, authenticate, createSessionCache, isStillIn, stillMay } from './sessions.ts'
import { findForSignIn, hasPeople } from './store-people.ts'

export type { Seat } from './membership/seats.ts'
export type { OperatorUser } from './register.ts'

interface SetupState {
  needs_first_account: boolean
  needs_setup_code: boolean
  registration: 'open' | 'invite' | 'closed'
  min_password_length: number
  sso: { is_offered: boolean; tenant_id: string | null }
  /** Lost passwords can be set anew by mail. */
  sends_mail: boolean
}

export interface Identity {
  /** For this room's routes only. */
  deps: Deps
  /** The transport's authenticator. A bearer token is looked at before a cookie. @throws AppError unauthenticated for an API key that opens nothing */
  authenticate: (credentials: {
    bearer: string | null
    cookie: string | null
    client: { ip: string } | null
    isUnattended: boolean
  }) => Promise<Who | null>
  /** A person's rights in a tenant as they are now; null when the person, the tenant or the membership is not active. */
  actorFor: (userId: string, tenantId: string) => Promise<Who | null>
  /** The same by the name that one signs in with. */
  findActor: (username: string, tenantId: string) => Promise<Who | null>
  /** Whether the session of a context that began a while ago, and what it may, are still there. */
  stillMay: (ctx: Ctx, permission: Permission) => Promise<boolean>
  /** All tenants of the person of a session, and whether they may look into each now. */
  seatsOf: (ctx: Ctx) => Promise<Seat[]>
  /** Whether the session or key of a request that takes long, and its person in the tenant, are still there. */
  isStillIn: (who: Who) => Promise<boolean>
  /** A tenant was suspended by another process: what was read of its sessions is void. */
  forgetSessions: () => void
  setupState: (from: { isLocal: boolean }) => Promise<SetupState>
  /** To be printed at start; null once the first account exists. */
  printableSetupCode: () => Promise<string | null>
  /** @throws AppError validation (the password rule), conflict (the username is taken) */
  createUserByOperator: (user: OperatorUser) => Promise<User>
  /** For who lost phone and codes when no admin is left. @throws AppError not_found, conflict */
  resetFactorByOperator: (username: string) => Promise<{ username: string; ended_sessions: number }>
  /** For who lost the password when no admin is left. @throws AppError not_found, conflict */
  makeLinkByOperator: (username: string) => Promise<OperatorLink>
  /** Counts wrong tries on from before a restart. Answers what puts down the last of them. */
  keepTries: () => Promise<() => Promise<void>>
  /** Seals every secret at rest with the key in use. */
  resealSecrets: () => Promise<Resealed[]>
  /** For the sender of mails: links for those whom a name or address may mean. */
  answerAsk: (name: string) => Promise<void>
}

export type IdentityOptions = Pick<Deps, 'auth' | 'config' | 'secret' | 'createTenantStores' | 'log' | 'mail'> & {
  outbound: Outbound
  now?: () => Date
}

const depsOf = (o: IdentityOptions): Deps => {
  const { auth, config, secret, createTenantStores, log, mail, now = () => new Date() } = o
  return {
    auth,
    config,
    secret,
    createTenantStores,
    log,
    mail,
    now,
    hasher: createHasher(),
    tokens: createTokens(secret),
    throttle: createThrottle(now, triesKey(secret)),
    vault: createVault([secret, ...config.SECRET_KEYS_OLD]),
    isLeaked: createLeaked(config.PASSWORD_LEAKS),
    cache: createSessionCache(now),
    providers: createProviders({ outbound: o.outbound, now }),
  }
}

export const createIdentity = (o: IdentityOptions): Identity => {
  const deps = depsOf(o)
  // The first account is made once; after that nobody needs to ask the database again.
  let isSetUp = false
  const needsFirst = async (): Promise<boolean> => {
    isSetUp ||= await hasPeople(deps.auth)
    return !isSetUp
  }
  return {
    deps,
    authenticate: ({ bearer, client, ...rest }) =>
      isKey(bearer) ? authenticateKey(deps, bearer, client?.ip ?? null) : authenticate(deps, { bearer, ...rest }),
    actorFor: (userId, tenantId) => actorFor(deps, userId, tenantId),
    findActor: async (username, tenantId) => {
      const [person, another] = await findForSignIn(deps.auth, username)
      const isSure = person?.is_named === true || another === undefined
      return person === undefined || !isSure ? null : actorFor(deps, person.id, tenantId)
    },
    stillMay: (ctx, permission) => stillMay(deps, ctx, permission),
    seatsOf: (ctx) => seatsOf(deps, ctx),
    isStillIn: (who) => isStillIn(deps, who),
    forgetSessions: () => deps.cache.clear(),
    setupState: async ({ isLocal }) => {
      const isFirst = await needsFirst()
      return {
        needs_first_account: isFirst,
        needs_setup_code: isFirst && !isLocal,
        registration: deps.config.REGISTRATION,
        min_password_length: deps.config.MIN_PASSWORD_LENGTH,
        sso: await openProviders(deps.auth),
        sends_mail: deps.mail.isSetUp,
      }
    },
    printableSetupCode: async () => ((await needsFirst()) ? setupCode(deps) : null),
    createUserByOperator: (user) => createUserByOperator(deps, user),
    resetFactorByOperator: async (username) => {
      const [person] = await findForSignIn(deps.auth, username)
      if (person?.is_named !== true) throw notFound('person')
      return await resetFactorByOperator(deps, person, operatorSource(deps))
    },
    makeLinkByOperator: (username) => makeLinkByOperator(deps, username, operatorSource(deps)),
    keepTries: () => keepTries(deps),
    resealSecrets: () => resealSecrets(deps, operatorSource(deps)),
    answerAsk: (name) => answerAsk(deps, name),
  }
}
