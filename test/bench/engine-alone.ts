import { createReadStream } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { createTables } from '../../server/events/ddl.ts'
import { Supervisor } from '../../server/events/embedded/supervisor.ts'
import { createLog } from '../../server/platform/log.ts'
import { engineColumns } from './rows-file.ts'

const withEngine = async <T>(work: (client: ClickHouseClient) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-bench-engine-'))
  let address: { url: string; token: string } | null = null
  const supervisor = new Supervisor({
    folder,
    memoryBytes: 2_000_000_000,
    log: createLog('silent'),
    onChange: (now) => {
      address = now
    },
  })
  try {
    await supervisor.start()
    const at = address as { url: string; token: string } | null
    if (at === null) throw new Error('the engine did not start')
    const client = createClient({
      url: at.url,
      username: 'product',
      password: at.token,
      request_timeout: 600_000,
      log: { level: ClickHouseLogLevel.OFF },
    })
    await client.command({ query: 'CREATE DATABASE bench' })
    const result = await work(client)
    await client.close()
    return result
  } finally {
    await supervisor.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Rows a second of a file of JSON lines, piped as INSERT ... FORMAT JSONEachRow. */
const insertFile = async (client: ClickHouseClient, table: string, path: string, rows: number): Promise<number> => {
  const begun = performance.now()
  const { stream } = await client.exec({
    query: `INSERT INTO ${table} FORMAT JSONEachRow`,
    values: createReadStream(path, { highWaterMark: 1024 * 1024 }),
  })
  await stream.resume().toArray()
  const seconds = (performance.now() - begun) / 1000
  const stored = await client.query({ query: `SELECT count() AS n FROM ${table}`, format: 'JSONEachRow' })
  const [counted] = await stored.json<{ n: string }>()
  if (Number(counted?.n) !== rows) throw new Error(`the engine stored ${counted?.n} of ${rows}`)
  return rows / seconds
}

/** The engine alone with one column for each of the file's own, fsynced as ours: nothing is made of the rows. */
export const engineRate = (path: string, rows: number): Promise<number> =>
  withEngine(async (client) => {
    await client.command({
      query: `CREATE TABLE bench.pslist (${engineColumns.join(', ')}) ENGINE = MergeTree ORDER BY (Pid, CreateTime) SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
    })
    return insertFile(client, 'bench.pslist', path, rows)
  })

/** The engine alone with the product's columns: it is given rows that were normalised before, each column that has a value by its name. */
export const engineRateOfOurs = (path: string, rows: number): Promise<number> =>
  withEngine(async (client) => {
    for (const query of createTables({ database: 'bench', cluster: null, known_settings: new Set() })) await client.command({ query })
    return insertFile(client, 'bench.events', path, rows)
  })
