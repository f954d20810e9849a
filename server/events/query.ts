// The only way to the rows. 64-bit integers come back as text (JSON has no lossless form for them), times as text in
// UTC ("2026-11-24 07:51:41.123456"), FixedString as it stands.
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ClickHouseSettings } from '@clickhouse/client'
import type { TenantEvents } from '../platform/ctx.ts'
import { newSecret } from '../platform/ids.ts'
import type { Sql } from '../platform/sql.ts'
import { ident, param, raw, render, sql } from '../platform/sql.ts'
import type { EventTable } from './ddl.ts'
import { localName } from './ddl.ts'
import { blockHeader, isBlockName } from './embedded/spool.ts'
import { toAppError } from './faults.ts'
import type { Opened } from './handle.ts'
import { insideOf } from './handle.ts'
import { inTurn } from './turns.ts'

export type { EventTable } from './ddl.ts'

export interface QueryOptions {
  signal?: AbortSignal
  timeoutMs?: number
  maxMemoryBytes?: number
  readonly?: true
  /** Of the product itself: it does not wait behind what the people of the tenant ask. */
  isOwnWork?: true
}

export interface ExecuteOptions {
  signal?: AbortSignal
  timeoutMs?: number
  /** Of an INSERT SELECT: the engine stores what comes under one token once. */
  token?: string
}

export const table = (events: TenantEvents, name: EventTable): Sql => sql`${ident(insideOf(events).database)}.${ident(name)}`

/** The table as DELETE, TRUNCATE and ALTER must name it: on a cluster the stored one on every node, not the distributed view of it. */
export const storedTable = (events: TenantEvents, name: EventTable): Sql => {
  const { connection, database } = insideOf(events)
  if (connection.cluster === null) return table(events, name)
  return sql`${ident(database)}.${ident(localName(name))} ON CLUSTER ${ident(connection.cluster)}`
}

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000))

/** An answer is held whole, as text and as objects: rows of many megabytes must not take the server's memory with them. */
const mostResultBytes = 64_000_000

/** Of what a query may hold: groups and sorts beyond it go to the disk, and the rest is for what is made of them. */
const heldInMemory = 0.25
const spilling = (memoryBytes: number): ClickHouseSettings => {
  const heldBytes = String(Math.floor(memoryBytes * heldInMemory))
  return { max_bytes_before_external_group_by: heldBytes, max_bytes_before_external_sort: heldBytes }
}

export const readSettings = (inside: Opened, o: QueryOptions): ClickHouseSettings => ({
  max_execution_time: seconds(o.timeoutMs ?? inside.connection.limits.queryTimeoutMs),
  max_memory_usage: String(o.maxMemoryBytes ?? inside.connection.limits.maxMemoryBytes),
  ...spilling(o.maxMemoryBytes ?? inside.connection.limits.maxMemoryBytes),
  max_result_bytes: String(mostResultBytes),
  output_format_json_quote_64bit_integers: 1,
  date_time_output_format: 'simple',
  ...(inside.connection.kind === 'external' ? { readonly: '2' as const, cancel_http_readonly_queries_on_client_close: 1 } : {}),
})

/** How long the client waits beyond the engine's own limit before it gives up on an answer. */
const graceMs = 10_000

interface Deadline {
  signal: AbortSignal
  /** What the caller is told of an error: its own reason, a timeout when the clock ended it, else what the error means. */
  told: (error: unknown) => unknown
}

export const deadlineOf = (signal: AbortSignal | undefined, timeoutMs: number): Deadline => {
  const clock = AbortSignal.timeout(timeoutMs + graceMs)
  const told = (error: unknown): unknown => {
    if (signal?.aborted === true) return signal.reason
    return toAppError(clock.aborted ? Object.assign(new Error('no answer in time', { cause: error }), { code: '159' }) : error)
  }
  return { signal: signal === undefined ? clock : AbortSignal.any([signal, clock]), told }
}

interface JsonAnswer<T> {
  data: T[]
  statistics: { elapsed: number; rows_read: number; bytes_read: number }
}

interface Answer<T> {
  rows: T[]
  took_ms: number
  rows_read: number
  bytes_read: number
}

/**
 * The whole result at once: give the statement a LIMIT, or use streamRows.
 * @throws AppError timeout, unavailable (also: over the memory limit) or too_large; the signal's reason when it was aborted.
 */
export const queryRows = async <T>(events: TenantEvents, statement: Sql, o: QueryOptions = {}): Promise<Answer<T>> => {
  const inside = insideOf(events)
  return o.isOwnWork === true ? ask<T>(inside, statement, o) : inTurn(inside, o.signal, () => ask<T>(inside, statement, o))
}

const ask = async <T>(inside: Opened, statement: Sql, o: QueryOptions): Promise<Answer<T>> => {
  const { query, params } = render(statement)
  const deadline = deadlineOf(o.signal, o.timeoutMs ?? inside.connection.limits.queryTimeoutMs)
  const started = performance.now()
  try {
    deadline.signal.throwIfAborted()
    const result = await inside.connection.clientFor(inside.database).query({
      query,
      query_params: params,
      format: 'JSON',
      abort_signal: deadline.signal,
      clickhouse_settings: readSettings(inside, o),
    })
    const answer: JsonAnswer<T> = (await result.json<T>()) as JsonAnswer<T>
    return {
      rows: answer.data,
      took_ms: Math.round((performance.now() - started) * 10) / 10,
      rows_read: Number(answer.statistics.rows_read),
      bytes_read: Number(answer.statistics.bytes_read),
    }
  } catch (error) {
    throw deadline.told(error)
  }
}

