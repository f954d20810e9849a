// The tables of a tenant's database, made and changed by numbered steps that are recorded in the database itself.
// A step may be cut off by a crash, so each of its statements can be repeated.
import { CannotStart } from '../platform/errors.ts'
import type { Connection } from './handle.ts'
import { databaseOf } from './handle.ts'
import { createDatabase, createTable, createTables, createVersionTable, newerSettingNames, type Place } from './ddl.ts'
import { toAppError } from './faults.ts'

interface Step {
  version: number
  statements: (place: Place) => string[]
}

/** The first makes the tables as they are today; a later one brings older databases there (ADD COLUMN IF NOT EXISTS ...). */
const steps: readonly Step[] = [
  { version: 1, statements: createTables },
  { version: 2, statements: (place) => createTable(place, 'baseline_groups') },
  { version: 3, statements: (place) => createTable(place, 'matches') },
  { version: 4, statements: (place) => createTable(place, 'indicator_values') },
]

const schemaVersion = Math.max(...steps.map((s) => s.version))

/** Runs a statement of our own text without a tenant's handle. */
export const run = async (connection: Connection, query: string): Promise<void> => {
  try {
    await connection.clientFor(null).command({ query, clickhouse_settings: { max_execution_time: 300 } })
  } catch (error) {
    throw toAppError(error)
  }
}

const ask = async <T>(connection: Connection, query: string): Promise<T[]> => {
  try {
    const result = await connection.clientFor(null).query({ query, format: 'JSONEachRow', clickhouse_settings: { max_execution_time: 60 } })
    return await result.json<T>()
  } catch (error) {
    throw toAppError(error)
  }
}

const knownSettings = async (connection: Connection): Promise<Set<string>> => {
  const names = newerSettingNames.map((name) => `'${name}'`).join(', ')
  const rows = await ask<{ name: string }>(connection, `SELECT name FROM system.merge_tree_settings WHERE name IN (${names})`)
  return new Set(rows.map((row) => row.name))
}

/** @throws Error when the database is of a newer program. */
export const ensureSchema = async (connection: Connection, tenantId: string): Promise<void> => {
  const database = databaseOf(tenantId)
  const place: Place = { database, cluster: connection.cluster, known_settings: await knownSettings(connection) }
  await run(connection, createDatabase(database, connection.cluster))
  for (const statement of createVersionTable(place)) await run(connection, statement)
  const [row] = await ask<{ version: number }>(connection, `SELECT max(version) AS version FROM \`${database}\`.schema_version`)
  const found = row?.version ?? 0
  if (found > schemaVersion)
    throw new CannotStart(
      `The event store of tenant ${tenantId} has schema ${found}, this program knows ${schemaVersion}: start the newer program.`,
    )
  for (const step of steps.filter((s) => s.version > found)) {
    for (const statement of step.statements(place)) await run(connection, statement)
    await run(connection, `INSERT INTO \`${database}\`.schema_version SELECT ${step.version}, now64(3)`)
  }
}

/** Bytes on the disk of every tenant, parts that wait to be deleted included. */
export const storeBytes = async (connection: Connection): Promise<number> => {
  const parts = connection.cluster === null ? 'system.parts' : `clusterAllReplicas('${connection.cluster}', system.parts)`
  const [row] = await ask<{ bytes: string }>(
    connection,
    `SELECT toString(sum(bytes_on_disk)) AS bytes FROM ${parts} WHERE match(database, '^t_[0-9a-f]{32}$')`,
  )
  return Number(row?.bytes ?? 0)
}

/** The same by database. */
export const bytesByDatabase = async (connection: Connection): Promise<Map<string, number>> => {
  const parts = connection.cluster === null ? 'system.parts' : `clusterAllReplicas('${connection.cluster}', system.parts)`
  const rows = await ask<{ database: string; bytes: string }>(
    connection,
    `SELECT database, toString(sum(bytes_on_disk)) AS bytes FROM ${parts} WHERE match(database, '^t_[0-9a-f]{32}$') GROUP BY database`,
  )
  return new Map(rows.map((row) => [row.database, Number(row.bytes)]))
}
