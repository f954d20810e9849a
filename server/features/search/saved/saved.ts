import {
  type changeSaved as changeRoute,
  type runSaved as runRoute,
  savedPerPerson,
  type SavedSearch,
  type SavedSummary,
} from '../../../../shared/contract/notes/saved.ts'
import type { Parsed, Reply } from '../../../../shared/contract/route.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { conflict, forbidden, notFound } from '../../../platform/errors.ts'
import { iso } from '../../../platform/iso-time.ts'
import { recordAudit } from '../../audit/index.ts'
import { bindState, checkParameters } from './bind-state.ts'
import { insertSaved, noteRun, removeSaved, savedById, type SavedFields, savedOf, type SavedRow, seenUntil, updateSaved } from './store.ts'

/** Searches are kept for people. @throws AppError forbidden for the product itself */
export const personOf = (ctx: Ctx): { id: string; name: string } => {
  if (ctx.actor.user_id === null) throw forbidden('Searches are kept for people.')
  return { id: ctx.actor.user_id, name: ctx.actor.username }
}

const mayEdit = (ctx: Ctx, row: SavedRow): boolean => row.owner_id === ctx.actor.user_id || (row.is_shared && ctx.can('hunt.manage'))

const summaryOf = (ctx: Ctx, row: SavedRow): SavedSummary => ({
  id: row.id,
  name: row.name,
  description: row.description,
  folder: row.folder,
  view: row.state.view,
  parameters: row.parameters,
  is_shared: row.is_shared,
  owner_id: row.owner_id,
  owner_name: row.owner_name,
  may_edit: mayEdit(ctx, row),
  created_at: iso(row.created_at),
  updated_at: iso(row.updated_at),
  last_run_at: iso(row.last_run_at),
})
const shown = (ctx: Ctx, row: SavedRow): SavedSearch => ({ ...summaryOf(ctx, row), state: row.state })

export const listSaved = async (ctx: Ctx): Promise<{ searches: SavedSummary[] }> => ({
  searches: (await savedOf(ctx.db, personOf(ctx).id)).map((row) => summaryOf(ctx, row)),
})

const found = async (ctx: Ctx, id: string, o: { lock?: boolean } = {}): Promise<SavedRow> => {
  const row = await savedById(ctx.db, id, personOf(ctx).id, o)
  if (row === undefined) throw notFound('saved search')
  return row
}

export const getSaved = async (ctx: Ctx, id: string): Promise<SavedSearch> => shown(ctx, await found(ctx, id))

const refuseSharing = (ctx: Ctx): void => {
  if (!ctx.can('hunt.write')) throw forbidden('Your role does not share searches with the tenant. Keep it for yourself.')
}

export const saveSearch = (ctx: Ctx, fields: SavedFields): Promise<SavedSearch> => {
  if (fields.is_shared) refuseSharing(ctx)
  checkParameters(fields.state, fields.parameters)
  return ctx.inTx(async (tx) => {
    const id = await insertSaved(tx.db, { fields, owner: personOf(tx), at: tx.now() }, savedPerPerson)
    if (id === null) throw conflict(`You have ${savedPerPerson} saved searches, which is all that one person can have. Delete some.`)
    const made = await found(tx, id)
    const details = { name: fields.name, is_shared: fields.is_shared }
    await recordAudit(tx, { action: 'search.save', object_type: 'saved_search', object_id: id, details })
    return shown(tx, made)
  })
}

export const changeSaved = (ctx: Ctx, id: string, changes: Parsed<typeof changeRoute>['body']): Promise<SavedSearch> =>
  ctx.inTx(async (tx) => {
    const before = await found(tx, id, { lock: true })
    if (!mayEdit(tx, before)) throw forbidden('A shared search is changed by its owner or by a lead. Save a copy of your own.')
    if (changes.is_shared !== undefined && changes.is_shared !== before.is_shared) {
      if (before.owner_id !== tx.actor.user_id && !changes.is_shared)
        throw forbidden('Only its owner takes a search back from the tenant. It can be deleted.')
      refuseSharing(tx)
    }
    const { name, description, folder, state, parameters, is_shared } = before
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
    const fields: SavedFields = { name, description, folder, state, parameters, is_shared, ...given }
    checkParameters(fields.state, fields.parameters)
    await updateSaved(tx.db, id, { fields, at: tx.now() })
    const after = await found(tx, id)
    const details = { name: fields.name, is_shared: fields.is_shared, changed: Object.keys(given) }
    await recordAudit(tx, { action: 'search.change', object_type: 'saved_search', object_id: id, details })
    return shown(tx, after)
  })

export const deleteSaved = (ctx: Ctx, id: string): Promise<null> =>
  ctx.inTx(async (tx) => {
    const before = await found(tx, id, { lock: true })
    if (!mayEdit(tx, before)) throw forbidden('A shared search is deleted by its owner or by a lead.')
    await removeSaved(tx.db, id)
    const details = { name: before.name, is_shared: before.is_shared, owner: before.owner_name }
    await recordAudit(tx, { action: 'search.delete', object_type: 'saved_search', object_id: id, details })
    return null
  })

/** What to run, and since when rows are new to who asks: from the moment up to which they could see what is stored. */
export const runSaved = (ctx: Ctx, id: string, values: Readonly<Record<string, string>>): Promise<Reply<typeof runRoute>> =>
  ctx.inTx(async (tx) => {
    const search = await found(tx, id)
    const state = bindState(search, values)
    const now = tx.now()
    const run = { run_at: now, seen_until: await seenUntil(tx.db, now) }
    const before = await noteRun(tx.db, { user_id: personOf(tx).id, search_id: id, run })
    return { state, previous: before === null ? null : { run_at: iso(before.run_at), seen_until: iso(before.seen_until) } }
  })
