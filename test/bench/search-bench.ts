import { createWriteStream, rmSync } from 'node:fs'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEventStore } from '../../server/events/open.ts'
import { columns, ecsColumns } from '../../server/events/columns.data.ts'
import { execute, queryRows, streamRows, table } from '../../server/events/query.ts'
import { createLog } from '../../server/platform/log.ts'
import { ident, join, param, raw, type Sql, sql } from '../../server/platform/sql.ts'
import type { Client } from '../harness/server.ts'
import { type Line, median, quantile } from './table.ts'

/** Field searches as a hunter writes them, and the condition that an expert would write by hand. */
const questions: readonly { query: string; where: string }[] = [
  { query: 'process_name:svchost17.exe', where: "process_name = 'svchost17.exe'" },
  { query: 'process_name:svchost1*', where: "process_name LIKE 'svchost1%'" },
  { query: 'process_pid:4242', where: 'process_pid = 4242' },
  { query: 'process_pid:>65000', where: 'process_pid > 65000' },
  { query: 'user_name:"NT AUTHORITY\\\\SYSTEM" AND process_pid:17', where: "user_name = 'NT AUTHORITY\\\\SYSTEM' AND process_pid = 17" },
  {
    query: 'artifact:Windows.System.Pslist AND process_name:svchost5.exe',
    where: "artifact = 'Windows.System.Pslist' AND process_name = 'svchost5.exe'",
  },
  { query: 'NOT process_name:svchost*', where: "NOT process_name LIKE 'svchost%'" },
  { query: 'process_command_line:*Svc13*', where: "process_command_line ILIKE '%svc13%'" },
  { query: 'process_executable:*System32*', where: "process_executable ILIKE '%system32%'" },
  {
    query: 'hash_sha256:9c41e0b7a2d85f13c6470e1d9ab3285e7fd06231bc94aa50e8d1f7b36c2e9412',
    where: "hash_sha256 = '9c41e0b7a2d85f13c6470e1d9ab3285e7fd06231bc94aa50e8d1f7b36c2e9412'",
  },
  // A column of the export as it is named there, without one of its own in the store.
  { query: 'Name:svchost17.exe', where: "has(fields['Name'], 'svchost17.exe')" },
]

const rounds = 12
/** The batches of copied rows; no import has so many. */
const copies = 1_000_000

export interface Times {
  query: string
  ms: number[]
}

export const timeApi = async (client: Client): Promise<Times[]> => {
  const times: Times[] = []
  for (const { query } of questions) {
    const ms: number[] = []
    for (let i = 0; i < rounds; i++) {
      const begun = performance.now()
      const { status } = await client.call('POST', '/api/search', { query, limit: 100 })
      if (status !== 200) throw new Error(`${query} answered ${status}`)
      ms.push(performance.now() - begun)
    }
    times.push({ query, ms })
  }
  return times
}

export interface BenchStore {
  /** Copies the rows that were imported until there are so many times as many of them, an hour later each time. */
  multiply: (times: number) => Promise<number>
  /** A statement by hand, with `{rows}` for the table. */
  ask: (statement: string) => Promise<unknown>
  /** Until the engine has merged what it merges by itself, as it does in the minutes after an import. */
  settle: () => Promise<void>
  /** JSON lines of stored rows: each column that has a value, under its name. */
  writeStored: (path: string, rows: number) => Promise<void>
  timeRaw: () => Promise<Times[]>
  close: () => Promise<void>
}

