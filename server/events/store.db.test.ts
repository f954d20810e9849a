import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { withEventStore } from '../../test/harness/event-store.ts'
import { rowBinary } from '../../test/harness/row-binary.ts'
import type { TenantEvents } from '../platform/ctx.ts'
import { isAppError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { param, raw, sql, text } from '../platform/sql.ts'
import { columns } from './columns.data.ts'
import { execute, insertBlock, queryRows, storedTable, streamRows, table, tenantBytes } from './query.ts'

const harness = withEventStore({ queryTimeoutMs: 30_000 })

const count = async (events: TenantEvents): Promise<number> => {
  const { rows } = await queryRows<{ n: string }>(events, sql`SELECT count() AS n FROM ${table(events, 'events')}`)
  return Number(rows[0]?.n)
}
const running = async (events: TenantEvents, word: string): Promise<number> => {
  const { rows } = await queryRows<{ n: string }>(
    events,
    sql`SELECT count() AS n FROM system.processes WHERE position(query, ${text(word)}) > 0 AND position(query, 'system.processes') = 0`,
  )
  return Number(rows[0]?.n)
}
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (isAppError(error) ? error.code : `other: ${String(error)}`),
  )
const slow = (word: string) => sql`SELECT count() AS ${raw(word)} FROM numbers(1000000000000) WHERE cityHash64(number) = 1`

describe('rows', () => {
  it('come back as they were sent, in every type of column, with NUL bytes, 64-bit integers and maps', async () => {
    const { events } = await harness.createTenant()
    const importId = newId()
    const fields = { empty: [], '': ['x'], 'a.b': ['one', '', 'quo"te\\', 'nul\0byte', 'ünï😀'] }
    const sent = {
      id: Buffer.from('00ff00ff00ff00ff1122334455667788', 'hex'),
      import_id: importId,
      batch: 4_294_967_295,
      row_number: 18_446_744_073_709_551_615n,
      artifact: 'Windows.System.Pslist',
      timestamp: 1_700_000_000_123_456n,
      time_names: ['Created', 'Modified'],
      time_values: [-2_208_988_800_000_000n, 10_413_791_999_999_999n],
      ingested_at: 1_700_000_000_123n,
      normaliser_version: 65_535,
      winlog_record_id: 9_223_372_036_854_775_807n,
      process_pid: 0,
      process_command_line: 'a\0b\n\\c',
      source_port: 65_535,
      fields,
      raw: '{"a":"\\u0000"}',
    }
    await insertBlock(events, 'events', rowBinary([sent, {}]), newId())
    const { rows } = await queryRows<Record<string, unknown>>(
      events,
      sql`SELECT *, hex(id) AS id_hex FROM ${table(events, 'events')} WHERE import_id = ${param('UUID', importId)}`,
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      id_hex: '00FF00FF00FF00FF1122334455667788',
      import_id: importId,
      batch: 4_294_967_295,
      row_number: '18446744073709551615',
      artifact: 'Windows.System.Pslist',
      timestamp: '2023-11-14 22:13:20.123456',
      time_names: ['Created', 'Modified'],
      time_values: ['1900-01-01 00:00:00.000000', '2299-12-31 23:59:59.999999'],
      ingested_at: '2023-11-14 22:13:20.123',
      normaliser_version: 65_535,
      winlog_record_id: '9223372036854775807',
      process_pid: 0,
      process_parent_pid: null,
      process_command_line: 'a\0b\n\\c',
      source_port: 65_535,
      destination_port: null,
      fields,
      raw: '{"a":"\\u0000"}',
    })
    expect(Object.keys(rows[0] ?? {})).toEqual([...columns.map((c) => c.name), 'id_hex'])
    expect(await count(events)).toBe(2)
  })

  it('of a block that is much larger than an engine buffer are all there', async () => {
    const { events } = await harness.createTenant()
    const block = rowBinary(Array.from({ length: 30_000 }, (_, i) => ({ row_number: i, raw: `{"n":${i},"pad":"${'x'.repeat(200)}"}` })))
    await insertBlock(events, 'events', [block.subarray(0, 100_001), block.subarray(100_001)], newId())
    const { rows } = await queryRows(
      events,
      sql`SELECT count() AS n, uniqExact(row_number) AS u, max(row_number) AS m, countIf(JSONExtractUInt(raw, 'n') = row_number) AS same FROM ${table(events, 'events')}`,
    )
    expect(rows).toEqual([{ n: '30000', u: '30000', m: '29999', same: '30000' }])
    const parts = await queryRows(
      events,
      sql`SELECT count() AS n FROM system.parts WHERE active AND table = 'events' AND rows > 0 AND database = ${text(`t_${(await tenantIdOf(events)).replaceAll('-', '')}`)}`,
    )
    expect(parts.rows).toEqual([{ n: '1' }])
    expect(await tenantBytes(events)).toBeGreaterThan(10_000)
  })

  it('under one token are stored once, under another again', async () => {
    const { events } = await harness.createTenant()
    const block = rowBinary([{ row_number: 1 }])
    for (const token of ['same', 'same', 'other']) await insertBlock(events, 'events', block, token)
    expect(await count(events)).toBe(2)
    const copy = sql`INSERT INTO ${table(events, 'events_staging')} SELECT * FROM ${table(events, 'events')} ORDER BY id`
    for (const token of ['copied', 'copied']) await execute(events, copy, { token })
    const { rows } = await queryRows(events, sql`SELECT count() AS n FROM ${table(events, 'events_staging')}`)
    expect(rows).toEqual([{ n: '2' }])
  })

  it('that are cut off are refused as a whole', async () => {
    const { events } = await harness.createTenant()
    const block = rowBinary([{ row_number: 1 }, { row_number: 2 }])
    expect(await codeOf(insertBlock(events, 'events', block.subarray(0, block.length - 1), 't'))).toMatch(/^other/)
    await insertBlock(events, 'events', block, 't')
    expect(await count(events)).toBe(2)
  })

  it('can be deleted, and a truncated table takes new ones', async () => {
    const { events } = await harness.createTenant()
    await insertBlock(events, 'events', rowBinary([{ batch: 1 }, { batch: 2 }]), 'a')
    await execute(events, sql`DELETE FROM ${storedTable(events, 'events')} WHERE batch = ${param('UInt32', 1)} SETTINGS mutations_sync = 2`)
    expect(await count(events)).toBe(1)
    await execute(events, sql`TRUNCATE TABLE ${storedTable(events, 'events')}`)
    expect(await count(events)).toBe(0)
  })
})

