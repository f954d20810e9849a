import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withEventStore } from '../../../test/harness/event-store.ts'
import { rowBinary } from '../../../test/harness/row-binary.ts'
import { blockDirOf, execute, queryRows, storedTable, table } from '../../events/query.ts'
import type { TenantEvents } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { param, sql } from '../../platform/sql.ts'
import { rowsOf, storeFresh, storeNew } from './store-rows.ts'

const harness = withEventStore()

const idOf = (n: number): Buffer => Buffer.alloc(16, n)
const blockOf = (events: TenantEvents, importId: string, ids: readonly number[]): string => {
  const block = `${randomUUID()}/0.rows`
  mkdirSync(dirname(join(blockDirOf(events), block)), { recursive: true })
  const rows = ids.map((n) => ({ id: idOf(n), import_id: importId, batch: 1, row_number: n, artifact: 'A' }))
  writeFileSync(join(blockDirOf(events), block), rowBinary(rows))
  return block
}
const deliveriesOf = async (events: TenantEvents, importId: string): Promise<number> => {
  const { rows } = await queryRows<{ n: string }>(
    events,
    sql`SELECT uniqExact(id) AS n FROM ${table(events, 'deliveries')} WHERE import_id = ${param('UUID', importId)}`,
  )
  return Number(rows[0]?.n)
}
/** As an engine leaves it that was killed after it noted a token and before it put the rows in place. */
const loseRows = (events: TenantEvents, name: 'events' | 'deliveries', importId: string): Promise<void> =>
  execute(events, sql`DELETE FROM ${storedTable(events, name)} WHERE import_id = ${param('UUID', importId)}`)

describe('a batch that is sent again', () => {
  it('is stored although the engine remembers its token and has no row of it', async () => {
    const { events } = await harness.createTenant()
    const key = { import_id: newId(), attempt: 1, batch: 1 }
    const block = blockOf(events, key.import_id, [1, 2, 3])
    await storeFresh(events, key, { block, rows: 3, isRepeat: false })
    await loseRows(events, 'events', key.import_id)
    await storeFresh(events, key, { block, rows: 3, isRepeat: true })
    expect(await rowsOf(events, key.import_id)).toBe(3)
    await storeFresh(events, key, { block, rows: 3, isRepeat: true })
    expect(await rowsOf(events, key.import_id)).toBe(3)
  })

  it('is stored beside rows that are there already, and its deliveries are noted', async () => {
    const { events } = await harness.createTenant()
    const first = { import_id: newId(), attempt: 1, batch: 1 }
    await storeFresh(events, first, { block: blockOf(events, first.import_id, [1, 2]), rows: 2, isRepeat: false })
    const key = { import_id: newId(), attempt: 1, batch: 1 }
    const block = blockOf(events, key.import_id, [2, 3, 4])
    expect(await storeNew(events, key, { block, isRepeat: false })).toEqual([{ artifact: 'A', stored: 2 }])
    await loseRows(events, 'events', key.import_id)
    await loseRows(events, 'deliveries', key.import_id)
    expect(await storeNew(events, key, { block, isRepeat: true })).toEqual([{ artifact: 'A', stored: 2 }])
    expect([await rowsOf(events, first.import_id), await rowsOf(events, key.import_id)]).toEqual([2, 2])
    expect(await deliveriesOf(events, key.import_id)).toBe(1)
  })
})
