// Rules that need value lists, read with those of the tenant.
import { sql } from 'kysely'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import type { StoredRule } from '../reading/stored-rule.ts'
import { packsHere } from '../store-here.ts'

export interface ValueListRow {
  name: string
  description: string
  values: string[]
  changed_by_name: string
  changed_at: Date
}

/** Which lists there are, in a few characters: the same text means the same lists. */
export const listsMark = (db: TenantDb): Promise<string> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ mark: string | null }>`
      select md5(string_agg(name || chr(1) || array_to_string(values, chr(2)), chr(3) order by name)) as mark from rule_value_lists
      where tenant_id = ${tenantIdOf(db)}`.execute(q)
    return rows[0]?.mark ?? ''
  })

export const allLists = (db: TenantDb): Promise<ValueListRow[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<ValueListRow>`
      select name, description, values, changed_by_name, changed_at from rule_value_lists order by lower(name)`.execute(q)
    return rows
  })

export interface NeedsLists {
  rule_id: string
  version: number
  path: string
  text: string
  hash: string
}

/** Rules of this tenant that need lists and were not read with these. */
export const unreadWithLists = (db: TenantDb, readBy: string): Promise<NeedsLists[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<NeedsLists>`
      select v.rule_id, v.version, v.path, v.text, v.hash
      from rule_versions v join ${packsHere} p on p.tenant_id = v.tenant_id and p.id = v.pack_id
      where v.needs_lists and v.since_pack <= p.has and (v.until_pack is null or v.until_pack > p.has)
        and not exists (select from rule_readings g where g.rule_id = v.rule_id and g.version = v.version and g.read_by = ${readBy})`.execute(
      q,
    )
    return rows
  })

export const putReadings = (
  db: TenantDb,
  readBy: string,
  readings: readonly (Pick<NeedsLists, 'rule_id' | 'version'> & { read: StoredRule })[],
): Promise<void> =>
  inTenant(db, async (q) => {
    for (const { rule_id, version, read } of readings)
      await sql`insert into rule_readings (tenant_id, rule_id, version, read_by, state, reason_codes, reasons, used_fields, document)
        values (${tenantIdOf(db)}, ${rule_id}, ${version}, ${readBy}, ${read.state}, ${read.reason_codes},
          ${JSON.stringify(read.reasons)}::jsonb, ${read.used_fields}, ${read.document})
        on conflict (tenant_id, rule_id) do update set version = excluded.version, read_by = excluded.read_by, state = excluded.state,
          reason_codes = excluded.reason_codes, reasons = excluded.reasons, used_fields = excluded.used_fields,
          document = excluded.document`.execute(q)
  })

/** Of rules of this tenant that have placeholders. */
export const textsWithPlaceholders = (db: TenantDb): Promise<string[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ text: string }>`
      select v.text from rule_versions v join ${packsHere} p on p.tenant_id = v.tenant_id and p.id = v.pack_id
      where v.needs_lists and v.since_pack <= p.has and (v.until_pack is null or v.until_pack > p.has)`.execute(q)
    return rows.map((row) => row.text)
  })
