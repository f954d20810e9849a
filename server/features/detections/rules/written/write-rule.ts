// Rules that people write here. One that does not run is kept all the same, and says why.
import type { changeRule as changeRoute, createRule as createRoute, RuleDetail } from '../../../../../shared/contract/detect/rules.ts'
import type { Parsed } from '../../../../../shared/contract/route.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { conflict, forbidden, invalid, notFound } from '../../../../platform/errors.ts'
import { recordAudit } from '../../../audit/index.ts'
import { readWithLists } from '../enabled/readings.ts'
import { settleCorrelations } from '../imports/store-reread.ts'
import { getRule } from '../list/list.ts'
import { detailRow, type DetailRow, setOverrides } from '../list/store-list.ts'
import { rulesOfFile, type StoredRule } from '../reading/stored-rule.ts'
import { addVersion, endRule, insertRule, lockRule } from './store-written.ts'
import { readWritten } from './validate.ts'

const by = (ctx: Ctx) => ({ id: ctx.actor.user_id, name: ctx.actor.username, at: ctx.now() })

/** As it is kept: without the lists of the tenant, which may change. @throws AppError validation */
const oneRule = async (ctx: Ctx, text: string): Promise<StoredRule> => {
  const { rules } = await readWritten(ctx, text)
  const [rule] = rules
  if (rule === undefined || rules.length > 1)
    throw invalid('text', `This text holds ${rules.length} documents. A rule is one; import several as a pack.`)
  if (!rule.needs_lists) return rule
  return rulesOfFile({ path: rule.path, text })[0] ?? rule
}

export const createRule = (ctx: Ctx, body: Parsed<typeof createRoute>['body']): Promise<RuleDetail> =>
  ctx.inTx(async (tx) => {
    const rule = await oneRule(tx, body.text)
    const derived_from = body.derived_from ?? null
    const lists = await readWithLists(tx.db)
    if (derived_from !== null && (await detailRow(tx.db, lists, derived_from)) === undefined) throw notFound('rule')
    const id = await insertRule(tx.db, { rule, derived_from, by: by(tx) })
    await settleCorrelations(tx.db)
    if (!body.is_on) await setOverrides(tx.db, lists, { filter: { ids: [id] }, is_on: false, by: tx.actor.username, at: tx.now() })
    const details = { title: rule.title, state: rule.state, is_on: body.is_on, derived_from }
    await recordAudit(tx, { action: 'rule.create', object_type: 'rule', object_id: id, details })
    return getRule(tx, id)
  })

const own = async (ctx: Ctx, id: string): Promise<DetailRow> => {
  await lockRule(ctx.db, id)
  const row = await detailRow(ctx.db, await readWithLists(ctx.db), id)
  if (row === undefined) throw notFound('rule')
  if (row.pack_kind !== 'written' || row.is_platform)
    throw forbidden(`This rule came with the pack "${row.pack_name}", whose updates would undo a change. Make a copy of it.`)
  return row
}

export const changeRule = (ctx: Ctx, id: string, body: Parsed<typeof changeRoute>['body']): Promise<RuleDetail> =>
  ctx.inTx(async (tx) => {
    const before = await own(tx, id)
    if (before.version !== body.version)
      throw conflict(`Somebody saved version ${before.version} of this rule meanwhile. Look at it, and make the change on it.`)
    const rule = await oneRule(tx, body.text)
    const isSame = rule.hash === before.hash
    if (!isSame) await addVersion(tx.db, id, { rule, by: by(tx) })
    await settleCorrelations(tx.db)
    const details = { title: rule.title, state: rule.state, version: before.version + (isSame ? 0 : 1) }
    await recordAudit(tx, { action: 'rule.change', object_type: 'rule', object_id: id, details })
    return getRule(tx, id)
  })

export const deleteRule = (ctx: Ctx, id: string): Promise<null> =>
  ctx.inTx(async (tx) => {
    const before = await own(tx, id)
    await endRule(tx.db, id, by(tx))
    await settleCorrelations(tx.db)
    const details = { title: before.title, version: before.version }
    await recordAudit(tx, { action: 'rule.delete', object_type: 'rule', object_id: id, details })
    return null
  })
