// Indicators of the control plane, one by one and in pages.
import { type Selectable, sql, type Transaction } from 'kysely'
import type { IndicatorListsTable, IndicatorsTable } from '../../db/detect/tables-indicators.ts'
import type { Tables } from '../../db/tables.ts'
import { inTenant, tenantIdOf } from '../../db/tenant.ts'
import type { TenantDb } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import type { IndicatorKind, IndicatorState, Tlp } from '../../../shared/domain/indicators.ts'
import type { ReadIndicator } from './reading/read-any.ts'

type Q = Transaction<Tables>
export type IndicatorRow = Selectable<IndicatorsTable> & { list_name: string; is_allow_list: boolean; allowed_by_name: string | null }

const columns = sql`i.*, l.name as list_name, l.is_allow_list,
  (select a.name from indicator_lists a where a.tenant_id = i.tenant_id and a.id = i.allowed_by) as allowed_by_name`
const joined = sql`indicators i join indicator_lists l on l.tenant_id = i.tenant_id and l.id = i.list_id`

const atOnce = 10_000
export const indicatorsById = async (db: TenantDb, ids: readonly string[]): Promise<IndicatorRow[]> => {
  const found: IndicatorRow[] = []
  for (let from = 0; from < ids.length; from += atOnce) {
    const part = ids.slice(from, from + atOnce)
    const { rows } = await inTenant(db, (q) =>
      sql<IndicatorRow>`select ${columns} from ${joined} where i.id = any(${part}::uuid[])`.execute(q),
    )
    found.push(...rows)
  }
  return found
}

export const hasIndicators = (db: TenantDb): Promise<boolean> =>
  inTenant(db, async (q) => (await q.selectFrom('indicators').select('id').limit(1).executeTakeFirst()) !== undefined)

export const noteTooCommon = (db: TenantDb, rows: ReadonlyMap<string, number>): Promise<void> =>
  inTenant(db, async (q) => {
    if (rows.size === 0) return
    await sql`update indicators i set too_common_rows = n.rows from unnest(${[...rows.keys()]}::uuid[], ${[...rows.values()]}::bigint[]) as n(id, rows)
      where i.id = n.id`.execute(q)
  })

/** What was too common may be so no longer. */
export const forgetTooCommon = (db: TenantDb, listId: string | null): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`update indicators set too_common_rows = null where too_common_rows is not null and ${listId === null ? sql`true` : sql`list_id = ${listId}`}`.execute(
      q,
    )
  })

export interface Defaults {
  source: string
  tlp: Tlp
  confidence: number | null
  valid_until: string | null
  description: string
}

const insertAtOnce = 5000

/** How many are new. What is there already keeps what is said of it, but for a later expiry. */
export const insertIndicators = async (
  db: TenantDb,
  of: { list_id: string; batch_id: string; at: Date },
  indicators: readonly ReadIndicator[],
  defaults: Defaults,
): Promise<number> => {
  let added = 0
  for (let from = 0; from < indicators.length; from += insertAtOnce) {
    const part = indicators.slice(from, from + insertAtOnce)
    const one = <T>(pick: (indicator: ReadIndicator) => T): T[] => part.map(pick)
    added += await inTenant(db, async (q) => {
      const { rows } = await sql<{ is_new: boolean }>`
        insert into indicators as i (tenant_id, id, list_id, batch_id, kind, value, shown, source, tlp, confidence, valid_until, description, created_at)
        select ${tenantIdOf(db)}::uuid, id, ${of.list_id}::uuid, ${of.batch_id}::uuid, kind, value, shown, source, tlp, confidence, valid_until, description, ${of.at}::timestamptz
        from unnest(${one(() => newId())}::uuid[], ${one((i) => i.kind)}::text[], ${one((i) => i.value)}::text[], ${one((i) => i.shown)}::text[],
          ${one((i) => i.source || defaults.source)}::text[], ${one((i) => i.tlp ?? defaults.tlp)}::text[],
          ${one((i) => i.confidence ?? defaults.confidence)}::int[], ${one((i) => i.valid_until ?? defaults.valid_until)}::timestamptz[],
          ${one((i) => i.description || defaults.description)}::text[])
          as g(id, kind, value, shown, source, tlp, confidence, valid_until, description)
        on conflict (tenant_id, list_id, kind, value) do update set valid_until = excluded.valid_until
          where i.valid_until < coalesce(excluded.valid_until, 'infinity')
        returning (xmax = 0) as is_new`.execute(q)
      return rows.filter((row) => row.is_new).length
    })
  }
  return added
}

export const findInList = (db: TenantDb, listId: string, kind: IndicatorKind, value: string): Promise<IndicatorRow | undefined> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<IndicatorRow>`
      select ${columns} from ${joined} where i.list_id = ${listId} and i.kind = ${kind} and i.value = ${value}`.execute(q)
    return rows[0]
  })

