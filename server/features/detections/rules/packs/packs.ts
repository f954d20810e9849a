import type * as contract from '../../../../../shared/contract/detect/rule-packs.ts'
import type { RulePack } from '../../../../../shared/contract/detect/rule-packs.ts'
import type { RuleChoice } from '../../../../../shared/contract/detect/rule-shapes.ts'
import type { Parsed, Reply } from '../../../../../shared/contract/route.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { conflict, forbidden, notFound } from '../../../../platform/errors.ts'
import { iso } from '../../../../platform/iso-time.ts'
import { recordAudit } from '../../../audit/index.ts'
import { readWithLists } from '../enabled/readings.ts'
import { isNameTaken } from '../imports/store-imports.ts'
import { setChoice } from './store-choices.ts'
import { packRows, packVersions, type PackRow, removePack, renamePack } from './store-packs.ts'

const shown = (row: PackRow): RulePack => ({ ...row, imported_at: iso(row.imported_at), is_default_choice: !row.has_choice })

const found = async (ctx: Ctx, id: string): Promise<PackRow> => {
  const [row] = await packRows(ctx.db, await readWithLists(ctx.db), id)
  if (row === undefined) throw notFound('pack of rules')
  return row
}

const own = async (ctx: Ctx, id: string): Promise<PackRow> => {
  const row = await found(ctx, id)
  if (row.is_platform) throw forbidden('This pack belongs to the installation. What is run of it can be chosen here.')
  return row
}

export const listRulePacks = async (ctx: Ctx): Promise<Reply<typeof contract.listRulePacks>> => ({
  packs: (await packRows(ctx.db, await readWithLists(ctx.db), null)).map(shown),
})

export const getRulePack = async (ctx: Ctx, id: string): Promise<Reply<typeof contract.getRulePack>> => {
  const row = await found(ctx, id)
  const versions = await packVersions(ctx.db, id)
  return {
    ...shown(row),
    license_text: versions.find((one) => one.version === row.version)?.license_text ?? null,
    versions: versions.map((one) => ({ ...one, imported_at: iso(one.imported_at) })),
  }
}

export const changeRulePack = (ctx: Ctx, id: string, body: Parsed<typeof contract.changeRulePack>['body']): Promise<RulePack> =>
  ctx.inTx(async (tx) => {
    const before = await own(tx, id)
    const name = body.name ?? before.name
    if (name.toLowerCase() !== before.name.toLowerCase() && (await isNameTaken(tx.db, name)))
      throw conflict(`There is a pack named "${name}".`)
    await renamePack(tx.db, id, { name, description: body.description ?? before.description, at: tx.now() })
    await recordAudit(tx, { action: 'rule_pack.change', object_type: 'rule_pack', object_id: id, details: { name, before: before.name } })
    return shown(await found(tx, id))
  })

export const deleteRulePack = (ctx: Ctx, id: string): Promise<null> =>
  ctx.inTx(async (tx) => {
    const { name, kind, rules, version } = await own(tx, id)
    if (kind === 'written') throw conflict('Rules that were written here are deleted one by one.')
    await removePack(tx.db, id)
    await recordAudit(tx, { action: 'rule_pack.delete', object_type: 'rule_pack', object_id: id, details: { name, rules, version } })
    return null
  })

export const chooseRules = (ctx: Ctx, id: string, choice: RuleChoice): Promise<RulePack> =>
  ctx.inTx(async (tx) => {
    const before = await found(tx, id)
    await setChoice(tx.db, id, { choice, by: tx.actor.username, at: tx.now() })
    const after = await found(tx, id)
    const details = { name: before.name, choice, enabled: after.enabled, before: before.enabled }
    await recordAudit(tx, { action: 'rules.choose', object_type: 'rule_pack', object_id: id, details })
    return shown(after)
  })
