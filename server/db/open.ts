import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { TenantDb } from '../platform/ctx.ts'
import { CannotStart } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import { auditKeyFrom, platformChain } from './audit/chain.ts'
import type { AuthDb } from './auth.ts'
import { authHandle, inAuth } from './auth.ts'
import { startEmbedded } from './embedded/server.ts'
import { isLost } from './faults.ts'
import { createListener } from './listener.ts'
import type { Migrator, RoleNames } from './migrate.ts'
import { migrateDown, migrateUp, migrationsDir, migrationStatus } from './migrate.ts'
import type { Target } from './pool.ts'
import { openPool, withClient } from './pool.ts'
import { eraseChain } from './whole-tenant/erase-rows.ts'
import { derivedPassword, ensureRole, verifyRoles } from './roles.ts'
import { tenantHandle } from './tenant.ts'

export interface ControlPlane {
  kind: 'embedded' | 'external'
  auth: AuthDb
  forTenant: (tenantId: string) => TenantDb
  /** The chain of acts of the whole installation; nothing else can be reached by it. */
  platform: TenantDb
  /** @throws AppError unavailable when either login role gets no answer. */
  ping: () => Promise<void>
  /** Names of the migrations it applied. @throws SchemaError when the database is newer than this program. */
  migrateUp: () => Promise<string[]>
  migrateDown: (steps: number) => Promise<string[]>
  migrationStatus: () => Promise<{ name: string; applied_at: string | null }[]>
  listen: (channel: string, onMessage: (payload: string) => void) => Promise<() => Promise<void>>
  /** Removes the chain of an erased tenant, which no login role may do. */
  eraseChain: (tenantId: string) => Promise<void>
  /** Bytes on disk; of an external server the bytes of the database. */
  bytes: () => Promise<number>
  /** Process id of the embedded server. */
  pid: () => number | null
  close: () => Promise<void>
}

export interface ControlPlaneOptions {
  databaseUrl?: string
  appUrl?: string
  authUrl?: string
  secret: string
  dataDir: string
  log: Log
}

interface Server {
  kind: 'embedded' | 'external'
  owner: Target
  app: Target
  auth: Target
  roles: RoleNames
  pid: () => number | null
  bytesOnDisk: (() => Promise<number>) | null
  stop: () => Promise<void>
}

const database = 'velocicompanion'

const folderBytes = async (folder: string): Promise<number> => {
  const files = await readdir(folder, { recursive: true })
  const sizes = await Promise.all(
    files.map((f) =>
      stat(join(folder, f)).then(
        (s) => (s.isFile() ? s.size : 0),
        () => 0,
      ),
    ),
  )
  return sizes.reduce((a, b) => a + b, 0)
}

const embedded = async (o: ControlPlaneOptions): Promise<Server> => {
  const server = await startEmbedded(o.dataDir, o.log)
  const as = (user: string, db = database): Target => ({ socketDir: server.socketDir, user, database: db })
  const roles = { app: `${database}_app`, auth: `${database}_auth` }
  const owner = `${database}_owner`
  try {
    // The owner is no superuser here either: what a migration may do must not depend on where the database runs.
    await withClient(as('postgres', 'postgres'), async (root) => {
      const found = await root.query('select from pg_roles where rolname = $1', [owner])
      if (found.rowCount === 0) await root.query(`create role ${owner} login createrole`)
      const made = await root.query('select from pg_database where datname = $1', [database])
      if (made.rowCount === 0) await root.query(`create database ${database} owner ${owner}`)
    })
    await withClient(as(owner), async (client) => {
      for (const role of [roles.app, roles.auth]) await ensureRole(client, role, null)
    })
  } catch (error) {
    await server.stop()
    throw error
  }
  return {
    kind: 'embedded',
    owner: as(owner),
    app: as(roles.app),
    auth: as(roles.auth),
    roles,
    pid: server.pid,
    bytesOnDisk: () => folderBytes(server.dataDir),
    stop: server.stop,
  }
}

/** A server that starts together with the product needs a moment; one that never answers is a fault of the settings. */
const untilAnswered = async <T>(work: () => Promise<T>): Promise<T> => {
  for (const end = Date.now() + 30_000; ; await sleep(500)) {
    try {
      return await work()
    } catch (error) {
      if (!isLost(error)) throw error
      if (Date.now() > end)
        throw new CannotStart(`DATABASE_URL: the server does not answer: ${error instanceof Error ? error.message : 'no reason given'}`, {
          cause: error,
        })
    }
  }
}

