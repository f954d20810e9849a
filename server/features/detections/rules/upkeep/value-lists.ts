// Value lists, from which the placeholders of rules are filled. Rules that need them are read anew by whoever asks for rules next.
import type * as contract from '../../../../../shared/contract/detect/rule-upkeep.ts'
import type { ValueList } from '../../../../../shared/contract/detect/rule-upkeep.ts'
import type { Parsed, Reply } from '../../../../../shared/contract/route.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { notFound } from '../../../../platform/errors.ts'
import { iso } from '../../../../platform/iso-time.ts'
import { recordAudit } from '../../../audit/index.ts'
import { readWithLists } from '../enabled/readings.ts'
import { allLists, textsWithPlaceholders, type ValueListRow } from '../enabled/store-readings.ts'
import { placeholdersOfText } from '../reading/rule-texts.ts'
import { putList, removeList } from './store-value-lists.ts'

/** How many rules name a placeholder, by its name in lower case; the second is as it was written. */
const usesOf = async (ctx: Ctx): Promise<Map<string, { name: string; rules: number }>> => {
  const uses = new Map<string, { name: string; rules: number }>()
  for (const text of await textsWithPlaceholders(ctx.db))
    for (const name of placeholdersOfText(text)) {
      const known = uses.get(name.toLowerCase())
      uses.set(name.toLowerCase(), { name: known?.name ?? name, rules: (known?.rules ?? 0) + 1 })
    }
  return uses
}

const shown = (row: ValueListRow, uses: ReadonlyMap<string, { rules: number }>): ValueList => ({
  name: row.name,
  description: row.description,
  values: row.values,
  used_by: uses.get(row.name.toLowerCase())?.rules ?? 0,
  changed_by: row.changed_by_name,
  changed_at: iso(row.changed_at),
})

export const listValueLists = async (ctx: Ctx): Promise<Reply<typeof contract.listValueLists>> => {
  const [lists, uses] = [await allLists(ctx.db), await usesOf(ctx)]
  const has = new Set(lists.map((list) => list.name.toLowerCase()))
  return {
    lists: lists.map((row) => shown(row, uses)),
    missing: [...uses].flatMap(([key, use]) => (has.has(key) ? [] : [use])),
  }
}

export const setValueList = (ctx: Ctx, body: Parsed<typeof contract.setValueList>['body']): Promise<ValueList> =>
  ctx.inTx(async (tx) => {
    const { name } = body
    const values = [...new Set(body.values.map((value) => value.toWellFormed().replaceAll('\0', '\u2400')))]
    await putList(tx.db, { name, values, description: body.description, by: tx.actor.username, at: tx.now() })
    await readWithLists(tx.db)
    const details = { name, values: values.length }
    const row = (await allLists(tx.db)).find((list) => list.name === name)
    if (row === undefined) throw notFound('value list')
    const list = shown(row, await usesOf(tx))
    await recordAudit(tx, { action: 'value_list.set', object_type: 'value_list', object_id: name, details })
    return list
  })

export const deleteValueList = (ctx: Ctx, name: string): Promise<null> =>
  ctx.inTx(async (tx) => {
    if (!(await removeList(tx.db, name))) throw notFound('value list')
    await readWithLists(tx.db)
    await recordAudit(tx, { action: 'value_list.delete', object_type: 'value_list', object_id: name })
    return null
  })
