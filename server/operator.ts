// What the command line may do through the socket in the data folder: its owner owns the installation.
import { auditCommands } from './operator/audit-commands.ts'
import { tenantNamed } from './operator/tenant-named.ts'
import type { Rooms } from './rooms.ts'
import type { OpenedStores } from './stores.ts'
import { systemActor, systemContext } from './job-rooms.ts'
import type { BindCtx, Caller } from './platform/ctx.ts'
import { AppError } from './platform/errors.ts'
import { newSecret } from './platform/ids.ts'
import type { Log } from './platform/log.ts'
import type { GivenRole } from '../shared/domain/permissions.ts'

type Holder = Pick<Caller, 'tenant' | 'actor'>

export interface OperatorOptions {
  rooms: Rooms
  stores: OpenedStores
  bindCtx: BindCtx
  log: Log
}

interface NewUser {
  username: string
  tenant?: string
  role: GivenRole
  email?: string
  password: string
  is_platform_admin: boolean
}

const passPrefix = 'operator.'
const passLifeMs = 12 * 3_600_000

export const createOperator = (o: OperatorOptions) => {
  const { audit, identity, ingestion, tenants } = o.rooms
  const passes = new Map<string, { holder: Holder; until: number }>()

  const contextFor = async (tenant: string | undefined) => systemContext(o.bindCtx, await tenantNamed(tenants, tenant), o.log)

  const commands = {
    ping: () => Promise.resolve({ pid: process.pid }),
    migration_status: () => o.stores.control.migrationStatus(),
    /** A bearer for the product's own routes, kept in memory only. */
    pass: async ({ tenant, user }: { tenant?: string; user?: string }) => {
      const in_ = await tenantNamed(tenants, tenant)
      const actor = user === undefined ? systemActor : (await identity.findActor(user, in_.id))?.actor
      if (actor === undefined) throw new AppError('not_found', `${user} has no active account in ${in_.name}.`)
      const token = passPrefix + newSecret()
      passes.set(token, { holder: { tenant: in_, actor }, until: Date.now() + passLifeMs })
      await audit.recordAct(
        { tenant_id: in_.id, actor, client: null, requestId: 'operator', now: () => new Date(), log: o.log },
        { action: 'operator.pass', object_type: 'tenant', object_id: in_.id },
      )
      return { token, tenant: in_, username: actor.username }
    },
    create_user: async ({ username, tenant, role, email, password, is_platform_admin }: NewUser) => {
      const all = await tenants.allTenants()
      const name = tenant ?? (all.length === 1 ? all[0]?.name : all.length === 0 ? username : undefined)
      if (name === undefined) throw new AppError('not_found', `Say which tenant with --tenant: ${all.map((t) => t.name).join(', ')}`)
      return identity.createUserByOperator({
        username,
        tenant_name: name,
        role,
        email,
        password,
        is_platform_admin: is_platform_admin || all.length === 0,
      })
    },
    reset_password: ({ username }: { username: string }) => identity.makeLinkByOperator(username),
    reset_factor: ({ username }: { username: string }) => identity.resetFactorByOperator(username),
    secrets_rotate: () => identity.resealSecrets(),
    reindex: async ({ tenant, all }: { tenant?: string; all: boolean }) => ingestion.startReindex(await contextFor(tenant), { all }),
    ...auditCommands(o.rooms),
    await_job: async ({ tenant, subject_id }: { tenant?: string; subject_id: string }) => {
      const ctx = await contextFor(tenant)
      while (await ingestion.isWaiting(ctx, subject_id)) await new Promise((resolve) => setTimeout(resolve, 100))
      return {}
    },
  }

  return {
    commands,
    /** Whose pass this is; null when it is none of ours. */
    holder: (bearer: string | null): Holder | null => {
      if (bearer === null || !bearer.startsWith(passPrefix)) return null
      const pass = passes.get(bearer)
      return pass !== undefined && pass.until > Date.now() ? pass.holder : null
    },
  }
}

export type Operator = ReturnType<typeof createOperator>['commands']