const withLogin = (url: string, user: string, password: string): string => {
  const changed = new URL(url)
  changed.username = encodeURIComponent(user)
  changed.password = password
  return changed.href
}

const external = async (o: ControlPlaneOptions, databaseUrl: string): Promise<Server> => {
  const owner: Target = { url: databaseUrl }
  const name = await untilAnswered(() =>
    withClient(owner, async (client) => {
      const { rows } = await client.query<{ name: string; version: number }>(
        "select current_database() as name, current_setting('server_version_num')::int as version",
      )
      const [facts] = rows
      if (facts === undefined || facts.version < 140_000) throw new CannotStart('DATABASE_URL: PostgreSQL 14 or newer is needed.')
      return facts.name
    }),
  )
  const userOf = (url: string | undefined, otherwise: string): string =>
    url === undefined ? otherwise : decodeURIComponent(new URL(url).username) || otherwise
  const roles = { app: userOf(o.appUrl, `${name}_app`), auth: userOf(o.authUrl, `${name}_auth`) }
  const made: [string | undefined, string][] = [
    [o.appUrl, roles.app],
    [o.authUrl, roles.auth],
  ]
  await withClient(owner, async (client) => {
    for (const [url, role] of made) if (url === undefined) await ensureRole(client, role, derivedPassword(o.secret, role))
  })
  const target = (url: string | undefined, role: string): Target => ({
    url: url ?? withLogin(databaseUrl, role, derivedPassword(o.secret, role)),
  })
  return {
    kind: 'external',
    owner,
    app: target(o.appUrl, roles.app),
    auth: target(o.authUrl, roles.auth),
    roles,
    pid: () => null,
    bytesOnDisk: null,
    stop: () => Promise.resolve(),
  }
}

/** Starts or reaches PostgreSQL and makes the login roles. It does not migrate: call migrateUp. */
export const openControlPlane = async (o: ControlPlaneOptions): Promise<ControlPlane> => {
  const server = o.databaseUrl === undefined ? await embedded(o) : await external(o, o.databaseUrl)
  const app = openPool(server.app, { max: 12, name: 'app', log: o.log })
  const auth = openPool(server.auth, { max: 8, name: 'auth', log: o.log })
  const listener = createListener(server.auth, o.log)
  const auditKey = auditKeyFrom(o.secret)
  const authDb = authHandle(auth.kysely, auditKey)
  const appDb = authHandle(app.kysely, auditKey)
  const migrator: Migrator = { folder: migrationsDir(), roles: server.roles }
  const databaseBytes = (): Promise<number> =>
    inAuth(authDb, async (q) => {
      const { rows } = await sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(q)
      return rows[0]?.bytes ?? 0
    })
  return {
    kind: server.kind,
    auth: authDb,
    forTenant: (tenantId) => tenantHandle(app.kysely, tenantId, auditKey),
    platform: tenantHandle(app.kysely, platformChain, auditKey),
    ping: async () => {
      await Promise.all([authDb, appDb].map((db) => inAuth(db, (q) => sql`select 1`.execute(q))))
    },
    migrateUp: () =>
      withClient(server.owner, async (client) => {
        const applied = await migrateUp(client, migrator)
        await verifyRoles(client, [server.roles.app, server.roles.auth])
        return applied
      }),
    migrateDown: (steps) => withClient(server.owner, (client) => migrateDown(client, migrator, steps)),
    migrationStatus: () => withClient(server.owner, (client) => migrationStatus(client, migrator)),
    eraseChain: (tenantId) => withClient(server.owner, (owner) => eraseChain(owner, tenantHandle(app.kysely, tenantId, auditKey))),
    listen: listener.listen,
    bytes: server.bytesOnDisk ?? databaseBytes,
    pid: server.pid,
    close: async () => {
      await listener.close()
      // A pool ends when its last connection comes back; work that hangs must not keep the server from stopping.
      await Promise.race([Promise.all([app.end(), auth.end()]), sleep(5000, undefined, { ref: false })])
      await server.stop()
    },
  }
}
