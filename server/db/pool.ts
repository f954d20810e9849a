import { Kysely, PostgresDialect } from 'kysely'
import type { ClientConfig, CustomTypesConfig } from 'pg'
import { Client, Pool as PgPool, types as pgTypes } from 'pg'
import type { Log } from '../platform/log.ts'
import type { Tables } from './tables.ts'

/** Where a login role finds the database: a URL, or the folder of the socket of the embedded server. */
export type Target = { url: string } | { socketDir: string; user: string; database: string }

const readInt8 = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for a number`)
  return value
}

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [pgTypes.builtins.INT8]: readInt8,
  [pgTypes.builtins.DATE]: (text) => text,
}

const types: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers[oid]) || pgTypes.getTypeParser(oid, format === 'binary' ? 'text' : format),
}

export const clientConfig = (target: Target): ClientConfig => ({
  ...('url' in target
    ? { connectionString: target.url }
    : { host: target.socketDir, port: 5432, user: target.user, database: target.database }),
  types,
  application_name: 'velocicompanion',
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
})

export interface Pool {
  kysely: Kysely<Tables>
  end: () => Promise<void>
}

export const openPool = (target: Target, o: { max: number; name: string; log: Log }): Pool => {
  const pool = new PgPool({
    ...clientConfig(target),
    max: o.max,
    idleTimeoutMillis: 60_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 120_000,
  })
  // An idle connection that the server drops is no fault of any request: the pool makes a new one.
  pool.on('error', (error) => o.log.warn({ pool: o.name, reason: error.message }, 'a connection to the control database was lost'))
  // One that is lost while it is lent out also fails the query under way, or the next; without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return { kysely, end: () => kysely.destroy() }
}

/** One connection outside any pool, for work that must stay on one session. It is closed whatever `work` does. */
export const withClient = async <T>(target: Target, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client(clientConfig(target))
  // A session that ends in the middle also fails the query under way; this only keeps the event from ending the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
