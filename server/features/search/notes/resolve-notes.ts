import type { Query, QueryFault } from '../../../../shared/query/tree.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import type { Sql } from '../../../platform/sql.ts'
import { findNoted } from '../../annotations/index.ts'
import { idIn, misfitNote, notedRowsLimit, noteTermsOf, noteTestOf, type Term, tooManyNoted } from './note-terms.ts'

export interface ResolvedNotes {
  conditions: ReadonlyMap<Query, Sql>
  faults: readonly QueryFault[]
}

/** The condition of each `tag:` and `comment:` of the tree, or what is wrong with the first that has none. */
export const resolveNotes = async (ctx: Ctx, tree: Query): Promise<ResolvedNotes> => {
  const conditions = new Map<Term, Sql>()
  let room = notedRowsLimit
  for (const { term, which } of noteTermsOf(tree)) {
    const test = noteTestOf(term)
    if (test === null) return { conditions, faults: [misfitNote(term)] }
    const { ids, total } = await findNoted(ctx, which, test, room)
    if (total > room) return { conditions, faults: [tooManyNoted(term, notedRowsLimit - room + total)] }
    room -= total
    conditions.set(term, idIn(ids))
  }
  return { conditions, faults: [] }
}