describe('values', () => {
  const hostile = [
    "'; DROP TABLE events; --",
    '\\',
    "\\'",
    'a\0b',
    '{p0:String}',
    '$$x$$',
    '\t\n\r\b\f',
    '\u2028‘’＇',
    '`"',
    '/* */ -- #',
    "' INTO OUTFILE '/tmp/x",
    '\\N',
    'NULL',
    'x'.repeat(500_000),
    "\\\\'".repeat(20_000),
  ]

  it('come back literally, and nothing of them becomes SQL', async () => {
    const { events } = await harness.createTenant()
    for (const value of hostile) {
      const { rows } = await queryRows<{ one: string; many: string[]; n: string }>(
        events,
        sql`SELECT ${text(value)} AS one, ${param('Array(String)', [value, 'b', value])} AS many, length(${text(value)}) AS n`,
      )
      expect(rows).toEqual([{ one: value, many: [value, 'b', value], n: String(Buffer.byteLength(value)) }])
    }
  })

  it('of one request are unknown to the next', async () => {
    const { events } = await harness.createTenant()
    await queryRows(events, sql`SELECT ${text('secret')} AS s`)
    expect(await codeOf(queryRows(events, raw('SELECT {p0:String} AS s')))).toMatch(/^other/)
  })

  it('find only what is equal to them', async () => {
    const { events } = await harness.createTenant()
    await insertBlock(events, 'events', rowBinary(hostile.map((value) => ({ process_command_line: value }))), 'h')
    for (const value of hostile) {
      const found = await queryRows<{ process_command_line: string }>(
        events,
        sql`SELECT process_command_line FROM ${table(events, 'events')} WHERE process_command_line = ${text(value)}`,
      )
      expect(found.rows).toEqual([{ process_command_line: value }])
    }
  })
})

