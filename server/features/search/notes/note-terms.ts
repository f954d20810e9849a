// `tag:x` and `comment:*word*`: which rows they find is known by the control plane, so that each becomes a list of ids before the
// query is compiled.
import { type NoteField, noteField } from '../../../../shared/domain/hunt.ts'
import type { Pattern, Query, QueryFault } from '../../../../shared/query/tree.ts'
import { never } from '../compile/patterns.ts'
import { param, type Sql, sql, text } from '../../../platform/sql.ts'
import type { NoteTest } from '../../annotations/index.ts'

export type Term = Extract<Query, { kind: 'term' }>

/** So many rows the notes of one query may find together: their ids travel with the query. */
export const notedRowsLimit = 20_000

export const noteTermsOf = (tree: Query): { term: Term; which: NoteField }[] => {
  if (tree.kind === 'term') {
    const which = noteField(tree.field.name)
    return which === null ? [] : [{ term: tree, which }]
  }
  if (tree.kind === 'not') return noteTermsOf(tree.of)
  return tree.kind === 'and' || tree.kind === 'or' ? tree.of.flatMap(noteTermsOf) : []
}

const likeOf = (pattern: Pattern): string =>
  pattern.map((p) => ('wild' in p ? (p.wild === '*' ? '%' : '_') : p.text.toLowerCase().replace(/[\\%_]/g, '\\$&'))).join('')

/** Null for a comparison, a range or a regular expression: what people write has no order. */
export const noteTestOf = ({ test }: Term): NoteTest | null => {
  if (test.kind === 'exists') return { kind: 'exists' }
  // PostgreSQL holds no NUL, and no note does
  return test.kind === 'is' ? { kind: 'like', pattern: likeOf(test.pattern).replaceAll('\0', '\u2400') } : null
}

export const misfitNote = ({ field, at }: Term): QueryFault => ({
  position: at.position,
  length: at.length,
  message: `${field.name} takes words with * and ?, and this is something else (character ${at.position + 1}).`,
  expected: [`${field.name}:word`, `${field.name}:*word*`, `${field.name}:*`],
})

export const tooManyNoted = ({ at }: Term, total: number): QueryFault => ({
  position: at.position,
  length: at.length,
  message: `The tags and comments that the query asks for, up to character ${at.position + 1}, are on ${total} rows; a query can ask for ${notedRowsLimit} such rows.`,
  expected: ['a rarer tag'],
})

/** `id IN` so many: as one text, for a list of them would be half as long again in the address of a request. */
export const idIn = (ids: readonly string[]): Sql => {
  if (ids.length === 0) return never
  const packed = text(Buffer.from(ids.join(''), 'hex').toString('base64'))
  const each = sql`arrayMap(i -> toFixedString(substring(packed, i * 16 + 1, 16), 16), range(${param('UInt32', ids.length)}))`
  return sql`id IN (SELECT arrayJoin(${each}) FROM (SELECT base64Decode(${packed}) AS packed))`
}
