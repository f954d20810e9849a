import { type RawBuilder, sql } from 'kysely'
import { inTenant } from '../../db/tenant.ts'
import type { TenantDb } from '../../platform/ctx.ts'

export interface TagCount {
  tag: string
  rows: number
}

export const countTags = (
  db: TenantDb,
  limit: number,
): Promise<{ tags: TagCount[]; distinct: number; tagged_rows: number; commented_rows: number }> =>
  inTenant(db, async (q) => {
    const { rows: tags } = await sql<TagCount>`
      select tag, count(*) as rows from row_tags group by tag order by count(*) desc, tag limit ${limit}`.execute(q)
    const { rows: sums } = await sql<{ distinct: number; tagged_rows: number; commented_rows: number }>`
      select (select count(distinct tag) from row_tags) as distinct, (select count(distinct row_id) from row_tags) as tagged_rows,
        (select count(distinct row_id) from row_comments) as commented_rows`.execute(q)
    return { tags, ...(sums[0] ?? { distinct: 0, tagged_rows: 0, commented_rows: 0 }) }
  })

const contains = (text: string): string => `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`

export interface AnnotatedRow {
  row_id: string
  artifact: string
  host_name: string
  tags: string[]
  comments: number
  last_comment: string | null
  last_at: Date
}

export const annotatedRows = (
  db: TenantDb,
  o: { tag: string | null; text: string | null; skip: number; limit: number },
): Promise<{ items: AnnotatedRow[]; total: number }> =>
  inTenant(db, async (q) => {
    const tagged = o.tag === null ? sql`true` : sql`exists (select from row_tags t where t.row_id = a.row_id and t.tag = ${o.tag})`
    const said =
      o.text === null
        ? sql`true`
        : sql`exists (select from row_comments c where c.row_id = a.row_id and lower(c.body) like ${contains(o.text)})`
    const { rows: items } = await sql<AnnotatedRow>`
      select a.row_id, a.artifact, a.host_name,
        array(select t.tag from row_tags t where t.row_id = a.row_id order by t.tag) as tags,
        (select count(*) from row_comments c where c.row_id = a.row_id) as comments,
        (select c.body from row_comments c where c.row_id = a.row_id order by c.created_at desc, c.id limit 1) as last_comment,
        greatest((select max(created_at) from row_tags t where t.row_id = a.row_id),
          (select max(coalesce(edited_at, created_at)) from row_comments c where c.row_id = a.row_id), a.created_at) as last_at
      from annotated_rows a where ${tagged} and ${said} order by last_at desc, a.row_id limit ${o.limit} offset ${o.skip}`.execute(q)
    const { rows: sums } = await sql<{ n: number }>`select count(*) as n from annotated_rows a where ${tagged} and ${said}`.execute(q)
    return { items, total: sums[0]?.n ?? 0 }
  })

/** What a row must have written about it; a pattern is one of LIKE, in lower case. */
export type NoteTest = { kind: 'exists' } | { kind: 'like'; pattern: string }

const rowsHaving = (which: 'tag' | 'comment', test: NoteTest): RawBuilder<{ row_id: string }> => {
  if (which === 'tag')
    return test.kind === 'exists'
      ? sql`select distinct row_id from row_tags`
      : sql`select distinct row_id from row_tags where tag like ${test.pattern}`
  return test.kind === 'exists'
    ? sql`select distinct row_id from row_comments`
    : sql`select distinct row_id from row_comments where lower(body) like ${test.pattern}`
}

/** At most `limit` of them, in order. */
export const rowsNoted = (db: TenantDb, which: 'tag' | 'comment', test: NoteTest, limit: number): Promise<string[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ row_id: string }>`${rowsHaving(which, test)} order by row_id limit ${limit}`.execute(q)
    return rows.map((row) => row.row_id)
  })

/** How many there are. */
export const countNoted = (db: TenantDb, which: 'tag' | 'comment', test: NoteTest): Promise<number> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from (${rowsHaving(which, test)}) found`.execute(q)
    return rows[0]?.n ?? 0
  })

/** The tags of those rows, row by row. */
export const tagsOfRows = (db: TenantDb, limit: number): Promise<{ row_id: string; tag: string }[]> =>
  inTenant(db, (q) => q.selectFrom('row_tags').select(['row_id', 'tag']).orderBy('row_id').orderBy('tag').limit(limit).execute())