describe('limits', () => {
  it('of time end a query with the code timeout', async () => {
    const { events } = await harness.createTenant()
    expect(await codeOf(queryRows(events, slow('timed'), { timeoutMs: 1000 }))).toBe('timeout')
    expect(await codeOf(streamRows(events, slow('timed'), { timeoutMs: 1000 }).next())).toBe('timeout')
  })

  it('of an answer end a query with the code too_large, before it is held here', async () => {
    const { events } = await harness.createTenant()
    const long = (rows: number) =>
      queryRows(events, sql`SELECT repeat(toString(number % 10), 500000) AS x FROM numbers(${param('UInt64', rows)})`)
    expect((await long(50)).rows).toHaveLength(50)
    expect(await codeOf(long(160))).toBe('too_large')
  })
  it('of an answer do not hold for a stream, of which nothing is kept', async () => {
    const { events } = await harness.createTenant()
    let bytes = 0
    for await (const rows of streamRows<{ x: string }>(events, sql`SELECT repeat(toString(number % 10), 1000) AS x FROM numbers(100000)`))
      for (const { x } of rows) bytes += x.length
    expect(bytes).toBe(100_000_000)
  })

  it('of memory end a query with the code unavailable and a word about memory', async () => {
    const { events } = await harness.createTenant()
    const greedy = sql`SELECT count() AS n FROM (SELECT groupArray(toString(number)) AS a FROM numbers(30000000))`
    const error = await queryRows(events, greedy, { maxMemoryBytes: 50_000_000 }).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('memory') })
  })

  it('an aborted query ends with the reason of the caller and is gone from the engine', async () => {
    const { events } = await harness.createTenant()
    const caller = new AbortController()
    const asked = queryRows(events, slow('aborted_whole'), { signal: caller.signal }).catch((e: unknown) => e)
    while ((await running(events, 'aborted_whole')) === 0) await sleep(20)
    caller.abort(new Error('the browser went'))
    expect(await asked).toMatchObject({ message: 'the browser went' })
    for (const end = Date.now() + 3000; (await running(events, 'aborted_whole')) > 0 && Date.now() < end; ) await sleep(20)
    expect(await running(events, 'aborted_whole')).toBe(0)
  })

  it('a stream that is left early is gone from the engine, and an error in its middle is told', async () => {
    const { events } = await harness.createTenant()
    const endless = sql`SELECT number, 'left_early' AS w FROM numbers(1000000000000)`
    for await (const rows of streamRows<{ number: string }>(events, endless)) {
      expect(rows[0]).toEqual({ number: '0', w: 'left_early' })
      break
    }
    for (const end = Date.now() + 3000; (await running(events, 'left_early')) > 0 && Date.now() < end; ) await sleep(20)
    expect(await running(events, 'left_early')).toBe(0)
    let seen = 0
    const broken = async (): Promise<void> => {
      for await (const rows of streamRows(events, sql`SELECT throwIf(number = 3000000) FROM numbers(5000000)`)) seen += rows.length
    }
    await expect(broken()).rejects.toThrow()
    expect(seen).toBeGreaterThan(0)
  })

  it('of concurrency make queries wait, and all of them are answered', async () => {
    const { events } = await harness.createTenant()
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) => queryRows<{ n: number }>(events, sql`SELECT ${param('UInt32', i)} AS n`)),
    )
    expect(answers.map((a) => a.rows[0]?.n)).toEqual(Array.from({ length: 60 }, (_, i) => i))
  })
})

