import { createReadStream } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { Supervisor } from '../../server/events/embedded/supervisor.ts'
import { createLog } from '../../server/platform/log.ts'
import { engineColumns } from './rows-file.ts'

/** Rows a second of the engine alone: the file piped as INSERT ... FORMAT JSONEachRow into a table of the same columns, fsynced as ours. */
export const engineRate = async (path: string, rows: number): Promise<number> => {
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
    await client.command({
      query: `CREATE TABLE bench.pslist (${engineColumns.join(', ')}) ENGINE = MergeTree ORDER BY (Pid, CreateTime) SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
    })
    const begun = performance.now()
    const { stream } = await client.exec({
      query: 'INSERT INTO bench.pslist FORMAT JSONEachRow',
      values: createReadStream(path, { highWaterMark: 1024 * 1024 }),
    })
    await stream.resume().toArray()
    const seconds = (performance.now() - begun) / 1000
    const stored = await client.query({ query: 'SELECT count() AS n FROM bench.pslist', format: 'JSONEachRow' })
    const [counted] = await stored.json<{ n: string }>()
    if (Number(counted?.n) !== rows) throw new Error(`the engine stored ${counted?.n} of ${rows}`)
    await client.close()
    return rows / seconds
  } finally {
    await supervisor.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
