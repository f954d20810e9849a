// Every table with rows of tenants, as the catalog knows them: what a later migration adds is exported and erased without
// anyone thinking of it.
import { sql, type Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

type Q = Transaction<Tables>

export interface TenantTable {
  name: string
  may_read: boolean
  may_delete: boolean
  /** Those that the login role may read. */
  columns: string[]
  key: { name: string; type: string }[]
  parents: string[]
}

/** What refers to others before what it refers to. */
const childrenFirst = (tables: readonly TenantTable[]): TenantTable[] => {
  const ordered: TenantTable[] = []
  let rest = [...tables]
  while (rest.length > 0) {
    const wanted = new Set(rest.flatMap((table) => table.parents.filter((parent) => parent !== table.name)))
    const free = rest.filter((table) => !wanted.has(table.name))
    if (free.length === 0) throw new Error(`these tables refer to each other in a circle: ${rest.map((t) => t.name).join(', ')}`)
    ordered.push(...free)
    rest = rest.filter((table) => wanted.has(table.name))
  }
  return ordered
}

/** With the rights of the login role whose transaction it is. */
export const tenantTables = async (q: Q): Promise<TenantTable[]> => {
  const { rows } = await sql<TenantTable>`
    select c.relname::text as name,
      has_any_column_privilege(c.oid, 'select') as may_read, has_table_privilege(c.oid, 'delete') as may_delete,
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and has_column_privilege(c.oid, a.attnum, 'select') order by a.attnum) as columns,
      coalesce((select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null)) order by k.place)
        from pg_index i cross join unnest(i.indkey) with ordinality k(attnum, place)
          join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
        where i.indrelid = c.oid and i.indisprimary), '[]') as key,
      array(select f.relname::text from pg_constraint k join pg_class f on f.oid = k.confrelid where k.conrelid = c.oid and k.contype = 'f')
        as parents
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
    order by c.relname`.execute(q)
  return childrenFirst(rows)
}

/** Tables of what a person has beside the account itself. */
export const tablesOfPeople = async (q: Q): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select distinct c.relname::text as name
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
    where k.contype = 'f' and k.confrelid = 'users'::regclass and a.attname = 'user_id' and c.relname <> 'memberships'
      and has_table_privilege(c.oid, 'delete')
    order by 1`.execute(q)
  return rows.map((row) => row.name)
}
