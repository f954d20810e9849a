// Answers that another thread decodes: this one only hands their bytes on.
import type { TenantEvents } from '../platform/ctx.ts'
import type { Sql } from '../platform/sql.ts'
import { render } from '../platform/sql.ts'
import { insideOf } from './handle.ts'
import { deadlineOf, type QueryOptions, readSettings } from './query.ts'

/** An error behind the first bytes comes as a block at the end, marked with a word from the head of the answer. */
const endMark = (headers: Readonly<Record<string, unknown>> | undefined): Buffer | null => {
  const tag = headers?.['x-clickhouse-exception-tag']
  return typeof tag === 'string' && tag !== '' ? Buffer.from(`\r\n__exception__\r\n${tag}\r\n`) : null
}

/** As much of the end as the block of an error takes. */
const tailBytes = 20_000

const faultIn = (tail: Buffer, mark: Buffer | null): Error | null => {
  const at = mark === null ? -1 : tail.indexOf(mark)
  if (at < 0) return null
  const words = tail.subarray(at + (mark?.length ?? 0)).toString('utf8')
  return Object.assign(new Error(words), { code: /Code: (\d+)/.exec(words)?.[1] ?? '' })
}

/**
 * RowBinary as it comes; leaving the loop early ends the query in the engine. The end of the answer comes last, once it is known to be no
 * error. Throws as queryRows does, also in mid-stream.
 */
export async function* streamBytes(events: TenantEvents, statement: Sql, o: QueryOptions = {}): AsyncGenerator<Buffer> {
  const inside = insideOf(events)
  const { query, params } = render(statement)
  const left = new AbortController()
  const deadline = deadlineOf(o.signal, o.timeoutMs ?? inside.connection.limits.queryTimeoutMs)
  try {
    deadline.signal.throwIfAborted()
    const { stream, response_headers } = await inside.connection.clientFor(inside.database).exec({
      query: `${query} FORMAT RowBinary`,
      query_params: params,
      abort_signal: AbortSignal.any([deadline.signal, left.signal]),
      clickhouse_settings: { ...readSettings(inside, o), max_result_bytes: '0' },
    })
    const mark = endMark(response_headers)
    let held: Buffer = Buffer.alloc(0)
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      if (held.length <= tailBytes * 4) continue
      yield held.subarray(0, held.length - tailBytes)
      held = held.subarray(held.length - tailBytes)
    }
    const fault = faultIn(held, mark)
    if (fault !== null) throw fault
    if (held.length > 0) yield held
  } catch (error) {
    throw deadline.told(error)
  } finally {
    left.abort()
  }
}
