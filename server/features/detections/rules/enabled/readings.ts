import type { TenantDb } from '../../../../platform/ctx.ts'
import { readBy, rulesOfFile } from '../reading/stored-rule.ts'
import type { ValuesOf } from '../reading/rule-texts.ts'
import { allLists, listsMark, putReadings, unreadWithLists } from './store-readings.ts'

/** Names of lists are compared without case, as Sigma writes them: %Administrators%. */
export const valuesIn = (lists: readonly { name: string; values: readonly string[] }[]): ValuesOf => {
  const byName = new Map(lists.map((list) => [list.name.toLowerCase(), list.values]))
  return (placeholder) => byName.get(placeholder.toLowerCase()) ?? null
}

/** By which lists rules are read in this tenant now; rules that need lists are read with them when they have not been. */
export const readWithLists = async (db: TenantDb): Promise<string> => {
  const mark = await listsMark(db)
  const readings = `${readBy}:${mark}`
  const unread = await unreadWithLists(db, readings)
  if (unread.length === 0) return readings
  const valuesOf = valuesIn(await allLists(db))
  const read = unread.flatMap(({ rule_id, version, path, text, hash }) => {
    const rule = rulesOfFile({ path, text }, valuesOf).find((one) => one.hash === hash)
    return rule === undefined ? [] : [{ rule_id, version, read: rule }]
  })
  await putReadings(db, readings, read)
  return readings
}
