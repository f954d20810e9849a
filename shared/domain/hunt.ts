// What hunters keep: the state of Explore as data, and the names that tags and placeholders may have. Both sides check by it.
import { z } from 'zod'

/** Explore's state, as a saved search and the history keep it. What later views add to the address travels in `others`. */
export const savedState = z
  .strictObject({
    view: z
      .string()
      .regex(/^[a-z]{1,40}$/)
      .describe('Which view of Explore: rows, stack, timeline'),
    q: z.string().max(65_536),
    pills: z.array(z.strictObject({ text: z.string().min(1).max(65_536), is_off: z.boolean() })).max(200),
    from: z.string().max(64).nullable().describe('RFC 3339, or `now-7d`; null is open'),
    to: z.string().max(64).nullable(),
    sort: z.string().max(300).nullable(),
    cols: z.array(z.string().max(300)).max(200).nullable(),
    imports: z.array(z.uuid()).max(1000),
    artifacts: z.array(z.string().max(300)).max(1000),
    hosts: z.array(z.uuid()).max(1000),
    others: z.record(z.string().max(40), z.string().max(4096)).describe('Other parameters of the address of the view'),
  })
  .meta({ id: 'SearchState' })
export type SavedState = z.infer<typeof savedState>
/** Of one state as JSON. */
export const stateLimitBytes = 200_000

export const parameterTypes = ['text', 'pattern', 'number', 'time'] as const
export const searchParameter = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
  type: z.enum(parameterTypes).describe('`pattern`: text in which * and ? are wildcards'),
  default: z.string().max(4096).nullable(),
})
export type SearchParameter = z.infer<typeof searchParameter>

/** A tag as it is kept: in lower case, blanks folded. Null for what is none. */
export const cleanTag = (given: string): string | null => {
  const tag = given.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase()
  return tag.length >= 1 && tag.length <= tagLength && /^[\p{L}\p{N}_#@][\p{L}\p{N}\p{M}_.:/@#+ -]*$/u.test(tag) ? tag : null
}
export const tagLength = 60
export const tagWords = `A tag has 1 to ${tagLength} letters, digits, blanks or any of _ . : / @ # + - and begins with a letter, a digit, _, @ or #.`

export const noticeKinds = ['schedule.found', 'schedule.failed', 'schedule.stopped'] as const
export type NoticeKind = (typeof noticeKinds)[number]
export interface NoticeFacts {
  schedule_id: string
  search_id: string
  search_name: string
  rows?: number
  since?: string
  until?: string
  reason?: string
}

/** Fields of the language that stand for what people wrote beside rows. An artifact's own column of that name is `raw.` and the name. */
export const noteFields = ['tag', 'comment'] as const
export type NoteField = (typeof noteFields)[number]
export const noteField = (name: string): NoteField | null => noteFields.find((one) => one === name.toLowerCase()) ?? null