/** Rows as they come, a few thousand at a time; leaving the loop early ends the query in the engine. Throws as queryRows does, also in mid-stream. */
export async function* streamRows<T>(events: TenantEvents, statement: Sql, o: QueryOptions = {}): AsyncGenerator<T[]> {
  const inside = insideOf(events)
  const { query, params } = render(statement)
  const left = new AbortController()
  const deadline = deadlineOf(o.signal, o.timeoutMs ?? inside.connection.limits.queryTimeoutMs)
  try {
    deadline.signal.throwIfAborted()
    const result = await inside.connection.clientFor(inside.database).query({
      query,
      query_params: params,
      format: 'JSONEachRow',
      abort_signal: AbortSignal.any([deadline.signal, left.signal]),
      // nothing of a stream is held
      clickhouse_settings: { ...readSettings(inside, o), max_result_bytes: '0' },
    })
    for await (const rows of result.stream<T>()) yield rows.map((row) => row.json<T>())
  } catch (error) {
    throw deadline.told(error)
  } finally {
    left.abort()
  }
}

const writeSettings = (inside: Opened, timeoutMs: number, token: string | undefined): ClickHouseSettings => ({
  max_execution_time: seconds(timeoutMs),
  ...spilling(inside.connection.limits.maxMemoryBytes),
  mutations_sync: '2',
  ...(token === undefined ? {} : { insert_deduplication_token: token }),
})

const writeTimeoutMs = 600_000

/**
 * DDL, mutations (it waits for them) and INSERT SELECT; resolves when it is on the disk.
 * @throws AppError as queryRows does. After `unavailable` it is unknown whether it took effect: repeat it, an INSERT with insertOnce.
 */
export const execute = async (events: TenantEvents, statement: Sql, o: ExecuteOptions = {}): Promise<void> => {
  const inside = insideOf(events)
  const { query, params } = render(statement)
  const timeoutMs = o.timeoutMs ?? writeTimeoutMs
  const deadline = deadlineOf(o.signal, timeoutMs)
  try {
    deadline.signal.throwIfAborted()
    await inside.connection.clientFor(inside.database).command({
      query,
      query_params: params,
      abort_signal: deadline.signal,
      clickhouse_settings: writeSettings(inside, timeoutMs, o.token),
    })
  } catch (error) {
    throw deadline.told(error)
  }
}

interface BlockSource {
  /** Always there, for the statement itself travels in the address then. */
  values: Readable
  http_headers?: Record<string, string>
}

const insertFrom = async (events: TenantEvents, name: EventTable, token: string, source: BlockSource): Promise<void> => {
  const inside = insideOf(events)
  const { query } = render(sql`INSERT INTO ${table(events, name)} FORMAT RowBinary`)
  const deadline = deadlineOf(undefined, writeTimeoutMs)
  try {
    const { stream } = await inside.connection.clientFor(inside.database).exec({
      query,
      ...source,
      abort_signal: deadline.signal,
      clickhouse_settings: writeSettings(inside, writeTimeoutMs, token),
    })
    await stream.resume().toArray()
  } catch (error) {
    throw deadline.told(error)
  }
}

/**
 * Carries out an insert that may have been begun before. Under one token the engine stores once, so that an insert that still
 * runs is not doubled. But a single engine notes the token just before it puts the rows in place: killed between the two, it
 * passes over every repetition for rows that it never had. So they are looked for, and sent under another token when missing.
 */
export const insertOnce = async (
  insert: (token: string) => Promise<void>,
  o: { token: string; isRepeat: boolean; isThere: () => Promise<boolean> },
): Promise<void> => {
  await insert(o.token)
  if (o.isRepeat && !(await o.isThere())) await insert(newSecret())
}

/**
 * Stores a block of rows in RowBinary, columns in the order of columns.data.ts. Resolves when it is on the disk; a block whose
 * token the table has seen is stored once. The engine reads a block to its last byte or stores nothing of it.
 * @throws AppError unavailable: unknown whether it is stored, repeat it with insertOnce · full: nothing was stored.
 */
export const insertBlock = async (
  events: TenantEvents,
  name: EventTable,
  block: Uint8Array | readonly Uint8Array[],
  token: string,
): Promise<void> => {
  const parts = block instanceof Uint8Array ? [block] : block
  if (parts.every((part) => part.length === 0)) return
  await insertFrom(events, name, token, { values: Readable.from(parts, { objectMode: false }) })
}

/** Where blocks for insertBlockFile are left, as `<uuid>/<number>.rows`. Emptied when the store is opened. */
export const blockDirOf = (events: TenantEvents): string => insideOf(events).connection.blockDir

/**
 * The same with a block that its maker left in the folder of blocks: the embedded engine reads it there, so that it is not
 * copied through two sockets. The file stays; whoever left it removes it.
 */
export const insertBlockFile = async (events: TenantEvents, name: EventTable, file: string, token: string): Promise<void> => {
  const { connection } = insideOf(events)
  if (!isBlockName(file)) throw new Error('this is no name of a block')
  if (connection.kind === 'embedded')
    await insertFrom(events, name, token, { values: Readable.from([], { objectMode: false }), http_headers: { [blockHeader]: file } })
  else await insertFrom(events, name, token, { values: createReadStream(join(connection.blockDir, file), { highWaterMark: 1 << 20 }) })
}

/** Bytes of the tenant's tables on the disk. */
export const tenantBytes = async (events: TenantEvents): Promise<number> => {
  const { connection, database } = insideOf(events)
  const parts = connection.cluster === null ? raw('system.parts') : raw(`cluster('${connection.cluster}', system.parts)`)
  const { rows } = await queryRows<{ bytes: string }>(
    events,
    sql`SELECT sum(bytes_on_disk) AS bytes FROM ${parts} WHERE database = ${param('String', database)}`,
  )
  return Number(rows[0]?.bytes ?? 0)
}