/** The same folder without the server: to make more rows of those that are there, and to ask the engine by hand. */
export const openBenchStore = async (dataDir: string, tenantId: string): Promise<BenchStore> => {
  rmSync(`${dataDir}/operator.sock`, { force: true })
  const store = await openEventStore({ dataDir, memoryBytes: 8_000_000_000, queryTimeoutMs: 120_000, log: createLog('silent') })
  const events = store.forTenant(tenantId)
  const rows = table(events, 'events')
  const names = join(
    columns.map((c) => ident(c.name)),
    ', ',
  )
  const copied = (n: number): Sql =>
    join(
      columns.map((c) => {
        if (c.name === 'id') return sql`reinterpretAsFixedString(cityHash64(id, ${param('UInt32', n)})) || substring(id, 1, 8) AS id`
        if (c.name === 'timestamp') return sql`timestamp + toIntervalHour(${param('UInt32', n)}) AS timestamp`
        if (c.name === 'batch') return sql`${param('UInt32', copies + n)} AS batch`
        // So that one field has millions of different values.
        if (c.name === 'winlog_record_id') return sql`winlog_record_id + ${param('UInt32', n * 1_000_000)} AS winlog_record_id`
        return ident(c.name)
      }),
      ', ',
    )
  // what a page of Explore shows, so that both answer the same
  const shown = join(
    ecsColumns.map((c) => ident(c.name)),
    ', ',
  )
  const isNothing = (value: unknown): boolean =>
    value === '' || value === null || value === 0 || (typeof value === 'object' && Object.keys(value).length === 0)
  return {
    settle: async () => {
      for (let quiet = 0; quiet < 5; await sleep(1000)) {
        const { rows: merges } = await queryRows(events, sql`SELECT 1 AS one FROM system.merges`)
        quiet = merges.length === 0 ? quiet + 1 : 0
      }
    },
    writeStored: async (path, count) => {
      const out = createWriteStream(path)
      const stored = sql`SELECT * REPLACE (substring(hex(id), 1, 16) AS id) FROM ${rows} LIMIT ${raw(String(count))}`
      for await (const some of streamRows<Record<string, unknown>>(events, stored)) {
        const text = some.map((row) => `${JSON.stringify(Object.fromEntries(Object.entries(row).filter(([, v]) => !isNothing(v))))}\n`)
        if (!out.write(text.join(''))) await once(out, 'drain')
      }
      out.end()
      await once(out, 'finish')
    },
    multiply: async (times) => {
      const imported = sql`batch < ${param('UInt32', copies)}`
      for (let n = 1; n < times; n++)
        await execute(events, sql`INSERT INTO ${rows} (${names}) SELECT ${copied(n)} FROM (SELECT ${names} FROM ${rows} WHERE ${imported})`)
      const now = await queryRows<{ n: string }>(events, sql`SELECT count() AS n FROM ${rows}`)
      return Number(now.rows[0]?.n ?? 0)
    },
    timeRaw: async () => {
      const times: Times[] = []
      for (const { query, where } of questions) {
        const ms: number[] = []
        for (let i = 0; i < rounds; i++) {
          const begun = performance.now()
          await Promise.all([
            queryRows(
              events,
              sql`SELECT hex(id) AS id, timestamp, artifact, host_key, import_id, fields, ${shown} FROM ${rows} WHERE ${raw(where)} ORDER BY timestamp DESC, id DESC LIMIT 100`,
            ),
            queryRows(events, sql`SELECT count() AS n FROM ${rows} WHERE ${raw(where)}`),
          ])
          ms.push(performance.now() - begun)
        }
        times.push({ query, ms })
      }
      return times
    },
    ask: async (statement) => {
      const [before = '', ...after] = statement.split('{rows}')
      return queryRows(
        events,
        after.reduce((sofar, part) => sql`${sofar}${rows}${raw(part)}`, raw(before)),
      )
    },
    close: () => store.close(),
  }
}

export const searchLines = (rows: number, api: readonly Times[], byHand: readonly Times[]): Line[] => [
  ...api.map((t, i) => {
    const hand = byHand[i]
    return {
      what: `search ${(rows / 1e6).toFixed(0)}M: ${t.query.slice(0, 52)}`,
      measured: `median ${median(t.ms).toFixed(0)} ms, p95 ${quantile(t.ms, 0.95).toFixed(0)} ms`,
      memory: '',
      ratio: hand === undefined ? '' : `${(median(t.ms) / median(hand.ms)).toFixed(2)} of the raw SQL (${median(hand.ms).toFixed(0)} ms)`,
    }
  }),
  {
    what: `search ${(rows / 1e6).toFixed(0)}M: all of them`,
    measured: `median ${median(api.flatMap((t) => t.ms)).toFixed(0)} ms, p95 ${quantile(
      api.flatMap((t) => t.ms),
      0.95,
    ).toFixed(0)} ms`,
    memory: '',
    ratio: `${(api.reduce((s, t) => s + median(t.ms), 0) / byHand.reduce((s, t) => s + median(t.ms), 0)).toFixed(2)} of the raw SQL in sum`,
  },
]
