import { createHmac } from 'node:crypto'
import type { User } from '../../../shared/contract/identity.ts'
import { type GivenRole, roleOf } from '../../../shared/domain/permissions.ts'
import type { AuditAct, AuditSource } from '../../platform/audit.ts'
import { AppError, forbidden } from '../../platform/errors.ts'
import { isSameSecret, sha256Hex } from '../../platform/ids.ts'
import { audited, recordInAuth } from '../audit/index.ts'
import { acceptPassword, type Deps, type Origin } from './deps.ts'
import { overInvitation } from './membership/invitations.ts'
import { acceptByNewAccount } from './membership/store-invitations.ts'
import { hasPeople, insertFirst, insertInNamedTenant, redeemInvitation, type NewPerson } from './store-people.ts'

export interface Registration {
  username: string
  password: string
  email?: string
  full_name?: string
  tenant_name?: string
  invite?: string
  setup_code?: string
}
export interface Registrant {
  origin: Origin
  isLocal: boolean
}

const dayMs = 86_400_000
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

const codeOfDay = (secret: string, day: number): string => {
  const bytes = createHmac('sha256', secret).update(`velocicompanion set-up code ${day}`).digest().subarray(0, 20)
  const letters = Array.from(bytes, (byte) => alphabet[byte % 32] ?? '')
  return [0, 5, 10, 15].map((at) => letters.slice(at, at + 5).join('')).join('-')
}

/** Made of the secret and the day, so that every process of an installation prints the same, and it ends by itself. */
export const setupCode = (deps: Deps): string => codeOfDay(deps.secret, Math.floor(deps.now().getTime() / dayMs))

const isSetupCode = (deps: Deps, given: string): boolean => {
  const today = Math.floor(deps.now().getTime() / dayMs)
  const plain = (code: string): string => code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  return [today, today - 1].map((day) => isSameSecret(plain(codeOfDay(deps.secret, day)), plain(given))).includes(true)
}

/** A secret that was not right is told like a failed sign-in, in the chain of the installation: nobody is known yet. */
const recordRefused = (deps: Deps, from: Registrant, how: 'first' | 'invited'): Promise<void> =>
  recordInAuth(deps.auth, from.origin.source, { action: 'user.register', object_type: 'user', outcome: 'failure', details: { how } })

const checkSetupCode = async (deps: Deps, registration: Registration, from: Registrant): Promise<void> => {
  if (from.isLocal) return
  const { succeed } = deps.throttle.attempt({ account: 'set-up code', ip: from.origin.ip, isShared: true })
  if (!isSetupCode(deps, registration.setup_code ?? '')) {
    await recordRefused(deps, from, 'first')
    throw forbidden('The first account from another machine needs the set-up code that the server printed at its start.')
  }
  succeed()
}

const personFrom = (registration: Registration, password_hash: string): NewPerson => ({
  username: registration.username,
  email: registration.email ?? null,
  full_name: registration.full_name ?? null,
  password_hash,
})

const tenantNameOf = (registration: Registration): string => registration.tenant_name ?? registration.username

const hashOf = (deps: Deps, registration: Registration): Promise<string> =>
  acceptPassword(deps, registration.password, { username: registration.username, tenantName: registration.tenant_name })

const registered =
  (how: 'first' | 'invited' | 'open') =>
  (user: User | null): AuditAct | null =>
    user && {
      action: 'user.register',
      object_type: 'user',
      object_id: user.id,
      details: { how, role: user.role, is_platform_admin: user.is_platform_admin },
      tenant_id: user.tenant_id,
      actor: { kind: 'user', user_id: user.id, username: user.username },
    }

const someoneWasFirst = (): AppError => new AppError('conflict', 'Somebody else has created the first account. Ask them for an invitation.')

const registerFirst = async (deps: Deps, registration: Registration, from: Registrant): Promise<User> => {
  await checkSetupCode(deps, registration, from)
  const person = personFrom(registration, await hashOf(deps, registration))
  // Read again after the slow part: of many at once, all but a few turn back here and hold no connection.
  if (await hasPeople(deps.auth)) throw someoneWasFirst()
  const auth = audited(deps.auth, from.origin.source, registered('first'))
  const user = await insertFirst(auth, { person, tenantName: tenantNameOf(registration) }, deps.createTenantStores)
  if (user === null) throw someoneWasFirst()
  return user
}

const registerInvited = async (deps: Deps, registration: Registration & { invite: string }, from: Registrant): Promise<User> => {
  const { succeed } = deps.throttle.attempt({ account: 'invitation', ip: from.origin.ip, isShared: true })
  const person = personFrom(registration, await hashOf(deps, registration))
  const auth = audited(deps.auth, from.origin.source, registered('invited'))
  const [tokenHash, account] = [sha256Hex(registration.invite), { person, now: deps.now() }]
  const user = (await redeemInvitation(auth, tokenHash, account)) ?? (await acceptByNewAccount(auth, tokenHash, account))
  if (user === null) {
    await recordRefused(deps, from, 'invited')
    throw overInvitation()
  }
  succeed()
  return user
}

/**
 * The first person of the installation, an invited one, or (REGISTRATION=open) a person with a tenant of their own.
 * What they may do comes from the invitation or from these rules, never from the request.
 */
export const register = async (deps: Deps, registration: Registration, from: Registrant): Promise<User> => {
  const { invite } = registration
  if (invite !== undefined) return await registerInvited(deps, { ...registration, invite }, from)
  if (!(await hasPeople(deps.auth))) return await registerFirst(deps, registration, from)
  if (deps.config.REGISTRATION === 'invite') throw forbidden('Registering here needs an invitation.')
  if (deps.config.REGISTRATION === 'closed') throw forbidden('Registering is closed here. An admin creates the accounts.')
  deps.throttle.attempt({ account: 'registration', ip: from.origin.ip, isShared: true })
  const account = {
    person: personFrom(registration, await hashOf(deps, registration)),
    tenantName: tenantNameOf(registration),
    role: 'admin' as const,
    isPlatformAdmin: false,
  }
  const auth = audited(deps.auth, from.origin.source, registered('open'))
  return await insertInNamedTenant(auth, account, { makeStores: deps.createTenantStores, mayJoin: false })
}

export interface OperatorUser {
  username: string
  password: string
  email?: string
  full_name?: string
  /** Made when there is none of this name. */
  tenant_name: string
  role: GivenRole
  is_platform_admin: boolean
}

const operator = { kind: 'system', user_id: null, username: 'operator' } as const

export const operatorSource = (deps: Deps): AuditSource => ({
  tenant_id: null,
  actor: operator,
  client: null,
  requestId: 'operator',
  now: deps.now,
  log: deps.log,
})

/** For the person at the machine itself (the command line): any tenant, any role, the same password rule. */
export const createUserByOperator = async (deps: Deps, given: OperatorUser): Promise<User> => {
  const person = personFrom(given, await acceptPassword(deps, given.password, { username: given.username, tenantName: given.tenant_name }))
  const account = { person, tenantName: given.tenant_name, role: roleOf(given.role), isPlatformAdmin: given.is_platform_admin }
  const made = (user: User): AuditAct => ({
    action: 'user.create',
    object_type: 'user',
    object_id: user.id,
    details: { username: user.username, role: user.role, is_platform_admin: user.is_platform_admin },
    tenant_id: user.tenant_id,
  })
  return await insertInNamedTenant(audited(deps.auth, operatorSource(deps), made), account, {
    makeStores: deps.createTenantStores,
    mayJoin: true,
  })
}
