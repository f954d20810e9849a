// What state the rows of a tenant are in, told by the engine itself: every insert, deletion and merge makes parts with names
// that were never there before. Nobody has to remember to raise a counter, and a crash between two stores forgets none.
import type { TenantEvents } from '../platform/ctx.ts'
import { param, raw, sql } from '../platform/sql.ts'
import { localName } from './ddl.ts'
import { insideOf } from './handle.ts'
import { queryRows } from './query.ts'

/** The same text is the same rows. A merge changes it too, although no row does. */
export const revisionOf = async (events: TenantEvents, signal: AbortSignal): Promise<string> => {
  const { connection, database } = insideOf(events)
  const parts = connection.cluster === null ? raw('system.parts') : raw(`cluster('${connection.cluster}', system.parts)`)
  const name = connection.cluster === null ? 'events' : localName('events')
  const { rows } = await queryRows<{ parts: string; rows_of_parts: string; names: string }>(
    events,
    sql`SELECT count() AS parts, sum(rows) AS rows_of_parts, hex(sipHash128(arraySort(groupArray(name)))) AS names
      FROM ${parts} WHERE database = ${param('String', database)} AND table = ${param('String', name)} AND active`,
    { signal, isOwnWork: true },
  )
  const [found] = rows
  return `${found?.parts ?? 0} ${found?.rows_of_parts ?? 0} ${found?.names ?? ''}`
}
