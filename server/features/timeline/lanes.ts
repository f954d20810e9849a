import { kinds } from '../../../shared/contract/hunt/timeline.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { raw, type Sql } from '../../platform/sql.ts'
import { fieldNamed, oneValue } from '../search/index.ts'

export interface Lanes {
  /** The lane of a row as text; '' where it has none. */
  value: Sql
  /** Those to show, where they are known beforehand. */
  fixed: readonly string[] | null
}

/** By the columns alone: a service, a task or an autostart entry has a `service_name`; the rest is the row's category. */
const kindOfRow = raw(`multiIf(service_name != '', 'Persistence', event_category = 'process', 'Processes', event_category = 'file', 'Files',
  event_category = 'network', 'Network', event_category = 'authentication', 'Logons', '')`)

const named: Readonly<Record<string, string>> = { host: 'host_name', category: 'event_category' }

/** @throws AppError `validation` for a field that nobody knows. */
export const lanesOf = async (ctx: Ctx, name: string): Promise<Lanes> => {
  if (name === 'kind') return { value: kindOfRow, fixed: kinds }
  const field = await fieldNamed(ctx, named[name] ?? name, 'lanes')
  return { value: oneValue(field), fixed: null }
}
