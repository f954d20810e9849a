// A tenant's handle on the event store. What it opens stands beside it and not on it, so that nobody who is handed
// one can reach the connection.
import type { ClickHouseClient } from '@clickhouse/client'
import type { TenantEvents } from '../platform/ctx.ts'
import { AppError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'

/** A way to the engine, embedded or not. */
export interface Connection {
  kind: 'embedded' | 'external'
  /** Null: tables are plain ones. */
  cluster: string | null
  /** A client that works in `database`. @throws AppError unavailable while there is no engine. */
  clientFor: (database: string | null) => ClickHouseClient
  limits: { queryTimeoutMs: number; maxMemoryBytes: number }
  /** Where blocks are left for insertBlockFile. */
  blockDir: string
  log: Log
}

export interface Opened {
  connection: Connection
  tenantId: string
  database: string
}

const opened = new WeakMap<TenantEvents, Opened>()

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The database of a tenant: named by code only. */
export const databaseOf = (tenantId: string): string => {
  if (!uuid.test(tenantId)) throw new Error('a tenant is named by its id')
  return `t_${tenantId.replaceAll('-', '').toLowerCase()}`
}

export const tenantHandle = (connection: Connection, tenantId: string): TenantEvents => {
  const handle = Object.freeze({}) as TenantEvents
  opened.set(handle, { connection, tenantId, database: databaseOf(tenantId) })
  return handle
}

export const insideOf = (events: TenantEvents): Opened => {
  const inside = opened.get(events)
  if (inside === undefined) throw new Error('this is no handle of the event store')
  return inside
}

export const noEngine = (): AppError =>
  new AppError('unavailable', 'The event store is being started again. Try again in a moment.', { details: { retry_after_s: 2 } })
