import { type Selectable, sql, type Transaction } from 'kysely'
import type { RowCommentsTable } from '../../db/hunt/tables-hunt.ts'
import type { Tables } from '../../db/tables.ts'
import { inTenant, tenantIdOf } from '../../db/tenant.ts'
import type { TenantDb } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import type { StoredRow } from './store-rows.ts'

type Q = Transaction<Tables>
export type CommentRow = Selectable<RowCommentsTable>
export interface Author {
  id: string | null
  name: string
}

/** Text that came with evidence may hold what PostgreSQL refuses. */
const plain = (text: string): string => text.toWellFormed().replaceAll('\0', '\u2400')

/** Rows that something is written about already, whether they are stored now or not. */
export const knownRows = (db: TenantDb, ids: readonly string[]): Promise<Map<string, StoredRow>> =>
  inTenant(db, async (q) => {
    if (ids.length === 0) return new Map()
    const rows = await q
      .selectFrom('annotated_rows')
      .select(['row_id', 'artifact', 'host_name'])
      .where(sql<boolean>`row_id = any(${ids})`)
      .execute()
    return new Map(rows.map((row) => [row.row_id, row]))
  })

/** Notes the rows, and holds them until the transaction ends, always in one order. */
const lockRows = async (q: Q, tenantId: string, rows: readonly StoredRow[]): Promise<void> => {
  const ordered = [...rows].sort((a, b) => (a.row_id < b.row_id ? -1 : 1))
  await sql`insert into annotated_rows (tenant_id, row_id, artifact, host_name)
    select ${tenantId}::uuid, row_id, artifact, host_name
    from unnest(${ordered.map((r) => r.row_id)}::text[], ${ordered.map((r) => plain(r.artifact))}::text[],
      ${ordered.map((r) => plain(r.host_name))}::text[]) as given(row_id, artifact, host_name)
    order by row_id
    on conflict (tenant_id, row_id) do update set artifact = annotated_rows.artifact`.execute(q)
}

/** Rows about which nothing is left are forgotten. The caller holds them. */
const forgetBare = async (q: Q, ids: readonly string[]): Promise<void> => {
  await sql`delete from annotated_rows a where a.row_id = any(${ids})
    and not exists (select from row_tags t where t.tenant_id = a.tenant_id and t.row_id = a.row_id)
    and not exists (select from row_comments c where c.tenant_id = a.tenant_id and c.row_id = a.row_id)`.execute(q)
}

export interface TagChange {
  rows: readonly StoredRow[]
  add: readonly string[]
  remove: readonly string[]
  by: Author
  at: Date
}

/** @returns how many tags were put on and taken off, and how many rows have more than `most` then */
export const changeTagsOf = (db: TenantDb, o: TagChange, most: number): Promise<{ added: number; removed: number; over: number }> =>
  inTenant(db, async (q) => {
    const tenantId = tenantIdOf(db)
    const ids = o.rows.map((row) => row.row_id)
    await lockRows(q, tenantId, o.rows)
    const removed = await sql`delete from row_tags where row_id = any(${ids}) and tag = any(${o.remove}) returning 1`.execute(q)
    const added = await sql`insert into row_tags (tenant_id, row_id, tag, created_by, created_by_name, created_at)
      select ${tenantId}::uuid, row_id, tag, ${o.by.id}::uuid, ${o.by.name}, ${o.at}::timestamptz
      from unnest(${ids}::text[]) as r(row_id) cross join unnest(${o.add}::text[]) as t(tag)
      on conflict do nothing returning 1`.execute(q)
    const { rows: over } =
      await sql`select row_id from row_tags where row_id = any(${ids}) group by row_id having count(*) > ${most}`.execute(q)
    await forgetBare(q, ids)
    return { added: added.rows.length, removed: removed.rows.length, over: over.length }
  })

export interface RowNotes {
  row_id: string
  tags: string[]
  comments: number
}

export const notesOf = (db: TenantDb, ids: readonly string[]): Promise<RowNotes[]> =>
  inTenant(db, async (q) => {
    if (ids.length === 0) return []
    const { rows } = await sql<RowNotes>`
      select a.row_id,
        array(select t.tag from row_tags t where t.tenant_id = a.tenant_id and t.row_id = a.row_id order by t.tag) as tags,
        (select count(*) from row_comments c where c.tenant_id = a.tenant_id and c.row_id = a.row_id) as comments
      from annotated_rows a where a.row_id = any(${ids})`.execute(q)
    return rows
  })

export const tagsOfRow = (db: TenantDb, id: string): Promise<{ tag: string; created_by_name: string; created_at: Date }[]> =>
  inTenant(db, (q) =>
    q.selectFrom('row_tags').select(['tag', 'created_by_name', 'created_at']).where('row_id', '=', id).orderBy('tag').execute(),
  )

export const commentsOfRow = (db: TenantDb, id: string): Promise<CommentRow[]> =>
  inTenant(db, (q) => q.selectFrom('row_comments').selectAll().where('row_id', '=', id).orderBy('created_at').orderBy('id').execute())

/** Null when the row has `most` comments already. */
export const insertComment = (
  db: TenantDb,
  o: { row: StoredRow; body: string; by: Author; at: Date },
  most: number,
): Promise<CommentRow | null> =>
  inTenant(db, async (q) => {
    const tenant_id = tenantIdOf(db)
    await lockRows(q, tenant_id, [o.row])
    const { n } = await q
      .selectFrom('row_comments')
      .select(sql<number>`count(*)`.as('n'))
      .where('row_id', '=', o.row.row_id)
      .executeTakeFirstOrThrow()
    if (n >= most) return null
    const values = {
      tenant_id,
      id: newId(),
      row_id: o.row.row_id,
      body: plain(o.body),
      created_by: o.by.id,
      created_by_name: o.by.name,
      created_at: o.at,
    }
    return q.insertInto('row_comments').values(values).returningAll().executeTakeFirstOrThrow()
  })

export const lockComment = (db: TenantDb, id: string): Promise<CommentRow | undefined> =>
  inTenant(db, (q) => q.selectFrom('row_comments').selectAll().where('id', '=', id).forUpdate().executeTakeFirst())

export const updateComment = (db: TenantDb, id: string, o: { body: string; at: Date }): Promise<CommentRow> =>
  inTenant(db, (q) =>
    q
      .updateTable('row_comments')
      .set({ body: plain(o.body), edited_at: o.at })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow(),
  )

export const removeComment = (db: TenantDb, comment: { id: string; row_id: string }): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`select from annotated_rows where row_id = ${comment.row_id} for update`.execute(q)
    await q.deleteFrom('row_comments').where('id', '=', comment.id).execute()
    await forgetBare(q, [comment.row_id])
  })
