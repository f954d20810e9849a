import type { EventDetail } from '../../../shared/contract/search.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { notFound } from '../../platform/errors.ts'
import { resolveHostKeys } from '../hosts/index.ts'
import { together } from './question.ts'
import { type StoredDetail, toEventDetail } from './answer/rows.ts'
import { deliveriesOf, findRow, sameRecord, type WindowsRecord } from './store.ts'
import { ecsColumns } from '../../events/columns.data.ts'

const positions = new Map(ecsColumns.map((c, i) => [c.name, i]))
const valueOf = (row: StoredDetail, column: string): string => String(row.ecs[positions.get(column) ?? -1] ?? '')

/** Null for a row that is no record of a Windows log. */
const recordOf = (row: StoredDetail): WindowsRecord | null => {
  const record = {
    computer: valueOf(row, 'winlog_computer_name'),
    channel: valueOf(row, 'winlog_channel'),
    record_id: valueOf(row, 'winlog_record_id'),
  }
  return record.computer === '' || record.channel === '' || record.record_id === '' ? null : record
}

export const getEvent = async (ctx: Ctx, id: string): Promise<EventDetail> => {
  const row = await findRow(ctx.events, id, ctx.signal)
  if (row === null) throw notFound('row')
  const record = recordOf(row)
  const [also_in, same_record, hostIds] = await together<[string[], { id: string; artifact: string }[], Map<string, string>]>(
    ctx,
    (signal) => [
      deliveriesOf(ctx.events, id, signal),
      record === null ? Promise.resolve([]) : sameRecord(ctx.events, id, record, signal),
      resolveHostKeys(ctx, [row.host_key]),
    ],
  )
  return toEventDetail(row, hostIds, { also_in: also_in.filter((i) => i !== row.import_id), same_record })
}