describe('tenants', () => {
  it('do not see each other, not even by name', async () => {
    const a = await harness.createTenant()
    const b = await harness.createTenant()
    await insertBlock(b.events, 'events', rowBinary([{ raw: 'canary of b' }]), 'x')
    expect(await count(a.events)).toBe(0)
    const database = `t_${b.id.replaceAll('-', '')}`
    for (const attempt of [
      `SELECT * FROM ${database}.events`,
      `SELECT * FROM \`${database}\`.\`events\``,
      `SELECT * FROM "${database}"."events"`,
    ])
      expect(await codeOf(queryRows(a.events, raw(attempt)))).toMatch(/^other/)
    for (const attempt of [
      `SELECT * FROM merge('${database}', 'events')`,
      `SELECT * FROM merge(REGEXP('t_.*'), 'events')`,
      `SELECT joinGet('${database}.events', 'raw', 1)`,
    ])
      expect(await codeOf(queryRows(a.events, raw(attempt)))).toMatch(/^other/)
    expect(await codeOf(execute(a.events, raw(`TRUNCATE TABLE ${database}.events`)))).toMatch(/^other/)
    expect(await codeOf(execute(a.events, raw(`DROP DATABASE ${database}`)))).toMatch(/^other/)
    expect(await count(b.events)).toBe(1)
  })

  it('are named by ids only, and a handle of something else opens nothing', async () => {
    expect(() => harness.store.forTenant('t; DROP')).toThrow()
    await expect(queryRows(Object.freeze({}) as TenantEvents, sql`SELECT 1`)).rejects.toThrow('no handle')
  })

  it('can be made twice, and dropped with all they have', async () => {
    const { id, events } = await harness.createTenant()
    await insertBlock(events, 'events', rowBinary([{}]), 'x')
    await harness.store.migrate([id])
    expect(await count(events)).toBe(1)
    await harness.store.dropTenant(id)
    await harness.createTenant(id)
    expect(await count(events)).toBe(0)
  })

  it('of a newer program are refused', async () => {
    const { id, events } = await harness.createTenant()
    const version = raw(`\`t_${id.replaceAll('-', '')}\`.schema_version`)
    await execute(events, sql`INSERT INTO ${version} SELECT 9999, now64(3)`)
    await expect(harness.store.migrate([id])).rejects.toThrow(/schema 9999/)
  })
})

describe('a statement that reaches out', () => {
  it.each([
    "SELECT * FROM file('/etc/passwd', 'LineAsString', 's String')",
    "SELECT * FROM `file`('/etc/passwd', 'LineAsString', 's String')",
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM `/etc/passwd`',
    "SELECT * FROM url('http://127.0.0.1:1/', 'TSV', 's String')",
    "SELECT 1 INTO OUTFILE '/tmp/events-outfile-test'",
    'SELECT 1; SELECT 2',
    'SELECT 1 SETTINGS readonly = 0',
    'SELECT * FROM (SELECT 1 SETTINGS max_memory_usage = 0)',
    'SELECT 1 FORMAT Parquet',
    "SELECT * FROM executable('ls', 'TSV', 's String')",
    "SELECT * FROM s3('http://127.0.0.1/x')",
    'SYSTEM SHUTDOWN',
    'KILL QUERY WHERE 1',
    'SET readonly = 0',
    "CREATE TABLE x (a String) ENGINE = File('TSV', '/tmp/x')",
    "INSERT INTO FUNCTION file('/tmp/events-outfile-test', 'TSV', 's String') SELECT 'x'",
    "INSERT INTO x FROM INFILE '/etc/passwd' FORMAT TSV",
    "CREATE DICTIONARY d (k UInt64) PRIMARY KEY k SOURCE(FILE(path '/etc/passwd' format 'TSV')) LAYOUT(FLAT()) LIFETIME(0)",
    "BACKUP DATABASE default TO File('/tmp/x')",
    'SELECT $$x$$',
    "SELECT 'unclosed",
    'SELECT /* unclosed',
  ])('is refused: %s', async (statement) => {
    const { events } = await harness.createTenant('00000000-0000-4000-8000-000000000001')
    expect(await codeOf(queryRows(events, raw(statement)))).toMatch(/^other/)
    expect(await codeOf(execute(events, raw(statement)))).toMatch(/^other/)
    expect(() => readFileSync('/tmp/events-outfile-test')).toThrow()
  })
})

const tenantIdOf = async (events: TenantEvents): Promise<string> => {
  const { insideOf } = await import('./handle.ts')
  return insideOf(events).tenantId
}
