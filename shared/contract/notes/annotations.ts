// What people write beside exact rows. A row's id is a hash of what it is: what is written stays with it, also where the import
// that delivered it is gone, and is there again when another one brings it back.
import { z } from 'zod'
import { count, paging, time, uuid } from '../paging.ts'
import { route } from '../route.ts'
import { filter } from '../search.ts'

export const rowIdText = z.string().regex(/^[0-9a-f]{32}$/)
/** So many rows can be tagged in one call, and looked up in one. */
export const rowsPerCall = 1000
export const tagsPerRow = 50
export const commentsPerRow = 500
export const commentLength = 10_000

const tagText = z.string().min(1).max(200).describe('Kept in lower case')
const rowTag = z.object({ tag: z.string(), by: z.string(), at: time })
const comment = z
  .object({
    id: uuid,
    row_id: rowIdText,
    body: z.string(),
    author_id: uuid.nullable(),
    author: z.string(),
    created_at: time,
    edited_at: time.nullable(),
  })
  .meta({ id: 'RowComment' })
export type RowComment = z.infer<typeof comment>

const annotated = z.object({ row_id: rowIdText, tags: z.array(z.string()), comments: count })
export type Annotated = z.infer<typeof annotated>

export const lookUpAnnotations = route({
  method: 'POST',
  path: '/api/annotations/look-up',
  tag: 'annotations',
  summary: 'The tags and the number of comments of up to 1,000 rows; rows without any are left out',
  permission: 'search',
  body: z.strictObject({ ids: z.array(rowIdText).max(rowsPerCall) }),
  response: z.object({ annotations: z.array(annotated) }),
})

export const rowAnnotations = z
  .object({
    row_id: rowIdText,
    is_stored: z.boolean().describe('False: no import delivers the row now, and what was written about it is kept'),
    artifact: z.string(),
    host_name: z.string(),
    tags: z.array(rowTag),
    comments: z.array(comment).describe('Oldest first'),
  })
  .meta({ id: 'RowAnnotations' })
export type RowAnnotations = z.infer<typeof rowAnnotations>

export const getAnnotations = route({
  method: 'GET',
  path: '/api/annotations/rows/:event_id',
  tag: 'annotations',
  summary: 'What is written about one row',
  permission: 'search',
  params: z.strictObject({ event_id: rowIdText }),
  response: rowAnnotations,
})

export const changeTags = route({
  method: 'POST',
  path: '/api/annotations/tags',
  tag: 'annotations',
  summary: 'Put tags on up to 1,000 rows, and take others off; all of it or nothing',
  permission: 'hunt.write',
  body: z.strictObject({
    row_ids: z.array(rowIdText).min(1).max(rowsPerCall),
    add: z.array(tagText).max(20).default([]),
    remove: z.array(tagText).max(20).default([]),
  }),
  response: z
    .object({ rows: count, added: count, removed: count })
    .describe('Rows asked for; tags put on and taken off, those that were so already not counted'),
})

export const listTags = route({
  method: 'GET',
  path: '/api/annotations/tags',
  tag: 'annotations',
  summary: 'Every tag of the tenant, with how many rows have it',
  permission: 'search',
  response: z.object({
    tags: z.array(z.object({ tag: z.string(), rows: count })).describe('The commonest first, at most 1,000'),
    distinct: count,
    tagged_rows: count,
    commented_rows: count,
  }),
})

export const listAnnotated = route({
  method: 'GET',
  path: '/api/annotations',
  tag: 'annotations',
  summary: 'Rows that something is written about, the newest note first; also those that are stored no longer',
  permission: 'search',
  total: true,
  query: z.strictObject({
    ...paging,
    tag: z.string().max(200).optional(),
    text: z.string().max(200).optional().describe('Somewhere in a comment'),
  }),
  response: z.array(
    z.object({
      row_id: rowIdText,
      is_stored: z.boolean(),
      artifact: z.string(),
      host_name: z.string(),
      tags: z.array(z.string()),
      comments: count,
      last_comment: z.string().nullable(),
      last_at: time,
    }),
  ),
})

const commentBody = z.strictObject({ body: z.string().trim().min(1).max(commentLength) })

export const addComment = route({
  method: 'POST',
  path: '/api/annotations/rows/:event_id/comments',
  tag: 'annotations',
  summary: 'Write a comment about a row',
  permission: 'hunt.write',
  params: z.strictObject({ event_id: rowIdText }),
  body: commentBody,
  status: 201,
  response: comment,
})

export const editComment = route({
  method: 'PUT',
  path: '/api/annotations/comments/:comment_id',
  tag: 'annotations',
  summary: 'Change one of my own comments',
  permission: 'hunt.write',
  params: z.strictObject({ comment_id: uuid }),
  body: commentBody,
  response: comment,
})

export const deleteComment = route({
  method: 'DELETE',
  path: '/api/annotations/comments/:comment_id',
  tag: 'annotations',
  summary: 'Delete one of my own comments',
  permission: 'hunt.write',
  params: z.strictObject({ comment_id: uuid }),
  status: 204,
  response: z.null(),
})

export const tagFacet = route({
  method: 'POST',
  path: '/api/search/tags',
  tag: 'search',
  summary: 'The tags of the rows found, with how many of them have each',
  permission: 'search',
  body: z.strictObject(filter),
  response: z.object({
    tags: z.array(z.object({ tag: z.string(), rows: count })),
    tagged: count.describe('Rows found that have any tag'),
    took_ms: z.number(),
  }),
})
