// Where names meet: a normalised field and what people write beside rows (`tag`, `comment`) cannot be shadowed, nor a column that the
// tenant's rows have when the alias is made. A column of that name that comes later stays reachable as `raw.` and the name, and the
// list of aliases says so. An alias stands for a field and never for an alias, so that none leads in a circle.
import { aliasesPerTenant, aliasName, type FieldAlias } from '../../../../shared/contract/notes/aliases.ts'
import { noteField } from '../../../../shared/domain/hunt.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { conflict, invalid, notFound } from '../../../platform/errors.ts'
import { iso } from '../../../platform/iso-time.ts'
import { recordAudit } from '../../audit/index.ts'
import { findTyped } from '../compile/fields.ts'
import { fieldNamed } from '../question.ts'
import { spellingsOf } from '../store.ts'
import { aliasMap, type AliasRow, aliasRows, dropAlias, lockAliases, putAlias } from './store.ts'

const shown = (row: AliasRow): FieldAlias => ({
  name: row.name,
  field: row.field,
  by: row.created_by_name,
  at: iso(row.created_at),
  hidden_in: row.hidden_in,
})

export const listAliases = async (ctx: Ctx): Promise<{ aliases: FieldAlias[] }> => ({ aliases: (await aliasRows(ctx.db)).map(shown) })

const refuseTaken = async (ctx: Ctx, name: string): Promise<void> => {
  if (!aliasName.test(name))
    throw invalid('name', 'an alias has two or more letters, digits or any of _ . @ $ # % - and begins with a letter, _, @ or $')
  if (name.startsWith('raw.')) throw invalid('name', 'names that begin with raw. are the artifacts’ own columns')
  if (findTyped(name) !== null) throw conflict(`${name} is a normalised field. An alias never stands in the place of one.`)
  if (noteField(name) !== null) throw conflict(`${name} finds what people wrote about rows. An alias never stands in its place.`)
  const own = (await spellingsOf(ctx.db, [name])).get(name)
  if (own === undefined) return
  const artifacts = [...new Set(own.flatMap((spelling) => spelling.artifacts))]
  throw conflict(
    `${artifacts.length} of the tenant's artifacts have a column ${own[0]?.name ?? name} (${artifacts.slice(0, 3).join(', ')}). Take another name.`,
  )
}

export const setAlias = async (ctx: Ctx, body: { name: string; field: string }): Promise<FieldAlias> => {
  const name = body.name.toLowerCase()
  const aliases = await aliasMap(ctx.db)
  if (!aliases.has(name)) await refuseTaken(ctx, name)
  if (aliases.has(body.field.toLowerCase())) throw invalid('field', `${body.field} is an alias itself: name the field that it stands for`)
  await fieldNamed(ctx, body.field, 'field')
  return ctx.inTx(async (tx) => {
    await lockAliases(tx.db)
    const before = await aliasMap(tx.db)
    if (!before.has(name) && before.size >= aliasesPerTenant) throw conflict(`A tenant has at most ${aliasesPerTenant} aliases.`)
    const by = { id: tx.actor.user_id, name: tx.actor.username }
    await putAlias(tx.db, { name, field: body.field, by, at: tx.now() })
    const made = (await aliasRows(tx.db)).find((row) => row.name === name)
    if (made === undefined) throw notFound('alias')
    await recordAudit(tx, {
      action: 'alias.set',
      object_type: 'alias',
      object_id: name,
      details: { field: body.field, before: before.get(name) ?? null },
    })
    return shown(made)
  })
}

export const removeAlias = (ctx: Ctx, given: string): Promise<null> =>
  ctx.inTx(async (tx) => {
    const name = given.toLowerCase()
    const field = await dropAlias(tx.db, name)
    if (field === null) throw notFound('alias')
    await recordAudit(tx, { action: 'alias.remove', object_type: 'alias', object_id: name, details: { field } })
    return null
  })