export interface Page {
  list_id: string
  text?: string | undefined
  kind?: IndicatorKind | undefined
  state?: IndicatorState | undefined
  /** Null: all. */
  ids: readonly string[] | null
  skip: number
  limit: number
  now: Date
}

const contains = (text: string): string => `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
const expired = (now: Date) => sql`(i.valid_until is not null and i.valid_until <= ${now})`
const inState = (state: IndicatorState, now: Date) =>
  ({
    allowed: sql`i.allowed_by is not null`,
    expired: sql`(i.allowed_by is null and ${expired(now)})`,
    too_common: sql`(i.allowed_by is null and not ${expired(now)} and i.too_common_rows is not null)`,
    active: sql`(i.allowed_by is null and not ${expired(now)} and i.too_common_rows is null)`,
  })[state]

export const stateOf = (row: IndicatorRow, now: Date): IndicatorState => {
  if (row.allowed_by !== null) return 'allowed'
  if (row.valid_until !== null && row.valid_until <= now) return 'expired'
  return row.too_common_rows === null ? 'active' : 'too_common'
}

export const pageOf = (db: TenantDb, o: Page): Promise<{ items: IndicatorRow[]; total: number }> =>
  inTenant(db, async (q) => {
    const pattern = contains(o.text ?? '')
    const wheres = [
      sql`i.list_id = ${o.list_id}`,
      ...(o.text === undefined || o.text === ''
        ? []
        : [sql`(lower(i.value) like ${pattern} or lower(i.description) like ${pattern} or lower(i.source) like ${pattern})`]),
      ...(o.kind === undefined ? [] : [sql`i.kind = ${o.kind}`]),
      ...(o.state === undefined ? [] : [inState(o.state, o.now)]),
      ...(o.ids === null ? [] : [sql`i.id = any(${o.ids}::uuid[])`]),
    ]
    const where = sql.join(wheres, sql` and `)
    const { rows: items } = await sql<IndicatorRow>`
      select ${columns} from ${joined} where ${where} order by i.created_at desc, i.id limit ${o.limit} offset ${o.skip}`.execute(q)
    const { rows: sums } = await sql<{ n: number }>`select count(*) as n from indicators i where ${where}`.execute(q)
    return { items, total: sums[0]?.n ?? 0 }
  })

export interface Change {
  description?: string | undefined
  source?: string | undefined
  tlp?: Tlp | undefined
  confidence?: number | null | undefined
  valid_until?: string | null | undefined
}

/** False: there is none. */
export const changeIndicatorRow = (db: TenantDb, id: string, change: Change): Promise<boolean> =>
  inTenant(db, async (q) => {
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    const found = await q.selectFrom('indicators').select('id').where('id', '=', id).forUpdate().executeTakeFirst()
    if (found !== undefined && Object.keys(given).length > 0) await q.updateTable('indicators').set(given).where('id', '=', id).execute()
    return found !== undefined
  })

export const removeRows = (db: TenantDb, ids: readonly string[]): Promise<{ id: string; is_allow_list: boolean }[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ id: string; is_allow_list: boolean }>`
      delete from indicators i using indicator_lists l
      where l.tenant_id = i.tenant_id and l.id = i.list_id and i.id = any(${ids}::uuid[]) returning i.id, l.is_allow_list`.execute(q)
    return rows
  })

/**
 * Writes down which indicators stand in the known good: the same value, an address in a range, a name below a name.
 * Those of lists of the known good are none themselves.
 */
export const settleAllowed = (db: TenantDb): Promise<void> =>
  inTenant(db, async (q: Q) => {
    await sql`set local statement_timeout = '300s'`.execute(q)
    await sql`
      with good as (select i.kind, i.value, i.list_id from indicators i join indicator_lists l on l.tenant_id = i.tenant_id and l.id = i.list_id
          where l.is_allow_list and (i.valid_until is null or i.valid_until > now())),
        bad as (select i.tenant_id, i.id, i.kind, i.value, i.allowed_by from indicators i
          join indicator_lists l on l.tenant_id = i.tenant_id and l.id = i.list_id where not l.is_allow_list),
        same as (
          select b.id, g.list_id from bad b join good g on g.kind = b.kind and g.value = b.value
          union all select b.id, g.list_id from bad b join good g on b.kind = 'domain' and g.kind = 'domain' and b.value like '%.' || g.value
          union all select b.id, g.list_id from (select * from bad where kind in ('ip', 'ip_range') offset 0) b
            join (select * from good where kind = 'ip_range' offset 0) g on b.value::inet <<= g.value::inet),
        now_allowed as (select b.id, (select s.list_id from same s where s.id = b.id limit 1) as by_list from bad b
          where b.allowed_by is not null or b.id in (select id from same))
      update indicators i set allowed_by = n.by_list from now_allowed n where i.id = n.id and i.allowed_by is distinct from n.by_list`.execute(
      q,
    )
  })

export type ListRow = Selectable<IndicatorListsTable> & {
  indicators: number
  expired: number
  allowed: number
  last_batch_at: Date | null
}
